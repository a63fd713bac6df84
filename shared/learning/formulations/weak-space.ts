import { sampledDomain } from '../sampling'
import type { FormulationRequest } from './formulation'
import { elementTests } from './test-elements'
import { patchTests } from './test-patches'
import { movedOrders, type TestSpace } from './test-space'
import { elementCounts, patchCount, patchQuadrature, type FixedTest } from './weak-counts'
import type { WeakFormulation } from './weak-form'

/** The test functions of a statement's weak form. */
export function fixedTests({ problem, sequence, libm }: FormulationRequest, { equations, coordinates }: WeakFormulation, test: FixedTest): TestSpace {
  const domain = sampledDomain(problem)
  const dimension = coordinates.length
  const orders = [...new Map(equations.flatMap(e => e.terms.map(t => [t.orders.join(), t.orders] as const))).values()]
  const moved = movedOrders(dimension, orders)
  if (test.kind === 'elements') {
    return elementTests({
      lower: [...domain.lower, ...(problem.time ? [problem.time[0]] : [])], upper: [...domain.upper, ...(problem.time ? [problem.time[1]] : [])], periodic: [...domain.periodic, ...(problem.time ? [false] : [])],
      moved, norm: test.norm, ...elementCounts(dimension, test),
    })
  }
  const space = domain.coordinates.length
  const together = Math.max(...orders.map(o => o.slice(0, space).reduce((a, b) => a + b, 0)))
  return patchTests({ domain, time: problem.time, sequence, moved, together, patches: patchCount(problem, test), degree: test.degree, quadrature: patchQuadrature(test), norm: test.norm, orders, libm })
}
