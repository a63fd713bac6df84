import { differentiate, evaluate, isNumber, negate, simplify, substitute, subtract, zero } from '../expressions'
import type { Expression } from '../expressions/ast'
import { FaultError, error } from '../fault'
import type { MeshField } from '../fields/mesh'
import type { Run, Team } from '../kernels/team'
import type { AnalysedProblem } from '../problems/analysed'
import { bestApproximation, coercivity, energyErrors, poincareConstant, type EnergyStatement } from '../solvers/finite-element/energy'
import { finiteElement } from '../solvers/finite-element/index'
import type { SolveRequest, Solution } from '../solvers/method'
import type { Libm } from '../expressions/libm'
import { gridWidth, resolutionsOf } from './converge-options'
import { energyBoundsOptions } from './energy-bounds-options'
import { pointFunction } from './point-function'
import type { StepRunner } from './step-kind'

/**
 * Arrays over the resolutions: `h`, `unknowns`, `cea` = |u* − u_N|_{H¹} / inf |u* − v|_{H¹} (1 at best), and for symmetric operators `energy_gap` = Σ(u_N) − Σ(u*), `half_energy_norm` = ½a(e, e),
 * `boundary_term` (its size), `lower_bound` = C‖e‖², `upper_bound` = ½a(u* − Iu*, u* − Iu*) with the nodal interpolant, which lies above the infimum over the space.
 * Metrics: `identity_defect` = |gap − half − boundary| / half on the finest mesh, `poincare`, `cea_largest`, `order_energy`.
 */
export const energyBoundsRunner: StepRunner = {
  run({ step, problem, team, run, libm }) {
    if (!problem?.exact) throw new FaultError(error('missing-problem', 'The bounds need a problem with an exact solution.', { where: { path: 'problem' } }))
    const { id: _, kind: __, ...own } = step
    const options = energyBoundsOptions.parse(own)
    const statement = statementOf(problem, libm)
    const resolutions = resolutionsOf({ ...step, resolutions: options.resolutions as never }, problem.axes.length)
    const symmetric = statement.operator.symmetric
    if (!symmetric) run.log('info', 'The operator is not symmetric: it has no energy, and only the distance to the best approximation is measured.')
    const poincare = poincareConstant(problem)
    const best = bestApproximation(problem, statement.exact)
    const columns: Record<string, number[]> = { h: [], unknowns: [], cea: [], energy_gap: [], half_energy_norm: [], boundary_term: [], lower_bound: [], upper_bound: [] }
    let last: Solution | undefined
    let defect = NaN
    for (const [i, resolution] of resolutions.entries()) {
      run.progress({ fraction: i / resolutions.length, stage: resolution.join(' × ') })
      const mark = team.arena.mark()
      const measured = (p: AnalysedProblem, s: EnergyStatement) => {
        const solution = solveOn(p, resolution, options.order, team, within(run), libm)
        const compile = (expression: Parameters<typeof pointFunction>[2]) => pointFunction(team, `energy${serial++ % 64}`, expression, problem.axes.map(a => a.name))
        return { solution, errors: energyErrors(s, solution.fields[0] as MeshField, resolution, compile, libm, () => run.throwIfCancelled()) }
      }
      const { solution, errors } = measured(problem, statement)
      const least = best && Math.sqrt(measured(best, { ...statement, problem: best }).errors.gradient)
      team.arena.release(mark)
      last = solution
      defect = Math.abs(errors.gap - errors.half - errors.boundary) / errors.half
      const constant = coercivity(poincare, errors.leastDiffusion, errors.leastReaction)
      columns.h.push(gridWidth(problem, resolution))
      columns.unknowns.push(solution.metrics.unknowns)
      columns.cea.push(least === undefined ? NaN : Math.sqrt(errors.gradient) / least)
      columns.energy_gap.push(errors.gap)
      columns.half_energy_norm.push(errors.half)
      columns.boundary_term.push(Math.abs(errors.boundary))
      columns.lower_bound.push(constant * errors.squared)
      columns.upper_bound.push(errors.interpolant)
    }
    const kept = Object.entries(columns).filter(([name]) => symmetric || ['h', 'unknowns', 'cea'].includes(name))
    const arrays = kept.map(([name, values]) => ({ name, values: Float64Array.from(values) }))
    const metrics: Record<string, number> = { unknowns: columns.unknowns[columns.unknowns.length - 1], cea_largest: Math.max(...columns.cea) }
    if (symmetric) Object.assign(metrics, { identity_defect: defect, poincare, order_energy: lastOrder(columns.h, columns.half_energy_norm, libm) })
    return { fields: last!.fields, arrays, metrics, converged: true, faults: [] }
  },
}

let serial = 0

/** Order between the two finest meshes. */
const lastOrder = (h: readonly number[], values: readonly number[], libm: Libm): number => {
  const n = h.length
  return libm.log(values[n - 2] / values[n - 1]) / libm.log(h[n - 2] / h[n - 1])
}

/** The operator and source of the one row: from the special form, or read off its jet (the domain may be no box). */
function statementOf(problem: AnalysedProblem, libm: Libm): EnergyStatement {
  const exact = problem.exact![0]
  if (problem.equation.kind === 'elliptic') return { problem, operator: problem.equation.operator, source: problem.equation.source, exact }
  const { jet, rows } = problem.system
  const row = rows[0].expression
  const coefficient = (...letters: string[]): Expression => {
    const orders = ['x', 'y', 'z'].map(x => letters.filter(l => l === x).length)
    const entry = jet.find(j => j.orders.every((order, i) => order === orders[i]))
    return entry ? simplify(differentiate(row, entry.name)) : zero
  }
  const names = problem.axes.map(a => a.name)
  const center = Object.fromEntries(problem.axes.map(a => [a.name, 0.5 * (a.lower + a.upper)]))
  const sign = names.reduce((trace, x) => trace + evaluate(coefficient(x, x), center, libm), 0) > 0 ? 1 : -1
  const signed = (e: Expression): Expression => (sign > 0 ? e : simplify(negate(e)))
  const mixed = names.some((x, i) => names.slice(i + 1).some(y => !isZero(coefficient(x, y))))
  if (mixed) throw new FaultError(error('no-energy-theory', 'The equation has mixed derivatives; the bounds take diffusion along the axes.', { where: { path: 'problem.equations[0]' } }))
  const diffusion = names.map(x => signed(coefficient(x, x)))
  const advection = names.map((x, i) => simplify(subtract(differentiate(diffusion[i], x), signed(coefficient(x)))))
  const source = signed(simplify(substitute(row, Object.fromEntries(jet.map(j => [j.name, zero])))))
  return { problem, operator: { diffusion, advection, reaction: simplify(negate(signed(coefficient()))), symmetric: advection.every(isZero) }, source, exact }
}

const isZero = (e: Expression): boolean => isNumber(e, 0)

function solveOn(problem: AnalysedProblem, resolution: readonly number[], order: 1 | 2, team: Team, run: Run, libm: Libm): Solution {
  const request: SolveRequest = { problem, resolution, times: new Float64Array(0), options: { order }, libm }
  const refused = finiteElement.check(request).filter(f => f.severity === 'error')
  if (refused.length > 0) throw new FaultError(refused)
  return finiteElement.solve(request, team, run)
}

/** One of several solves: no pictures, no curves, no bar and no checkpoints of its own. */
const within = (run: Run): Run => ({
  resumed: undefined, checkpoint: () => undefined, progress: () => undefined, frame: () => undefined, series: () => undefined,
  log: (severity, message) => run.log(severity, message), throwIfCancelled: () => run.throwIfCancelled(),
})
