import { FaultError, error } from '../fault'
import { finiteElement } from '../solvers/finite-element'
import { galerkinSystem } from '../solvers/finite-element/galerkin-system'
import { iterationsOf, type Formulation } from '../solvers/linear/formulations'
import type { SolveRequest } from '../solvers/method'
import { gridWidth, resolutionsOf } from './converge-options'
import { formulationsOptions } from './formulations-options'
import type { StepOutput, StepRunner } from './step-kind'

const counted: readonly (readonly [Formulation, string])[] = [['energy', 'energy'], ['galerkin', 'galerkin'], ['least-squares', 'least_squares'], ['cg', 'cg'], ['cg-least-squares', 'cg_least_squares']]

/**
 * Arrays over the resolutions: `h`, `unknowns`, `condition` = κ(A), `condition_squared` = κ(AᵀA) = κ², and iterations `energy`, `galerkin`, `least_squares` (descent), `cg`, `cg_least_squares` (conjugate gradients).
 * Metrics: `condition`, the counts on the finest grid, and `growth_<name>`, the power of κ with which a count grew between the two finest grids (1, 1 and 2 for the descents). The field is the common solution there.
 */
export const formulationsRunner: StepRunner = {
  run({ step, problem, team, run, libm }): StepOutput {
    if (!problem) throw new FaultError(error('missing-problem', 'The formulations need a problem.', { where: { path: 'problem' } }))
    const { id: _, kind: __, ...own } = step
    const options = formulationsOptions.parse(own)
    const resolutions = resolutionsOf({ ...step, resolutions: options.resolutions as never }, problem.axes.length)
    const columns: Record<string, number[]> = { h: [], unknowns: [], condition: [], condition_squared: [], ...Object.fromEntries(counted.map(([, name]) => [name, []])) }
    let fields: StepOutput['fields'] = []
    for (const [i, resolution] of resolutions.entries()) {
      const request: SolveRequest = { problem, resolution, times: new Float64Array(0), options: { order: 1 }, libm }
      const refused = finiteElement.check(request).filter(fault => fault.severity === 'error')
      if (refused.length > 0) throw new FaultError(refused)
      const mark = team.arena.mark()
      const system = galerkinSystem(request, team)
      team.arena.release(mark)
      const condition = system.spectrum[1] / system.spectrum[0]
      columns.h.push(gridWidth(problem, resolution))
      columns.unknowns.push(system.b.length)
      columns.condition.push(condition)
      columns.condition_squared.push(condition * condition)
      fields = system.fields
      for (const [formulation, name] of counted) {
        run.progress({ fraction: i / resolutions.length, stage: `${resolution.join(' × ')}, ${formulation}` })
        columns[name].push(iterationsOf(formulation, { ...system, tolerance: options.tolerance, most: options.maximumIterations, pause: () => run.throwIfCancelled() }))
      }
      run.log('info', `${resolution.join(' × ')}: κ = ${condition.toPrecision(4)}; ${counted.map(([formulation, name]) => `${formulation} ${columns[name][i]}`).join(', ')} iterations`)
    }
    const last = resolutions.length - 1
    const grew = (values: readonly number[]): number => libm.log(values[last] / values[last - 1]) / libm.log(columns.condition[last] / columns.condition[last - 1])
    const metrics: Record<string, number> = { unknowns: columns.unknowns[last], condition: columns.condition[last] }
    for (const [, name] of counted) Object.assign(metrics, { [`iterations_${name}`]: columns[name][last], [`growth_${name}`]: grew(columns[name]) })
    return { fields, arrays: Object.entries(columns).map(([name, values]) => ({ name, values: Float64Array.from(values) })), metrics, converged: counted.every(([, name]) => columns[name].every(Number.isFinite)), faults: [], store: options.store }
  },
}
