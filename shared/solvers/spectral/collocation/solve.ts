import { error, FaultError } from '../../../fault'
import type { Run, Team } from '../../../kernels/team'
import { denseMatrix } from '../../linear/dense/matrix'
import { factorLU, type DenseFactorisation } from '../../linear/dense/factor'
import type { Solution, SolveRequest } from '../../method'
import { createAdditiveRungeKutta } from '../../time/additive'
import { evolveKeeping, failureFaults } from '../../time/evolve'
import { readTimeOptions } from '../../time/options'
import { evolvedFields, fieldsOf, gridOutput, storedComponents, type StepChoice } from '../../time/request'
import type { ImplicitSystem } from '../../time/system'
import { ark436 } from '../../time/tableaux'
import { collocationGrid, meanWeights } from './differentiation'
import { createCollocationSystem, type CollocationSystem } from './system'

/** Unknowns of one full matrix: 128 MB, and 40 Gflop to factorise. */
export const mostUnknowns = 4000
const mostIterations = 30
const defaultTolerance = 1e-8

/** LU of a matrix whose rows are scaled to size one first; one round of refinement brings rounding down to that of the residual. */
interface Solver {
  factor(fill: (matrix: Float64Array) => void): void
  solve(right: Float64Array): Float64Array
}

function createSolver(size: number, team: Team): Solver {
  const matrix = denseMatrix(team.arena, size, size)
  const right = denseMatrix(team.arena, size, 1)
  const scales = new Float64Array(size)
  let factorisation: DenseFactorisation | undefined
  return {
    factor(fill) {
      const view = matrix.block.view()
      fill(view)
      for (let i = 0; i < size; i++) {
        let most = 0
        for (let j = 0; j < size; j++) most = Math.max(most, Math.abs(view[i * size + j]))
        scales[i] = most > 0 ? 1 / most : 1
        for (let j = 0; j < size; j++) view[i * size + j] *= scales[i]
      }
      factorisation = factorLU(team, matrix)
    },
    solve(b) {
      const view = right.block.view()
      for (let i = 0; i < size; i++) view[i] = b[i] * scales[i]
      factorisation!.solve(right)
      return right.block.view().slice()
    },
  }
}

const norm = (v: Float64Array): number => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0))

/** Steady statements, linear or not: Newton's method with full matrices; steps are halved while the next correction would not be shorter. */
export function solveCollocation(request: SolveRequest, team: Team, run: Run): Solution {
  const { problem, libm } = request
  const grid = collocationGrid(problem.axes, request.resolution, libm)
  const system = createCollocationSystem(problem, grid, team, libm)
  const solver = createSolver(system.size, team)
  // Without boundary values the matrix is singular: s·(mean) in every equation makes the mean zero where the source allows it, and shows its defect where not.
  const mean = problem.traits.includes('unique up to a constant') ? meanWeights(grid.axes, libm) : undefined
  const residualOf = (u: Float64Array): Float64Array => {
    const out = system.residual(0, u)
    const shift = mean ? mean.reduce((sum, w, i) => sum + w * u[i], 0) : 0
    return mean ? out.map((v, i) => (system.conditioned[i] === 1 ? v : v + shift)) : out
  }
  let state = system.initial(0)
  let residual = residualOf(state)
  checkFinite(residual)
  let iterations = 0
  let converged = false
  let last = Infinity
  for (; iterations < mostIterations && !converged; iterations++) {
    run.throwIfCancelled()
    run.progress({ stage: `Newton step ${iterations + 1}`, residual: norm(residual) })
    // A linear problem is done after its first step; the second, with the same matrix, refines rounding.
    if (!problem.properties.linear || iterations === 0) solver.factor(matrix => {
      system.jacobian(0, state, matrix)
      if (mean) for (let i = 0; i < system.size; i++) if (system.conditioned[i] === 0) mean.forEach((w, j) => (matrix[i * system.size + j] += w))
    })
    const correction = solver.solve(residual)
    let part = 2
    let next: Float64Array
    let nextResidual: Float64Array
    do {
      part /= 2
      next = state.map((u, i) => u - part * correction[i])
      nextResidual = residualOf(next)
      // The natural monotonicity test (P. Deuflhard, Newton Methods for Nonlinear Problems, Springer 2004, § 3.3): sizes of equations, which differ by powers of the number of nodes, play no part in it.
    } while (part > 1e-3 && !problem.properties.linear && norm(correction) > 1e-8 * norm(state) && !(norm(solver.solve(nextResidual)) <= (1 - part / 4) * norm(correction)))
    const change = norm(correction) / Math.max(norm(next), 1e-300)
    // Corrections that no longer shrink are rounding.
    converged = change < 1e-13 || (change < 1e-6 && change > 0.1 * last) || (problem.properties.linear && iterations === 1)
    last = change
    state = next
    residual = nextResidual
    checkFinite(residual)
    // Refinement with the same factors corrects rounding only; where it changes the solution, the matrix is singular to working precision.
    if (problem.properties.linear && iterations === 1 && change > 1e-4) {
      throw new FaultError(error('singular-system', 'The statement does not determine its solution: its matrix is singular to working precision.', {
        where: { path: 'problem.equations' }, tip: 'Give a value of every unknown on a part of the boundary, or change the parameter: an eigenvalue makes the operator singular.',
      }))
    }
  }
  if (mean) {
    const defect = mean.reduce((sum, w, i) => sum + w * state[i], 0)
    if (Math.abs(defect) > 1e-8 * Math.max(...state.map(Math.abs))) {
      throw new FaultError(error('incompatible', `The problem has no solution: without boundary values source and boundary data must balance, but ${Number(defect.toPrecision(4))} is left of the source at every point.`, { where: { path: 'problem.equations[0]' }, tip: 'Subtract the mean of the source, or add a term in the unknown.' }))
    }
  }
  const fields = fieldsOf(problem)
  const steady = { times: new Float64Array(1), values: stored(state, request, system), steps: 0, smallestStep: 0, largestStep: 0 }
  return {
    fields: evolvedFields(steady, fields, { grid }).map(({ times: _, ...field }) => field), arrays: [], metrics: { unknowns: system.size, iterations, residual: norm(residual) }, converged,
    faults: converged ? [] : [error('not-converged', `Newton's method did not converge in ${iterations} steps.`, { tip: 'Give initial values near the solution, or lead a parameter there in steps.' })].map(fault => ({ ...fault, severity: 'warning' as const })),
  }
}

function checkFinite(residual: Float64Array): void {
  if (residual.every(Number.isFinite)) return
  throw new FaultError(error('non-finite', 'The equations are not finite numbers at every node.', { where: { path: 'problem.equations' }, tip: 'Check the source and the coefficients on the whole domain, ends included.' }))
}

function stored(state: Float64Array, { problem }: SolveRequest, { nodes }: CollocationSystem): Float64Array {
  const kept = storedComponents(problem)
  const out = new Float64Array(kept.length * nodes)
  kept.forEach((component, i) => out.set(state.subarray(component * nodes, (component + 1) * nodes), i * nodes))
  return out
}

/** Evolutions: the singly diagonally implicit half of ARK4(3)6L (Kennedy & Carpenter 2003), stages by Newton's method; boundary conditions and constraints hold at every stage. */
export function evolveCollocation(request: SolveRequest, team: Team, run: Run): Solution {
  const { problem, times, libm } = request
  const grid = collocationGrid(problem.axes, request.resolution, libm)
  const system = createCollocationSystem(problem, grid, team, libm)
  const { size, nodes, evolves } = system
  const time = readTimeOptions(request.options)
  const { linear } = problem.properties
  // Matrices of a linear problem depend on the step alone where its coefficients do not change: one per step size is kept (step doubling alternates between two).
  const fixedMatrix = system.constantJacobian
  const solvers: { c: number; readonly solver: Solver }[] = []
  const state = team.arena.f64(size)
  state.view().set(system.initial(times[0]))
  const solverFor = (c: number, at: number, u: Float64Array): Solver => {
    const known = solvers.find(candidate => fixedMatrix && candidate.c === c)
    if (known) return known.solver
    const slot = solvers.length < (fixedMatrix ? 3 : 1) ? { c, solver: createSolver(size, team) } : solvers.shift()!
    slot.c = c
    slot.solver.factor(matrix => {
      system.jacobian(at, u, matrix)
      for (let i = 0; i < size; i++) {
        if (evolves[i] === 0) continue
        for (let j = 0; j < size; j++) matrix[i * size + j] *= -c
        matrix[i * size + i] += 1
      }
    })
    solvers.push(slot)
    return slot.solver
  }
  const implicit: ImplicitSystem = {
    size, initial: state,
    rate: (at, u, out) => rate(at, u.view(), out.view()),
    nodalValues: u => stored(u.view(), request, system),
    implicit: {
      rate: (at, u, out) => rate(at, u.view(), out.view()),
      // Second derivatives of rounding on crowded nodes.
      noise: 1e-12,
      solveStage(at, c, known, u, tolerance) {
        const view = u.view()
        const right = known.view()
        for (let iteration = 0; iteration < 12; iteration++) {
          const f = system.residual(at, view)
          const defect = f.map((value, i) => (evolves[i] === 1 ? view[i] - c * value - right[i] : value))
          const correction = solverFor(c, at, view).solve(defect)
          for (let i = 0; i < size; i++) view[i] -= correction[i]
          const change = norm(correction) / Math.max(norm(view), 1e-300)
          if (!Number.isFinite(change)) break
          if (change < Math.max(tolerance, 1e-14) || (linear && iteration === 1)) return
        }
        throw new FaultError(error('not-converged', `Newton's iteration for the time step at t = ${Number(at.toPrecision(6))} did not converge.`, { where: { path: 'time' }, tip: 'Choose a shorter time step.' }))
      },
    },
  }
  function rate(at: number, u: Float64Array, out: Float64Array): void {
    system.residual(at, u).forEach((value, i) => (out[i] = evolves[i] === 1 ? value : 0))
  }
  const tolerance = time.tolerance ?? defaultTolerance
  const choice: StepChoice = time.dt !== undefined ? { kind: 'fixed', dt: time.dt } : { kind: fixedMatrix ? 'tolerance' : 'embedded', tolerance, first: (times[times.length - 1] - times[0]) / 256 }
  const fields = fieldsOf(problem)
  const stepper = createAdditiveRungeKutta(ark436, implicit, team)
  run.log('info', `Chebyshev collocation on ${request.resolution.join(' × ')} nodes; ${stepper.name}, ${time.dt === undefined ? `time tolerance ${tolerance}` : `time step ${time.dt}`}.`)
  const evolved = evolveKeeping({ unknown: problem.unknowns.map(u => u.name).join(', '), times, choice, output: { ...gridOutput(grid, fields), nodes } }, stepper, team, run)
  return {
    fields: evolvedFields(evolved, fields, { grid }), arrays: [], metrics: { unknowns: size, steps: evolved.steps, ...(evolved.steps > 0 ? { dt: evolved.smallestStep, dt_largest: evolved.largestStep } : {}) },
    converged: !evolved.failure, faults: failureFaults(evolved),
  }
}
