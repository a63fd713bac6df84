import { drawByResidual } from '../sampling'
import type { RandomStream } from '../random'
import { add, mul, reshape, slice, square, sum, type Tensor, type Tensors } from '../tf'
import { valueAndGradients } from '../gradients'
import type { Libm } from '../../expressions/libm'
import { measurement, type MeasuredTask } from './current'
import type { NetworkArrays, StepInputs } from './feed'
import { emphasisInput, weightsInput, type EquationPoints, type LossPart } from './form'

export type AdaptivePoints =
  | { readonly kind: 'residual'; readonly every: number; readonly candidates: number; readonly exponent: number; readonly constant: number }
  | { readonly kind: 'adversarial'; readonly every: number; readonly ascents: number; readonly rate: number; readonly constant: number }

/** The residuals of a form's equations at its own or other points, with the network as it is. */
export interface ResidualProbe {
  /** Σ_k r_k² at each of the points [n, dimension], n any number; with `weighted`, Σ_k λ_k r_k² with the factors of `inputs`. */
  squares(parameters: NetworkArrays, inputs: StepInputs, points: Float64Array, weighted: boolean): Promise<Float64Array>
  /** ∂/∂x of Σ_k λ_k r_k² at each of the `count` points of the form. */
  slopes(parameters: NetworkArrays, inputs: StepInputs, points: Float64Array): Promise<Float64Array>
}

export function residualProbe(task: MeasuredTask, at: EquationPoints): ResidualProbe {
  const { form, network } = task
  const dimension = at.lower.length
  const equations = form.parts.flatMap(({ kind }, k) => (kind === 'equation' ? [k] : []))
  const squares = (given: Tensors, factor: (k: number) => Tensor | undefined): Tensor => {
    const parts = form.evaluate(network, given, given)
    return equations.map(k => {
      const own = reshape(square(columnOf(parts[k])), [at.count])
      const weight = factor(k)
      return weight ? mul(own, weight) : own
    }).reduce((a, b) => add(a, b))
  }
  const plain = measurement(task, given => ({ squares: mul(squares(given, () => undefined), at.count) }))
  const weighted = measurement(task, given => ({ squares: mul(squares(given, k => factorOf(given, k)), at.count) }))
  const slopes = measurement(task, given => {
    const { gradients } = valueAndGradients(({ points }) => {
      const moved = { ...given, [at.input]: points }
      return { value: mul(sum(squares(moved, k => factorOf(given, k))), at.count) }
    }, { points: given[at.input] }, { unused: 'zero' })
    return { slopes: gradients.points }
  })
  const even = (inputs: StepInputs): StepInputs => (emphasisInput in inputs ? { ...inputs, [emphasisInput]: new Float64Array(at.count).fill(1) } : inputs)
  return {
    squares: async (parameters, inputs, points, withFactors) => {
      const all = new Float64Array(points.length / dimension)
      for (let from = 0; from < all.length; from += at.count) {
        const own = Math.min(at.count, all.length - from)
        const batch = new Float64Array(at.count * dimension)
        batch.set(points.subarray(from * dimension, (from + own) * dimension))
        // What fills the last batch up is a point of the domain, too.
        for (let k = own; k < at.count; k++) batch.set(points.subarray(0, dimension), k * dimension)
        const { squares: found } = await (withFactors ? weighted : plain)(parameters, { ...even(inputs), [at.input]: batch })
        for (let k = 0; k < own; k++) all[from + k] = found[k]
      }
      return all
    },
    slopes: async (parameters, inputs, points) => Float64Array.from((await slopes(parameters, { ...even(inputs), [at.input]: points })).slopes),
  }
}

const factorOf = (given: Tensors, k: number): Tensor => reshape(slice(given[weightsInput], [k], [1]), [])

/** An equation's column is √(1/count) times its residual. */
function columnOf(part: LossPart): Tensor {
  if (part.kind !== 'squares' || part.through || part.columns.length !== 1) throw new Error('an equation that is not asked for point by point')
  return part.columns[0]
}

/**
 * Points drawn anew with probabilities p ∝ |r|^k / mean |r|^k + c among `candidates` times as many (RAD), |r| = √(Σ λ_j r_j²) over all equations with the network as it is; undefined where a residual
 * is not finite. No importance weights: the mean of squares over such points is meant to be another norm, nearer to the largest residual than the mean (they would give back the even one,
 * with less noise only). Wu, Zhu, Tan, Kartha & Lu 2023, doi:10.1016/j.cma.2022.115671, algorithm 2.
 *
 * @param emphasis a factor of squared residuals by the candidates' points: where causal weights silence an equation, its residual attracts nothing
 */
export async function pointsByResidual(probe: ResidualProbe, at: EquationPoints, options: Extract<AdaptivePoints, { kind: 'residual' }>, parameters: NetworkArrays, inputs: StepInputs, emphasis: (points: Float64Array) => Float64Array | undefined, stream: RandomStream, libm: Libm): Promise<Float64Array | undefined> {
  const dimension = at.lower.length
  const candidates = at.sample(options.candidates * at.count, stream.child('candidates'))
  const squares = await probe.squares(parameters, inputs, candidates, true)
  const factors = emphasis(candidates)
  const residuals = squares.map((square, k) => Math.sqrt(factors ? square * factors[k] : square))
  if (!residuals.every(Number.isFinite)) return undefined
  const chosen = drawByResidual(residuals, at.count, { exponent: options.exponent, constant: options.constant, stream: stream.child('chosen'), libm })
  const points = new Float64Array(at.count * dimension)
  chosen.forEach((which, k) => points.set(candidates.subarray(which * dimension, (which + 1) * dimension), k * dimension))
  return points
}

const decay = { first: 0.9, second: 0.999 }

/**
 * Points moved uphill on Σ λ_j r_j² by `ascents` steps of Adam with the rate `rate` in shares of the domain's box: an adversary that looks for the worst places. A share c / (1 + c) of the points, the
 * first of their sequence, stays where it is, so that nothing is forgotten where the residual is small. Points do not leave the domain: coordinates end at the box's sides or go round
 * periodic axes, and a move out of another domain is not made. Visser, Heinlein & Giovanardi 2024, arXiv:2411.19632 (PACMANN; there points outside are drawn anew, all points move, and Adam is the
 * ascent found best).
 */
export async function pointsUphill(probe: ResidualProbe, at: EquationPoints, options: Extract<AdaptivePoints, { kind: 'adversarial' }>, parameters: NetworkArrays, inputs: StepInputs): Promise<Float64Array> {
  const { lower, upper, periodic, count } = at
  const dimension = lower.length
  const still = Math.round((count * options.constant) / (1 + options.constant)) * dimension
  const points = inputs[at.input].slice()
  const [mean, variance] = [new Float64Array(points.length), new Float64Array(points.length)]
  const moved = new Float64Array(dimension)
  let [first, second] = [1, 1]
  for (let ascent = 0; ascent < options.ascents; ascent++) {
    const slopes = await probe.slopes(parameters, inputs, points)
    first *= decay.first
    second *= decay.second
    for (let from = still; from < points.length; from += dimension) {
      for (let axis = 0; axis < dimension; axis++) {
        const span = upper[axis] - lower[axis]
        const slope = Number.isFinite(slopes[from + axis]) ? slopes[from + axis] * span : 0
        const [m, v] = [decay.first * mean[from + axis] + (1 - decay.first) * slope, decay.second * variance[from + axis] + (1 - decay.second) * slope * slope]
        mean[from + axis] = m
        variance[from + axis] = v
        const step = v > 0 ? (options.rate * m) / (1 - first) / Math.sqrt(v / (1 - second)) : 0
        const place = points[from + axis] + span * step
        moved[axis] = periodic[axis] ? lower[axis] + (((place - lower[axis]) % span) + span) % span : Math.min(upper[axis], Math.max(lower[axis], place))
      }
      if (at.contains(moved)) points.set(moved, from)
    }
  }
  return points
}
