import type { Network } from '../networks/network'
import { atTime, boundaryParts, boundaryPoints, interiorPoints, membership, sampledDomain } from '../sampling'
import { derivativeSpace, downwardClosure, laplacianSpace, valueSpace, type Jet } from '../taylor'
import { broadcastTo, mul, reshape, slice, sqrt, type Tensor, type Tensors } from '../tf'
import type { Shape } from '../graph/graph'
import { emphasisInput, type LossPart, type TrainingForm } from '../training/form'
import type { FormulationFamily, FormulationRequest } from './formulation'
import { activePieces, strongFormulation, type PointValues, type ResidualTerm } from './strong'

const sets = { equation: 'interior', boundary: 'boundary', initial: 'initial' } as const
const kinds = Object.keys(sets) as ResidualTerm['kind'][]

/** The strong form at points: for each residual the mean of its squares over the term's points. */
export function collocation({ problem, points: counts, sequence, emphasis = false, held, libm }: FormulationRequest): TrainingForm {
  const { coordinates, terms } = strongFormulation(problem, held)
  const domain = sampledDomain(problem)
  const dimension = coordinates.length
  const space = domain.coordinates.length
  const used = (kind: ResidualTerm['kind']): boolean => terms.some(t => t.kind === kind) && counts[sets[kind]] > 0
  const pieces = problem.pieces.length
  const inputs: Record<string, Shape> = {
    ...(used('equation') ? { interior: [counts.interior, dimension], ...(emphasis ? { [emphasisInput]: [counts.interior, 1] } : {}) } : {}),
    ...(used('boundary') ? { boundary: [counts.boundary, dimension], normals: [counts.boundary, space], shares: [pieces, counts.boundary] } : {}),
    ...(used('initial') ? { initial: [counts.initial, dimension] } : {}),
  }
  const options = { sequence, libm, ...(problem.time ? { time: problem.time } : {}) }
  const parts = kinds.flatMap(kind => terms.filter(t => t.kind === kind && sets[kind] in inputs))
  return {
    parts: parts.map(({ name, kind }) => ({ name, kind })),
    inputs,
    ...(used('equation') ? { equationPoints: {
      input: 'interior', count: counts.interior, timed: problem.time !== undefined, lower: [...domain.lower, ...(problem.time ? [problem.time[0]] : [])], upper: [...domain.upper, ...(problem.time ? [problem.time[1]] : [])],
      periodic: [...domain.periodic, ...(problem.time ? [false] : [])], sample: (count, stream) => interiorPoints(domain, count, { ...options, stream }).points, contains: membership(domain, libm),
    } } : {}),
    draw: stream => {
      const drawn: Record<string, Float64Array> = {}
      if (inputs.interior) drawn.interior = interiorPoints(domain, counts.interior, { ...options, stream: stream.child('interior') }).points
      if (emphasisInput in inputs) drawn[emphasisInput] = new Float64Array(counts.interior).fill(1)
      if (inputs.boundary) {
        const set = boundaryPoints(domain, counts.boundary, { ...options, stream: stream.child('boundary'), ...(held ? { parts: boundaryParts(domain, libm).filter(p => !held.parts.has(p)) } : {}) })
        Object.assign(drawn, { boundary: set.points, normals: set.normals, shares: sharesOf(activePieces(problem, set, libm), pieces, set.count) })
      }
      if (inputs.initial) drawn.initial = atTime(interiorPoints(domain, counts.initial, { sequence, libm, stream: stream.child('initial') }), problem.time![0]).points
      return drawn
    },
    evaluate: (network, parameters, given) => kinds.flatMap(kind => {
      const own = parts.filter(t => t.kind === kind)
      if (own.length === 0) return []
      const x = given[sets[kind]]
      const at = valuesAt(network, parameters, x, own, coordinates, kind === 'boundary' ? given.normals : undefined)
      const count = counts[sets[kind]]
      return own.map((term): LossPart => {
        const residual = term.residual(at)
        const full = residual.shape.length === 2 && residual.shape[0] === count ? residual : broadcastTo(residual, [count, 1])
        const emphasised = kind === 'equation' && emphasis ? mul(full, sqrt(given[emphasisInput])) : full
        const share = term.piece === undefined ? undefined : sqrt(reshape(slice(given.shares, [term.piece, 0], [1, count]), [count, 1]))
        return { kind: 'squares', columns: [share ? mul(full, share) : mul(emphasised, Math.sqrt(1 / count))] }
      })
    }),
  }
}

export const strongForm: FormulationFamily = { create: (_, request) => collocation(request) }

/** Each condition's mean is over the points where it is in force: 1/their number there, 0 elsewhere. */
function sharesOf(active: Float64Array, pieces: number, count: number): Float64Array {
  const shares = new Float64Array(active.length)
  for (let p = 0; p < pieces; p++) {
    const own = active.subarray(p * count, (p + 1) * count)
    const held = own.reduce((sum, a) => sum + a, 0)
    own.forEach((a, k) => { shares[p * count + k] = a / Math.max(1, held) })
  }
  return shares
}

/** Channels that sums of second derivatives have to spare: three dimensions and more. With one spared, Poisson's in the plane, nothing was gained. */
const worthwhile = 2

/** Weights of the sums of second derivatives, each once, where carrying them in place of the derivatives themselves pays. */
function contractedRows(terms: readonly Pick<ResidualTerm, 'derivatives' | 'contracted'>[], dimension: number): readonly (readonly number[])[] | undefined {
  const rows = terms.flatMap(t => t.contracted?.rows ?? [])
  if (rows.length === 0 || terms.some(t => !t.contracted && t.derivatives.some(orders => orders.reduce((sum, n) => sum + n, 0) > 1))) return undefined
  const distinct = [...new Map(rows.map(row => [row.join(), row])).values()]
  const general = downwardClosure(terms.flatMap(t => t.derivatives)).length
  return general - (dimension + distinct.length) >= worthwhile ? distinct : undefined
}

/** The network with the derivatives that the terms need, at the points x [points, dimension]. */
export function valuesAt(network: Network, parameters: Tensors, x: Tensor, terms: readonly Pick<ResidualTerm, 'derivatives' | 'contracted'>[], coordinates: readonly string[], normals?: Tensor): PointValues {
  const count = (x.shape as readonly number[])[0]
  const wanted = terms.flatMap(t => t.derivatives).filter(orders => orders.some(n => n > 0))
  const rows = contractedRows(terms, coordinates.length)
  const contracting = rows && laplacianSpace(coordinates.length, { weights: rows })
  const space = contracting ?? (wanted.length === 0 ? valueSpace(coordinates.length) : derivativeSpace(coordinates.length, wanted))
  const jet: Jet = network.propagate(parameters, space.seed(x))
  const column = (from: Tensor, index: number): Tensor => ((from.shape as readonly number[])[1] === 1 ? from : slice(from, [0, index], [count, 1]))
  const known = new Map<string, Tensor>()
  const once = (key: string, make: () => Tensor): Tensor => {
    let value = known.get(key)
    if (!value) known.set(key, (value = make()))
    return value
  }
  return {
    coordinate: name => once(name, () => column(x, coordinates.indexOf(name))),
    derivative: (output, orders) => once(`${output}:${orders.join()}`, () => column(space.derivative(jet, orders), output)),
    normal: axis => once(`n${axis}`, () => column(normals!, axis)),
    ...(contracting ? { contraction: (output: number, weights: readonly number[]) => once(`Δ${output}:${weights.join()}`, () => column(contracting.laplacian(jet, rows.findIndex(row => row.join() === weights.join())), output)) } : {}),
  }
}
