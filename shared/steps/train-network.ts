import { FaultError } from '../fault'
import type { Libm } from '../expressions/libm'
import { boxEmbedding, createNetwork, periodicEmbedding, withEmbedding, type Network, type Parameters } from '../learning/networks'
import { networkModel } from '../learning/onnx/network-model'
import type { NetworkStatement, PointCounts } from '../learning/formulations/formulation'
import { holdConditions, type HeldConditions } from '../learning/formulations/held-conditions'
import { formulationLines } from '../learning/formulations/registry'
import { halfWaves } from '../learning/formulations/half-waves'
import { sampledDomain } from '../learning/sampling'
import type { AnalysedProblem } from '../problems/analysed'
import type { StepModel } from './step-kind'
import type { TrainOptions } from './train-options'

/** With more inputs ridges drawn from U(−1, 1) in every direction are too steep: in ten dimensions Glorot's reach 1.1e-2 in 40 steps where these stand at 8e-2. */
const mostSpread = 7

/** Coordinates come to the network as numbers of [−1, 1], periodic ones as cosine and sine. */
export async function networkOf(problem: AnalysedProblem, { outputs }: NetworkStatement, options: TrainOptions, libm: Libm): Promise<Network> {
  const { lower, upper, periodic } = sampledDomain(problem)
  const box = boxEmbedding([...lower, ...(problem.time ? [problem.time[0]] : [])], [...upper, ...(problem.time ? [problem.time[1]] : [])])
  const waves = periodic.some(p => p) ? periodicEmbedding([...periodic.map(p => (p ? { period: 2 } : undefined)), ...(problem.time ? [undefined] : [])]) : undefined
  const { initialisation, ...own } = withoutKind(options.network)
  const start = initialisation === 'auto' ? (options.optimizer.kind === 'gauss-newton' && box.outputs <= mostSpread ? 'spread' : 'glorot-uniform') : initialisation
  const expected = start === 'spread' ? halfWaves(problem, libm) : undefined
  const inner = await createNetwork(options.network.kind, start === undefined ? own : { ...own, initialisation: start }, {
    inputs: waves?.outputs ?? box.outputs, outputs: outputs.length, ...(expected ? { halfWaves: embeddedWaves(expected, periodic) } : {}),
  })
  return withEmbedding(box, waves ? withEmbedding(waves, inner) : inner)
}

/** The conditions that the network of a step holds by its form. Throws FaultErrors `conditions-…` where `hard` cannot be had. */
export function heldBy({ conditions, formulation }: TrainOptions, problem: AnalysedProblem, libm: Libm, tell: (message: string) => void): HeldConditions | undefined {
  if (conditions === 'soft' || (conditions === 'auto' && !formulationLines.find(l => l.descriptor.id === formulation)?.holdsConditions)) return undefined
  const { held, faults } = holdConditions(problem, libm)
  if (conditions === 'hard' && faults.length > 0) throw new FaultError(faults)
  for (const { message } of faults) tell(`${message} They are a term of the loss.`)
  return held
}

/** The network for other programs: physical coordinates in, one output for every declared unknown. */
export function modelOf(problem: AnalysedProblem, { coordinates, outputs }: NetworkStatement, network: Network, parameters: Parameters, precision: TrainOptions['precision'], libm: Libm): StepModel {
  const unknowns = problem.unknowns.map(({ name, components }) => {
    const own = components.filter(index => outputs.includes(index))
    return { name, outputs: own.map(index => outputs.indexOf(index)), ...(own.length > 1 ? { components: own.map(index => problem.system.components[index].part!) } : {}) }
  })
  return { bytes: networkModel(network, parameters, { precision, coordinates, unknowns, libm }) }
}

/** Cosines come first, then sines, then what is not periodic. A period is two half-waves, one for its cosine and one for its sine. */
function embeddedWaves(waves: readonly number[], periodic: readonly boolean[]): readonly number[] {
  const around = waves.flatMap((n, axis) => (periodic[axis] ? [Math.max(1, n / 2)] : []))
  return [...around, ...around, ...waves.filter((_, axis) => !periodic[axis])]
}

/** Half-waves along one coordinate from which on sines follow them with far fewer neurons than other activations. */
const many = 4

/** What should be known before a network is trained on a statement with fine detail; undefined where it has none. */
export function detailWarning(problem: AnalysedProblem, { network }: TrainOptions, libm: Libm): string | undefined {
  const waves = halfWaves(problem, libm)
  const { width, depth, activation } = network as { readonly width?: number; readonly depth?: number; readonly activation?: string }
  if (width === undefined || depth === undefined) return undefined
  const shown = waves.map(n => Math.round(n)).join(' × ')
  if (waves.reduce((product, n) => product * n, 1) > width * depth) return `The statement shows about ${shown} half-waves, more than ${width * depth} neurons can follow: take more of them, or a classical method.`
  if (activation !== undefined && activation !== 'sin' && Math.max(...waves) >= many) return `The statement shows about ${shown} half-waves: the activation "sin" follows them with fewer neurons than "${activation}".`
  return undefined
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
