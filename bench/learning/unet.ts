/** U-Net (Ronneberger et al. 2015, arXiv 1505.04597): the app's own, with ReLU and zero padding. */
import { unet } from '../../shared/learning/operators/unet'
import { convolution } from './formula'
import type { BenchModel } from './model'
import { operatorData, relativeL2 } from './operator-data'

interface UnetSize {
  readonly grid: number
  readonly base: number
  readonly levels: number
  readonly batch: number
}

export function pyramid({ grid, base, levels, batch }: UnetSize): BenchModel {
  const channels = Array.from({ length: levels }, (_, level) => base * 2 ** level)
  const pair = (name: string, inputs: number, outputs: number) => [...convolution(`${name}.conv1`, [3, 3], inputs, outputs), ...convolution(`${name}.conv2`, [3, 3], outputs, outputs)]
  const model = unet({ base, levels, border: 'zero', activation: 'relu' }, { inputs: 3, outputs: 1 })
  return {
    parameters: [
      ...channels.flatMap((width, level) => pair(`down${level}`, level === 0 ? 3 : channels[level - 1], width)),
      ...channels.slice(0, -1).map((width, level) => [...convolution(`up${level}.transposed`, [2, 2], channels[level + 1], width), ...pair(`up${level}`, 2 * width, width)]).reverse().flat(),
      ...convolution('output', [1, 1], base, 1),
    ],
    data: seed => operatorData(batch, grid, [[0, 4], [-4, 4]], seed), outputData: ['input'],
    output: (p, { input }) => model.apply(p, input), loss: (p, { input, target }) => relativeL2(model.apply(p, input), target),
  }
}
