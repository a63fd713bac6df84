import type { Expression } from '../../../expressions/ast'
import { FaultError, error } from '../../../fault'
import type { Libm } from '../../../expressions/libm'
import type { Block, Run, Team } from '../../../kernels/team'
import { createNewtonStage } from '../../time/newton'
import { createVectorOperations, type ImplicitPart } from '../../time/system'
import { createDiffusionSolver } from './diffusion-solver'
import type { JetSystem } from './jet-system'
import { linearise, type Linearisation } from './linearisation'
import { createShiftedMatrix } from './shifted'

/** All rows implicit, constraints with them: Newton's iteration with the assembled Jacobian. `rate` is the rows, 0 in constraint rows. */
export function createNewtonPart(system: JetSystem, linearisation: Linearisation, rate: ImplicitPart['rate'], team: Team, run: Run): ImplicitPart {
  const { size, nodes, count, constraints } = system
  const matrix = createShiftedMatrix(system, linearisation, team, run)
  const vectors = createVectorOperations(system, 2, team)
  const work = team.arena.f64(size)
  const differential = (vector: Block, from: Block): void => {
    for (const c of constraints) vector.view().set(from.view().subarray(c * nodes, (c + 1) * nodes), c * nodes)
  }
  const solveStage = createNewtonStage({
    size, parts: new Array<number>(count).fill(nodes),
    linearise: (time, state) => linearisation.evaluate(time, state),
    residual(time, c, known, u, out) {
      system.rows(time, u, work)
      vectors.combine(1, known, [[c, work], [-1, u]], out)
      differential(out, work)
      system.free(out)
    },
    solveShifted(c, residual, correction, tolerance) {
      matrix.assemble(c)
      return matrix.solve(residual, correction, tolerance)
    },
    impose: system.impose,
  }, team)
  return { rate, solveStage }
}

/**
 * Solves the constraint rows for their components at a state of the others, from the values there as a guess. Where every axis is periodic and a constraint fixes its component only up to a
 * constant, the mean is kept. Throws FaultError `not-converged`.
 */
export function createConstraintSolver(system: JetSystem, team: Team, libm: Libm, run: Run): (time: number, state: Block) => void {
  const { size, nodes, count, constraints, grid, problem } = system
  const zero: Expression = { kind: 'number', value: 0 }
  const rows = problem.system.rows.map(row => (row.kind === 'constraint' ? row.expression : zero))
  const linearisation = linearise(system, rows, team, libm)
  const evaluate = system.evaluator(constraints.map(c => rows[c]))
  const floating = grid.axes.every(axis => axis.periodic)
    ? constraints.filter(c => linearisation.factors.every(({ component, orders }) => component !== c || orders.some(m => m > 0))) : []
  const matrix = createShiftedMatrix(system, linearisation, team, run, true, floating.map(c => c * nodes))
  const center = (vector: Block): void => {
    for (const c of floating) {
      const view = vector.view().subarray(c * nodes, (c + 1) * nodes)
      const mean = team.reduce('vectors.sum', c * nodes, (c + 1) * nodes, [vector.pointer]) / nodes
      for (let i = 0; i < nodes; i++) view[i] -= mean
    }
  }
  const solve = createNewtonStage({
    size, parts: new Array<number>(count).fill(nodes),
    linearise: (time, state) => linearisation.evaluate(time, state),
    residual(time, _c, _known, u, out) {
      out.view().fill(0)
      evaluate(time, u, constraints.map(c => out.pointer + 8 * nodes * c))
      system.free(out)
      center(out)
    },
    solveShifted(c, residual, correction, tolerance) {
      matrix.assemble(c)
      const solved = matrix.solve(residual, correction, Math.min(1e-8, tolerance))
      center(correction)
      return solved
    },
  }, team)
  return (time, state) => solve(time, 1, state, state, 1e-11)
}

/** The part of the rows that is linear in second and higher derivatives with factors that depend on the place only; and the rest. */
export interface Split {
  readonly implicit: readonly Expression[]
  readonly explicit: readonly Expression[]
}

/** A linear implicit part: one linear solve a stage. */
export function createLinearPart(system: JetSystem, rows: readonly Expression[], team: Team, libm: Libm, run: Run): ImplicitPart {
  const { size, nodes, count } = system
  const diffusion = createDiffusionSolver(system, rows, team, libm, run)
  const linearisation = linearise(system, diffusion ? [] : rows, team, libm)
  const matrix = diffusion ?? createShiftedMatrix(system, linearisation, team, run)
  const vectors = createVectorOperations({ size, parts: new Array<number>(count).fill(nodes) }, 2, team)
  const [work, residual, correction] = [team.arena.f64(size), team.arena.f64(size), team.arena.f64(size)]
  const evaluate = system.evaluator(rows)
  const rate: ImplicitPart['rate'] = (time, state, out) => {
    evaluate(time, state, rows.map((_, c) => out.pointer + 8 * nodes * c))
    system.operators.imposeRates(out, time)
    zeroOutside(system, out)
  }
  return {
    rate,
    noise: 1e-13,
    solveStage(time, c, known, u, tolerance) {
      system.impose(time, u)
      linearisation.evaluate(time, u)
      matrix.assemble(c)
      for (let round = 0; round < 2; round++) {
        rate(time, u, work)
        vectors.combine(1, known, [[c, work], [-1, u]], residual)
        system.free(residual)
        // (I − cL)⁻¹ of a dissipative L does not enlarge: the error that is left is at most the residual that is left.
        const excess = vectors.relativeError(residual, u)
        if (excess <= 0.1 * tolerance) return
        const solved = matrix.solve(residual, correction, Math.min(1e-2, Math.max(1e-13, tolerance / excess)))
        if (!vectors.isFinite(correction)) break
        vectors.combine(1, u, [[1, correction]], u)
        if (solved) return
      }
      throw new FaultError(error('not-converged', `The linear system of the time step at t = ${Number(time.toPrecision(6))} was not solved.`, { where: { path: 'time' }, tip: 'Choose a shorter time step, or an explicit method.' }))
    },
  }
}

function zeroOutside({ operators: { active, whole }, nodes, count }: JetSystem, out: Block): void {
  if (whole) return
  const view = out.view()
  for (let c = 0; c < count; c++) for (let node = 0; node < nodes; node++) if (active[node] === 0) view[c * nodes + node] = 0
}
