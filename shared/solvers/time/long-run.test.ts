import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { statementSchema } from '../../experiment/document'
import { createSerialTeam } from '../../kernels/serial-team'
import { finiteDifference } from '../finite-difference'
import { finiteElement } from '../finite-element'
import { spectral } from '../spectral'
import { smallStep } from './failure'
import { solveStatement } from './solving.testing'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })

it.each([['finite differences', finiteDifference], ['finite elements', finiteElement], ['Chebyshev collocation', spectral]] as const)('%s pass a transient far shorter than the run', (_, method) => {
  const heat = statementSchema.parse({ domain: { bounds: [[0, 1]] }, time: [0, 1e9], unknowns: ['u'], equations: ['dt(u) = dxx(u)'], initial: { u: 'x + sin(pi*x)' }, boundary: [{ on: 'all', condition: 'u = x' }] })
  const solution = solveStatement(method, heat, { resolution: [9], times: [0, 1e6, 1e9] }, team, libm)
  expect(solution.faults).toEqual([])
  expect(solution.converged).toBe(true)
  // Once the transient is over, x is left: its values at the nodes, which lie symmetrically, add up to half their number.
  const { values } = solution.fields[0]
  const nodes = values.length / 3
  expect(values.subarray(values.length - nodes).reduce((sum, v) => sum + v, 0)).toBeCloseTo(nodes / 2, 5)
  expect(solution.metrics.steps).toBeLessThan(1000)
})

it('a run that is too long for what changes in it says so', () => {
  const values = Float64Array.of(1, 0.5)
  const { message, code } = smallStep({ nodes: 2, fields: [{ name: 'u' }], place: node => `x = ${node}` }, values, values, 'u', 12, 35, 0.004, [0, 1e9])
  expect(code).toBe('step-too-small')
  expect(message).toBe('The time step of u fell to 0.004 at t = 35 (step 12), and the time error is still larger than the tolerance allows: the solution changes on times more than 250000000000 times shorter than the run over [0, 1000000000].')
})
