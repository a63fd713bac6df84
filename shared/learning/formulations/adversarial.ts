import { boxEmbedding, ofPrefix, withEmbedding, withPrefix } from '../networks'
import { mlp } from '../networks/mlp'
import { createRandom } from '../random'
import { interiorPoints, sampledDomain } from '../sampling'
import { derivativeSpace } from '../taylor'
import { add, concat, log, matMul, mean, mul, reshape, rsqrt, slice, square, sum, type Tensor, type Tensors } from '../tf'
import type { LossPart, SquaresPart, TrainingForm } from '../training/form'
import { residualOf } from '../training/form'
import { collocation } from './collocation'
import type { FormulationRequest } from './formulation'
import { movedOrders, testPoints } from './test-space'
import { vanishingFactor, timesFactor } from './vanishing'
import { weakFormulation } from './weak-form'
import type { AdversarialTest } from './weak-options'
import { columnOf, integrandValues } from './weak-integrands'

/** Names of the adversary's arrays among the inputs begin so. */
const adversary = 'adversary'
/** Keeps a test function that vanishes from dividing by zero. */
const smallest = 1e-30
/** Squared moments below this count as zero. */
const least = 1e-12
/** The scale of the logarithm: unit weights then leave the boundary about as much as a thousand would beside the logarithm itself. */
const scale = 1e-3

/**
 * The weak form against one test function for each equation that a second network makes as hard as it can (weak adversarial network, Zang, Bao, Ye & Zhou 2020, doi:10.1016/j.jcp.2020.109409):
 *
 *   min_θ max_η q,  q = (Σ_β ∫ G_β(u_θ) ∂^β(w φ_η))² / (|Ω| ∫ (w φ_η)²)
 *
 * with w vanishing on the boundary to the order that derivatives were moved, and integrals as means over random points that are drawn anew at every step. The adversary climbs the
 * logarithm of the quotient q, and the solution descends 10⁻³ log(1 + q / 10⁻¹²): its slope is large where the adversary is far from the worst function and q is small by chance.
 * Measured on Poisson's equation in the plane, 4000 steps of Adam: errors of 0.06 by the logarithm, 0.22 to 0.3 by q itself.
 */
export function adversarialForm(request: FormulationRequest, test: AdversarialTest): TrainingForm {
  const { problem, points: counts, sequence, libm } = request
  const formulation = weakFormulation(problem)
  const { equations, coordinates } = formulation
  const dimension = coordinates.length
  const domain = sampledDomain(problem)
  const orders = [...new Map(equations.flatMap(e => e.terms.map(t => [t.orders.join(), t.orders] as const))).values()]
  const factor = vanishingFactor(problem, movedOrders(dimension, orders))
  const space = derivativeSpace(dimension, orders)
  const bounds = boxEmbedding([...domain.lower, ...(problem.time ? [problem.time[0]] : [])], [...domain.upper, ...(problem.time ? [problem.time[1]] : [])])
  const opponent = withEmbedding(bounds, mlp.build({ width: test.width, depth: test.depth, activation: test.activation, initialisation: 'glorot-uniform' } as never, { inputs: dimension, outputs: equations.length }))
  const shapes = withPrefix(adversary, opponent.initialise(createRandom(0, libm, adversary)))
  const edges = collocation({ ...request, points: { ...counts, interior: 0 } })
  const count = counts.interior
  const logarithm = (part: SquaresPart): Tensor => log(add(mul(sum(square(residualOf(part))), 1 / least), 1))
  const moments = (network: Parameters<TrainingForm['evaluate']>[0], parameters: Tensors, given: Tensors): readonly SquaresPart[] => {
    const x = space.seed(given[testPoints])
    const functions = timesFactor(factor, x, opponent.propagate(ofPrefix(adversary, given), x))
    const at = integrandValues(network, parameters, given[testPoints], formulation)
    return equations.map(({ terms }, k) => {
      const derivative = (beta: readonly number[]): Tensor => slice(space.derivative(functions, beta), [0, k], [count, 1])
      const size = rsqrt(add(mean(square(slice(functions.value, [0, k], [count, 1]))), smallest))
      return {
        kind: 'squares', columns: terms.map(t => columnOf(t.integrand, at, coordinates, count)),
        through: terms.map(t => {
          const row = reshape(mul(derivative(t.orders), mul(size, 1 / count)), [1, count])
          return (columns: Tensor) => matMul(row, columns)
        }),
      }
    })
  }
  return {
    parts: [...equations.map(({ name }) => ({ name, kind: 'equation' as const })), ...edges.parts],
    inputs: { [testPoints]: [count, dimension], ...Object.fromEntries(Object.entries(shapes).map(([name, { shape }]) => [name, shape])), ...edges.inputs },
    resample: 1,
    adversary: {
      arrays: Object.keys(shapes), steps: test.steps, rate: test.rate,
      gain: (network, parameters, given) => sum(concat(moments(network, parameters, given).map(part => reshape(logarithm(part), [1])), 0)),
    },
    draw: stream => ({
      [testPoints]: interiorPoints(domain, count, { sequence, stream: stream.child('tests'), libm, ...(problem.time ? { time: problem.time } : {}) }).points,
      ...withPrefix(adversary, Object.fromEntries(Object.entries(opponent.initialise(stream.child(adversary))).map(([name, { values }]) => [name, Float64Array.from(values as Float64Array)]))),
      ...edges.draw(stream),
    }),
    evaluate: (network, parameters, given): readonly LossPart[] => [...moments(network, parameters, given).map((part): LossPart => ({ kind: 'energy', value: mul(logarithm(part), scale), metric: part.columns })), ...edges.evaluate(network, parameters, given)],
  }
}
