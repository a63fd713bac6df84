import type { Libm } from '../expressions/libm'
import { boxEmbedding, createNetwork, periodicEmbedding, withEmbedding, type Network, type Parameters } from '../learning/networks'
import { networkModel } from '../learning/onnx/network-model'
import type { NetworkStatement, PointCounts } from '../learning/formulations/formulation'
import { sampledDomain } from '../learning/sampling'
import type { AnalysedProblem } from '../problems/analysed'
import type { StepModel } from './step-kind'
import type { TrainOptions } from './train-options'

/** With more inputs ridges drawn from U(−1, 1) in every direction are too steep: in ten dimensions Glorot's reach 1.1e-2 in 40 steps where these stand at 8e-2. */
const mostSpread = 7

/** Coordinates come to the network as numbers of [−1, 1], periodic ones as cosine and sine. */
export async function networkOf(problem: AnalysedProblem, { outputs }: NetworkStatement, options: TrainOptions): Promise<Network> {
  const { lower, upper, periodic } = sampledDomain(problem)
  const box = boxEmbedding([...lower, ...(problem.time ? [problem.time[0]] : [])], [...upper, ...(problem.time ? [problem.time[1]] : [])])
  const waves = periodic.some(p => p) ? periodicEmbedding([...periodic.map(p => (p ? { period: 2 } : undefined)), ...(problem.time ? [undefined] : [])]) : undefined
  const { initialisation, ...own } = withoutKind(options.network)
  const start = initialisation === 'auto' ? (options.optimizer.kind === 'gauss-newton' && box.outputs <= mostSpread ? 'spread' : 'glorot-uniform') : initialisation
  const inner = await createNetwork(options.network.kind, start === undefined ? own : { ...own, initialisation: start }, { inputs: waves?.outputs ?? box.outputs, outputs: outputs.length })
  return withEmbedding(box, waves ? withEmbedding(waves, inner) : inner)
}

/** The network for other programs: physical coordinates in, one output for every declared unknown. */
export function modelOf(problem: AnalysedProblem, { coordinates, outputs }: NetworkStatement, network: Network, parameters: Parameters, precision: TrainOptions['precision'], libm: Libm): StepModel {
  const unknowns = problem.unknowns.map(({ name, components }) => {
    const own = components.filter(index => outputs.includes(index))
    return { name, outputs: own.map(index => outputs.indexOf(index)), ...(own.length > 1 ? { components: own.map(index => problem.system.components[index].part!) } : {}) }
  })
  return { bytes: networkModel(network, parameters, { precision, coordinates, unknowns, libm }) }
}

/** The own options of a network or an optimizer. */
export function withoutKind({ kind: _, ...own }: { readonly kind: string }): Readonly<Record<string, unknown>> {
  return own
}

/** So many points that a network of the default size is determined by them. */
export function pointCounts(problem: AnalysedProblem, { points, optimizer }: TrainOptions): PointCounts {
  const dimension = sampledDomain(problem).coordinates.length + (problem.time ? 1 : 0)
  // New ones come at every step; the more dimensions, the more of a cube is its boundary.
  if (optimizer.kind === 'spring' && dimension > 2) return { interior: points.interior ?? 400, boundary: points.boundary ?? 400, initial: points.initial ?? 200 }
  return { interior: points.interior ?? (dimension === 1 ? 128 : dimension === 2 ? 900 : 2048), boundary: points.boundary ?? (dimension === 1 ? 2 : dimension === 2 ? 120 : 512), initial: points.initial ?? (dimension === 2 ? 120 : 512) }
}
