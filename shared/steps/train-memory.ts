import { error, type Fault } from '../fault'
import { leastSquaresFault, smallerProduct, solverFor, type LinearSolver } from '../learning/training/least-squares-memory'
import type { AnalysedProblem } from '../problems/analysed'
import type { TrainOptions } from './train-options'

/** Bytes of an inverse Hessian or of remembered steps. */
const mostBytes = 2 ** 30

/**
 * What cannot be held whatever the rest of the step: the matrices of second-order optimizers, from the fewest parameters and residuals that the options can mean. Nothing is compiled to find out; a training
 * asks again with the exact numbers.
 */
export function memoryFaults(options: TrainOptions, problem: AnalysedProblem): Fault[] {
  const { optimizer, network } = options
  const parameters = fewestParameters(network as never, problem)
  if (optimizer.kind === 'ssbroyden' && 4 * parameters * (parameters + 1) > mostBytes) {
    return [error('optimizer-memory', `The inverse Hessian of ${parameters} parameters takes ${Math.ceil((4 * parameters * (parameters + 1)) / 2 ** 20)} MiB; ${mostBytes / 2 ** 20} MiB can be held.`, { where: { path: 'optimizer' }, tip: 'Take a smaller network or L-BFGS.' })]
  }
  const history = Number((optimizer as { readonly history?: number }).history ?? 0)
  if (optimizer.kind === 'lbfgs' && 16 * history * parameters > mostBytes) {
    return [error('optimizer-memory', `${history} remembered steps of ${parameters} parameters take ${Math.ceil((16 * history * parameters) / 2 ** 20)} MiB; ${mostBytes / 2 ** 20} MiB can be held.`, { where: { path: 'optimizer.history' }, tip: 'Remember fewer steps, or take a smaller network.' })]
  }
  if (optimizer.kind !== 'gauss-newton' && optimizer.kind !== 'spring') return []
  const rows = options.formulation === 'strong' ? (options.points.interior ?? 128) + (options.points.boundary ?? 0) : 1
  const wanted = (optimizer as { readonly solver?: LinearSolver | 'auto' }).solver
  const fault = leastSquaresFault(rows, parameters, optimizer.kind === 'spring' ? smallerProduct(rows, parameters) : wanted === undefined || wanted === 'auto' ? solverFor(rows, parameters) : wanted)
  return fault ? [fault] : []
}

/** Exact for plain networks; of the others the matrices between layers of one width, which all of them have. */
function fewestParameters({ kind, width = 0, depth = 0 }: { readonly kind: string; readonly width?: number; readonly depth?: number }, problem: AnalysedProblem): number {
  const inner = width * width * Math.max(0, depth - 1)
  if (kind !== 'mlp') return inner
  const axes = problem.cube ? problem.cube.dimension : problem.axes.reduce((n, a) => n + (a.periodic ? 2 : 1), 0)
  const outputs = problem.system.components.filter(c => c.part !== 't').length
  return inner + width * (axes + (problem.time ? 1 : 0) + depth) + outputs * (width + 1)
}
