/** Fourier neural operators in 1-D and 2-D (Li et al. 2021, arXiv 2010.08895): the app's own. */
import type { Libm } from '../../shared/expressions/libm'
import { fno, reverseModeAxes } from '../../shared/learning/operators/fno'
import { dense, spectral } from './formula'
import type { BenchModel } from './model'
import { operatorData, relativeL2 } from './operator-data'

interface FnoSize {
  readonly axes: 1 | 2
  readonly grid: number
  readonly width: number
  readonly modes: number
  readonly layers: number
  readonly projection: number
  readonly batch: number
}

export function fourierOperator({ axes, grid, width, modes, layers, projection, batch }: FnoSize, libm: Libm): BenchModel {
  const inputs = axes + 1
  const model = fno({ modes: Array<number>(axes).fill(modes), width, layers, projection, activation: 'gelu' }, { inputs, outputs: 1, libm })
  const kept = axes === 1 ? [modes] : [2 * modes, modes]
  return {
    parameters: [
      ...dense('lifting', inputs, width),
      ...Array.from({ length: layers }, (_, i) => [...spectral(`block${i}.spectral`, kept, width, width), ...dense(`block${i}.pointwise`, width, width)]).flat(),
      ...dense('projection1', width, projection), ...dense('projection2', projection, 1),
    ],
    // PyTorch's rows of modes run along y, ours along x.
    arranged: parameters => Object.fromEntries(Object.entries(parameters).map(([name, { values, shape }]) => [name, name.includes('spectral') ? reverseModeAxes(values, shape) : { values, shape }])),
    data: seed => operatorData(batch, grid, axes === 1 ? [[0, 8]] : [[0, 4], [-4, 4]], seed), outputData: ['input'],
    output: (p, { input }) => model.apply(p, input), loss: (p, { input, target }) => relativeL2(model.apply(p, input), target),
  }
}
