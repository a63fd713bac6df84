import { differentiate, simplify } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import { gridShape, gridSize, uniformAxis, type Field, type Grid } from '../../fields/field'
import { gaussQuadrature } from '../../fields/quadrature'
import type { AnalysedProblem } from '../../problems/analysed'
import { compile } from '../compile'
import type { Precision } from '../graph/graph'
import type { Network, Parameters } from '../networks/network'
import type { RandomStream } from '../random'
import type { LearningRuntime } from '../runtime'
import { domainVolume, interiorPoints, isBox, largestSobolDimension, membership, sampledDomain, type SampledDomain } from '../sampling'
import { derivativeSpace } from '../taylor'
import { concat } from '../tf'
import { baselinesOf, type Baselines } from './baselines'
import type { NetworkStatement } from './formulation'

/** Points per call: large enough for the products to be fast, small enough to be quick when there are few. */
const batch = 2048

/** A network's values and gradients at any points. */
export interface NetworkEvaluation {
  /** Row-major [points, outputs]. */
  values(parameters: Readonly<Record<string, ArrayLike<number>>>, points: Float64Array): Promise<Float64Array>
  /** Row-major [points, 1 + inputs, outputs]: the value, then the first derivatives by input. */
  jets(parameters: Readonly<Record<string, ArrayLike<number>>>, points: Float64Array): Promise<Float64Array>
}

/** In the precision of the training: what is shown is the network that was trained. */
export async function prepareEvaluation(network: Network, parameters: Parameters, precision: Precision, runtime: LearningRuntime, libm: Libm): Promise<NetworkEvaluation> {
  const { inputs, outputs } = network
  const shapes = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]))
  const program = (derivatives: boolean) => compile((_, given) => {
    const first = Array.from({ length: inputs }, (__, axis) => Array.from({ length: inputs }, (___, i) => (i === axis ? 1 : 0)))
    const space = derivativeSpace(inputs, derivatives ? first : [])
    const jet = network.propagate(given, space.seed(given['evaluated points']))
    return { outputs: { result: derivatives ? concat([jet.value, ...first.map(alpha => space.derivative(jet, alpha))], 1) : jet.value } }
  }, { precision, inputs: { ...shapes, 'evaluated points': [batch, inputs] }, libm })
  const prepared: Record<number, Awaited<ReturnType<LearningRuntime['prepare']>> | undefined> = {}
  const run = async (derivatives: boolean, given: Readonly<Record<string, ArrayLike<number>>>, points: Float64Array): Promise<Float64Array> => {
    const width = outputs * (derivatives ? 1 + inputs : 1)
    const count = points.length / inputs
    const all = new Float64Array(count * width)
    const execution = (prepared[Number(derivatives)] ??= await runtime.prepare(program(derivatives)))
    for (let from = 0; from < count; from += batch) {
      const own = Math.min(batch, count - from)
      const padded = new Float64Array(batch * inputs)
      padded.set(points.subarray(from * inputs, (from + own) * inputs))
      const { result } = await execution.run({ ...given, 'evaluated points': padded })
      all.set((result as Float64Array).subarray(0, own * width), from * width)
    }
    return all
  }
  return { values: (given, points) => run(false, given, points), jets: (given, points) => run(true, given, points) }
}

/** One field for each unknown on a grid of `resolution` nodes, at the output times; NaN outside the domain. Empty in more than three dimensions. */
export async function networkFields(problem: AnalysedProblem, formulation: NetworkStatement, resolution: readonly number[], times: Float64Array, evaluate: (points: Float64Array) => Promise<Float64Array>, libm: Libm): Promise<Field[]> {
  if (problem.cube) return []
  const grid: Grid = { axes: problem.axes.map((a, i) => uniformAxis(a.name, a.lower, a.upper, resolution[i], a.periodic)) }
  const size = gridSize(grid)
  const nodes = gridPoints(grid)
  const inside = membership(sampledDomain(problem), libm)
  const width = formulation.outputs.length
  const space = grid.axes.length
  const frames: Float64Array[] = []
  for (const time of problem.time ? times : [undefined]) {
    const points = time === undefined ? nodes : Float64Array.from({ length: size * (space + 1) }, (_, k) => (k % (space + 1) === space ? time : nodes[Math.floor(k / (space + 1)) * space + (k % (space + 1))]))
    frames.push(await evaluate(points))
  }
  return problem.unknowns.map(unknown => {
    const parts = unknown.components.filter(index => problem.system.components[index].part !== 't')
    const values = new Float64Array(frames.length * parts.length * size)
    frames.forEach((frame, t) => parts.forEach((index, c) => {
      const output = formulation.outputs.indexOf(index)
      for (let i = 0; i < size; i++) values[(t * parts.length + c) * size + i] = inside(nodes.subarray(i * space, (i + 1) * space)) ? frame[i * width + output] : NaN
    }))
    const components = parts.length > 1 ? parts.map(index => problem.system.components[index].part!) : undefined
    return { name: unknown.name, grid, values, ...(components ? { components } : {}), ...(problem.time ? { times } : {}) }
  })
}

/** Coordinates of all nodes, [nodes, axes], x fastest. */
function gridPoints(grid: Grid): Float64Array {
  const shape = gridShape(grid)
  const points = new Float64Array(gridSize(grid) * shape.length)
  for (let i = 0; i < points.length / shape.length; i++) {
    let rest = i
    shape.forEach((n, axis) => {
      points[i * shape.length + axis] = grid.axes[axis].coordinates[rest % n]
      rest = Math.floor(rest / n)
    })
  }
  return points
}

/** Points and weights of ∫_Ω, in space. */
interface Quadrature { readonly points: Float64Array; readonly weights: Float64Array }

/** Cells of the Gauss rule along each axis, and points of the sampled rule elsewhere. */
const cells: Readonly<Record<number, number>> = { 1: 200, 2: 28, 3: 9 }
const samples = 20_000

/** Three Gauss points in every cell of a box; weighted samples in other domains and more dimensions. */
function quadratureOf(domain: SampledDomain, stream: RandomStream, libm: Libm): Quadrature {
  const dimension = domain.coordinates.length
  if (!isBox(domain) || dimension > 3) {
    const sequence = dimension <= largestSobolDimension ? 'sobol' : 'uniform'
    const { points } = interiorPoints(domain, samples, { sequence, stream, libm })
    return { points, weights: new Float64Array(samples).fill(domainVolume(domain, libm) / samples) }
  }
  const rules = domain.coordinates.map((_, i) => gaussQuadrature(uniformAxis('x', domain.lower[i], domain.upper[i], cells[dimension] + 1, false), 3))
  const count = rules.reduce((n, r) => n * r.points.length, 1)
  const points = new Float64Array(count * dimension)
  const weights = new Float64Array(count).fill(1)
  for (let k = 0; k < count; k++) {
    let rest = k
    rules.forEach((rule, axis) => {
      const i = rest % rule.points.length
      rest = Math.floor(rest / rule.points.length)
      points[k * dimension + axis] = rule.points[i]
      weights[k] *= rule.weights[i]
    })
  }
  return { points, weights }
}

/** Values of a closed expression at many points, by coordinate name. */
export type ExpressionValues = (expression: Expression, columns: Readonly<Record<string, Float64Array>>, time: number) => Float64Array

/** A measuring of the distance to the exact solution, prepared once and asked often. */
export interface ErrorMeasure {
  /** `relative_l2` at the last time (and `relative_l2_<component>` with several); cheap. */
  now(evaluation: NetworkEvaluation, parameters: Readonly<Record<string, ArrayLike<number>>>): Promise<Readonly<Record<string, number>>>
  /** The same with `relative_h1`, `max_error` and `relative_l2_spacetime`. */
  all(evaluation: NetworkEvaluation, parameters: Readonly<Record<string, ArrayLike<number>>>): Promise<Readonly<Record<string, number>>>
  /** What the best constant and the best linear function are off by at the last time; absent where nothing tells. */
  readonly baselines?: Baselines
}

/** Times at which errors over space and time are taken: a Gauss rule of so many cells. */
const timeCells = 10

/**
 * Errors of a network against the statement's exact solution, as integrals over the domain: the network is evaluated at the quadrature points themselves.
 * A solution that is unique up to a constant is compared after its mean difference is taken out.
 */
export function errorMeasure(problem: AnalysedProblem, formulation: NetworkStatement, values: ExpressionValues, stream: RandomStream, libm: Libm): ErrorMeasure | undefined {
  const { exact } = problem
  if (!exact) return undefined
  const domain = sampledDomain(problem)
  const { coordinates: space } = domain
  const { points, weights } = quadratureOf(domain, stream, libm)
  const count = weights.length
  const columns = Object.fromEntries(space.map((name, axis) => [name, Float64Array.from({ length: count }, (_, k) => points[k * space.length + axis])]))
  const known = formulation.outputs.map(index => exact[index])
  const names = formulation.outputs.map(index => problem.system.components[index].name)
  const open = problem.traits.includes('unique up to a constant')
  const at = (time: number | undefined): Float64Array => {
    if (time === undefined) return points
    const width = space.length + 1
    return Float64Array.from({ length: count * width }, (_, k) => (k % width === space.length ? time : points[Math.floor(k / width) * space.length + (k % width)]))
  }
  const last = problem.time?.[1]
  const sums = (network: Float64Array, stride: number, offset: number, reference: Float64Array, centred: boolean) => {
    let [mean, volume] = [0, 0]
    if (centred) {
      for (let k = 0; k < count; k++) {
        mean += weights[k] * (network[k * stride + offset] - reference[k])
        volume += weights[k]
      }
      mean /= volume
    }
    let [error, size, largest] = [0, 0, 0]
    for (let k = 0; k < count; k++) {
      const difference = network[k * stride + offset] - reference[k] - mean
      error += weights[k] * difference * difference
      size += weights[k] * reference[k] * reference[k]
      largest = Math.max(largest, Math.abs(difference))
    }
    return { error, size, largest }
  }
  const ratio = (parts: readonly { readonly error: number; readonly size: number }[]): number => Math.sqrt(parts.reduce((s, p) => s + p.error, 0) / parts.reduce((s, p) => s + p.size, 0))
  const byComponent = (parts: readonly { readonly error: number; readonly size: number }[]) => (parts.length > 1 ? Object.fromEntries(parts.map((p, i) => [`relative_l2_${names[i]}`, ratio([p])])) : {})
  const finalValues = known.map(e => values(e, columns, last ?? 0))
  const baselines = baselinesOf(points, weights, finalValues)
  return {
    ...(baselines ? { baselines } : {}),
    now: async (evaluation, parameters) => {
      const found = await evaluation.values(parameters, at(last))
      const parts = finalValues.map((reference, i) => sums(found, names.length, i, reference, open))
      return { relative_l2: ratio(parts), ...byComponent(parts) }
    },
    all: async (evaluation, parameters) => {
      const jets = await evaluation.jets(parameters, at(last))
      const stride = names.length * (1 + formulation.coordinates.length)
      const parts = finalValues.map((reference, i) => sums(jets, stride, i, reference, open))
      const slopes = known.flatMap((e, i) => space.map((name, axis) => sums(jets, stride, (1 + axis) * names.length + i, values(simplify(differentiate(e, name)), columns, last ?? 0), false)))
      const metrics: Record<string, number> = { relative_l2: ratio(parts), relative_h1: ratio(slopes), max_error: Math.max(...parts.map(p => p.largest)), ...byComponent(parts) }
      if (problem.time) {
        const rule = gaussQuadrature(uniformAxis('x', problem.time[0], problem.time[1], timeCells + 1, false), 3)
        let [error, size] = [0, 0]
        for (let t = 0; t < rule.points.length; t++) {
          const found = await evaluation.values(parameters, at(rule.points[t]))
          known.forEach((e, i) => {
            const part = sums(found, names.length, i, values(e, columns, rule.points[t]), open)
            error += rule.weights[t] * part.error
            size += rule.weights[t] * part.size
          })
        }
        metrics.relative_l2_spacetime = Math.sqrt(error / size)
      }
      return metrics
    },
  }
}
