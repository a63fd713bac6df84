import { FaultError } from '../fault'
import { analyse } from '../problems/analyse'
import type { StepContext } from './step-kind'

/** Dimensions in which networks are trained: enough to see how their size grows. */
const measuredDimensions: readonly number[] = [1, 2, 3, 5, 10]
/** Widths of the networks that are tried, one after the other. */
const widths = [4, 8, 16, 32, 64, 128]

export interface NetworkCount {
  /** Parameters of the smallest network that reached the error; undefined when none did. */
  readonly unknowns?: number
  /** The least error that any reached. */
  readonly error: number
}

/**
 * The parameters that a network of one hidden layer of tanh needs for −Δu = π² u on the unit cube, u = Σ cos πxᵢ given on its boundary, to the relative L² error `target`: widths are doubled until one of them
 * reaches it within `steps` steps, of Gauss–Newton on fixed points up to three dimensions and of SPRING on new ones beyond. Undefined for dimensions that are not tried (all but 1, 2, 3, 5 and 10).
 */
export async function networkCount(context: StepContext, dimension: number, target: number, steps: number): Promise<NetworkCount | undefined> {
  if (!measuredDimensions.includes(dimension)) return undefined
  const coordinates = dimension > 3 ? Array.from({ length: dimension }, (_, i) => `x${i + 1}`) : ['x', 'y', 'z'].slice(0, dimension)
  const { problem, faults } = analyse({
    domain: { shape: 'box', ...(dimension > 3 ? { dimension, bounds: [[0, 1]] } : { bounds: coordinates.map(() => [0, 1]) }) },
    unknowns: ['u'], definitions: { ue: coordinates.map(name => `cos(pi*${name})`).join(' + ') }, equations: ['-lap(u) = pi^2*ue'], boundary: [{ on: 'all', condition: 'u = ue' }], exact: { u: 'ue' },
  } as never, context.libm)
  if (!problem) throw new FaultError(faults)
  const { trainRunner } = await import('./train-runner')
  const silent = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, keepsWhenStopped: undefined, resumed: undefined }
  const random = dimension > 3
  let error = Infinity
  for (const width of widths) {
    const parameters = width * (dimension + 2) + 1
    const interior = random ? 300 : Math.max(64, 2 * parameters)
    const step = {
      id: `${context.step.id}-${dimension}-${width}`, kind: 'train', network: { kind: 'mlp', width, depth: 1, activation: 'tanh' }, optimizer: { kind: random ? 'spring' : 'gauss-newton' }, budget: { steps }, diagnostics: [],
      points: { interior, boundary: dimension === 1 ? 2 : random ? interior : Math.ceil(interior / 4) }, ...(random ? {} : { resolution: problem.axes.map(() => 3) }),
    }
    const { arrays, metrics } = await trainRunner.run({ ...context, problem, step, run: { ...context.run, ...silent } })
    const reached = Math.min(metrics.relative_l2, ...arrays.find(a => a.name === 'relative_l2_curve')!.values)
    error = Math.min(error, reached)
    context.run.throwIfCancelled()
    if (reached <= target) return { unknowns: parameters, error }
  }
  return { error }
}
