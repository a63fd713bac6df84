import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { statementSchema } from '../../experiment/document'
import { createSerialTeam } from '../../kernels/serial-team'
import { finiteDifference } from '../finite-difference'
import { finiteElement } from '../finite-element'
import { solveStatement } from './solving.testing'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })

it.each([['finite differences', finiteDifference], ['finite elements', finiteElement]] as const)('%s pass a transient far shorter than the run', (_, method) => {
  const heat = statementSchema.parse({ domain: { bounds: [[0, 1]] }, time: [0, 1e9], unknowns: ['u'], equations: ['dt(u) = dxx(u)'], initial: { u: 'x + sin(pi*x)' }, boundary: [{ on: 'all', condition: 'u = x' }] })
  const solution = solveStatement(method, heat, { resolution: [9], times: [0, 1e6, 1e9] }, team, libm)
  expect(solution.faults).toEqual([])
  expect(solution.converged).toBe(true)
  // Once the transient is over, x is left: its values at the nodes add up to half their number.
  const { values } = solution.fields[0]
  const nodes = values.length / 3
  expect(values.subarray(values.length - nodes).reduce((sum, v) => sum + v, 0)).toBeCloseTo(nodes / 2, 5)
  expect(solution.metrics.steps).toBeLessThan(1000)
})
