import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import type { ProblemEntry } from '../experiment/document'
import { createSerialTeam } from '../kernels/serial-team'
import { analyse } from '../problems/analyse'
import { faultCodes, quietRun } from '../solvers/time/solving.testing'
import { formulations } from './formulations'
import { formulationsRunner } from './formulations-runner'
import type { StepContext, StepOutput } from './step-kind'

const kernels = readKernels()
const libm = loadLibm(kernels)
const poisson = { domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }] }

function study(entry: object, options: object): StepOutput {
  const { problem } = analyse(entry as ProblemEntry, libm)
  const step = { id: 's', kind: 'formulations', ...options }
  expect(formulations.check(step, {} as never, problem, libm)).toEqual([])
  return formulationsRunner.run({ step, problem, run: quietRun(), libm, team: createSerialTeam({ kernels }) } as unknown as StepContext) as StepOutput
}
const column = ({ arrays }: StepOutput, name: string): number[] => Array.from(arrays.find(array => array.name === name)!.values)

describe('three formulations of one system', () => {
  it('have the solution in common; least squares pay with the square of the condition number', () => {
    const result = study({ catalogue: 'three-formulations' }, { resolutions: [17, 33, 65] })
    const { metrics, converged } = result
    expect(converged).toBe(true)
    expect(Math.abs(metrics.growth_energy - 1)).toBeLessThan(0.1)
    expect(Math.abs(metrics.growth_galerkin - 1)).toBeLessThan(0.1)
    expect(Math.abs(metrics.growth_least_squares - 2)).toBeLessThan(0.2)
    expect(metrics.iterations_least_squares).toBeGreaterThan(50 * metrics.iterations_energy)
    expect(column(result, 'condition_squared')[2]).toBeCloseTo(metrics.condition ** 2, 6)
    // The bound of each descent: error × (κ − 1)/(κ + 1) per step in its norm, which is within √κ of the Euclidean one.
    column(result, 'condition').forEach((kappa, i) => expect(column(result, 'energy')[i]).toBeLessThan(0.5 * kappa * Math.log(2e6 * Math.sqrt(kappa)) + 1))
    const exact = (x: number): number => 1 - Math.cosh((x - 0.5) / 0.1) / Math.cosh(5)
    const [field] = result.fields as unknown as { mesh: { points: Float64Array }; values: Float64Array }[]
    expect(Math.max(...field.values.map((v, i) => Math.abs(v - exact(field.mesh.points[i]))))).toBeLessThan(2e-3)
  })
  it('eigenvalues are those of the five-point Laplacian, and conjugate gradients grow with √κ and κ', () => {
    const result = study(poisson, { resolutions: [9, 17] })
    // P1 on right triangles is the five-point stencil: λ = 4 − 2cos(πh) − 2cos(πh) at the lower end.
    const h = 1 / 16
    expect(result.metrics.condition).toBeCloseTo((1 + Math.cos(Math.PI * h)) / (1 - Math.cos(Math.PI * h)), 6)
    expect(Math.abs(result.metrics.growth_cg - 0.5)).toBeLessThan(0.2)
    expect(Math.abs(result.metrics.growth_cg_least_squares - 1)).toBeLessThan(0.3)
  })
  it('are refused where there is no energy', () => {
    expect(formulations.check({ id: 's', kind: 'formulations' }, {} as never, analyse({ catalogue: 'heat-1d' }, libm).problem, libm).map(fault => fault.code)).toEqual(['no-formulations'])
    expect(faultCodes(() => study({ ...poisson, equations: ['-lap(u) + 5*dx(u) = 1'] }, { resolutions: [5, 9] }))).toEqual(['not-definite'])
    expect(faultCodes(() => study({ ...poisson, equations: ['-lap(u) - 40*u = 1'] }, { resolutions: [5, 9] }))).toEqual(['not-definite'])
    expect(formulations.check({ id: 's', kind: 'formulations', resolutions: [5, 65] }, {} as never, analyse(poisson as ProblemEntry, libm).problem, libm).map(fault => `${fault.code} ${fault.where?.path}`)).toEqual(['too-large resolutions[1]'])
  })
})
