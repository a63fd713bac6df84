import type { LossPart, TrainingForm } from '../training/form'
import { adversarialForm } from './adversarial'
import { collocation } from './collocation'
import type { FormulationFamily, FormulationRequest } from './formulation'
import { testPoints } from './test-space'
import { weakFormulation } from './weak-form'
import { columnOf, integrandValues } from './weak-integrands'
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

export const weakForm: FormulationFamily<WeakOptions> = {
  create: (options, request) => {
    const test = testOf(request.problem, options)
    return test.kind === 'adversarial' ? adversarialForm(request, test) : weakMoments(request, test)
  },
}
