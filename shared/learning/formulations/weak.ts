import type { Expression } from '../../expressions/ast'
import type { Network } from '../networks/network'
import { broadcastTo, type Operand, type Tensor, type Tensors } from '../tf'
import type { LossPart, TrainingForm } from '../training/form'
import { adversarialForm } from './adversarial'
import { collocation, valuesAt } from './collocation'
import type { FormulationFamily, FormulationRequest } from './formulation'
import type { PointValues } from './strong'
import { tensorOf } from './tensor-expression'
import { testPoints } from './test-space'
import { derivativeOf, derivativesIn, weakFormulation } from './weak-form'
import type { WeakOptions } from './weak-options'
import { testOf, type FixedTest } from './weak-counts'
import { fixedTests } from './weak-space'

/**
 * The weak form against fixed test functions (hp-VPINN, particle test functions): one part for each equation, the squares of its moments
 *
 *   r_k = Σ_β ∫ G_β(x, t, u_θ, ∂u_θ, …) ∂^β v_k dx dt
 *
 * by Gauss' rules, each β a column at the quadrature points and a linear map to all moments. Boundary and initial conditions are those of the strong form, at points.
 */
export function weakMoments(request: FormulationRequest, test: FixedTest): TrainingForm {
  const { problem, points } = request
  const formulation = weakFormulation(problem)
  const space = fixedTests(request, formulation, test)
  const edges = collocation({ ...request, points: { ...points, interior: 0 } })
  const { equations, coordinates } = formulation
  return {
    parts: [...equations.map(({ name }) => ({ name, kind: 'equation' as const })), ...edges.parts],
    inputs: { ...space.inputs, ...edges.inputs },
    draw: stream => ({ ...space.draw(stream.child('tests')), ...edges.draw(stream) }),
    evaluate: (network, parameters, given) => {
      const at = integrandValues(network, parameters, given[testPoints], formulation)
      return [
        ...equations.map(({ terms }): LossPart => ({ kind: 'squares', columns: terms.map(t => columnOf(t.integrand, at, coordinates, space.points)), through: terms.map(t => space.moments(t.orders, given)) })),
        ...edges.evaluate(network, parameters, given),
      ]
    },
  }
}

/** The network with the derivatives that integrands need, at the points x. */
export function integrandValues(network: Network, parameters: Tensors, x: Tensor, { equations, coordinates }: ReturnType<typeof weakFormulation>): PointValues {
  const terms = equations.flatMap(e => e.terms.map(t => ({ derivatives: derivativesIn(t.integrand).map(d => d.orders) })))
  return valuesAt(network, parameters, x, terms, coordinates)
}

/** G_β at the points, [points, 1]. */
export function columnOf(integrand: Expression, at: PointValues, coordinates: readonly string[], count: number): Tensor {
  const value = tensorOf(integrand, (name): Operand | undefined => {
    const known = derivativeOf(name)
    return known ? at.derivative(known.output, known.orders) : coordinates.includes(name) ? at.coordinate(name) : undefined
  })
  if (typeof value !== 'number') return value.shape.length === 2 && value.shape[0] === count ? value : broadcastTo(value, [count, 1])
  const [any] = coordinates
  return tensorOf({ kind: 'binary', operator: '+', left: { kind: 'number', value }, right: { kind: 'binary', operator: '-', left: { kind: 'name', name: any }, right: { kind: 'name', name: any } } }, () => at.coordinate(any)) as Tensor
}

export const weakForm: FormulationFamily<WeakOptions> = {
  create: (options, request) => {
    const test = testOf(request.problem, options)
    return test.kind === 'adversarial' ? adversarialForm(request, test) : weakMoments(request, test)
  },
}
