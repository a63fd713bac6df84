import { name, simplify, subtract } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import type { Discretisation } from './discretisation'
import type { WeakForm } from './weak-form'

/** The scalar that is subtracted from the row of a floating component so that its quadrature balances. */
export const balanceName = (component: number): string => `$balance${component}`

/** The form with a constant subtracted from the rows of floating components, named by `balanceName`. */
export function balancedForm(form: WeakForm, floating: readonly number[]): WeakForm {
  if (floating.length === 0) return form
  return { ...form, rows: form.rows.map((row, c) => (floating.includes(c) ? { ...row, rest: simplify(subtract(row.rest, name(balanceName(c)))) } : row)) }
}

/**
 * A component that nothing fixes has a solution only if its row balances: tested with v = 1 it is ∫ r + ∮ F·n, for −Δu = f with fluxes ∫ f + ∮ a ∂ₙu, for div v = 0 the flow through the boundary. Where that does not depend on
 * the unknowns it must vanish; what quadrature alone leaves (judged by two rules) is spread evenly. Returns the constants of `balanceName`.
 * Throws FaultError `incompatible` with the defect.
 */
export function balances(discretisation: Discretisation, u: Float64Array, time: number, libm: Libm): number[] {
  const { space } = discretisation
  const none = space.floating.map(() => 0)
  return space.floating.map(component => {
    const scalars = [time, ...none]
    const here = discretisation.balance(component, u, scalars, discretisation.exactness, libm)
    if (here.sum === 0) return 0
    const moved = u.map((v, i) => (space.unknownOf[i] >= 0 ? v + 1 + 0.25 * ((i * 37) % 11) : v))
    const elsewhere = discretisation.balance(component, moved, scalars, discretisation.exactness, libm)
    // A row that answers to the unknowns balances by them.
    if (Math.abs(elsewhere.sum - here.sum) > 1e-9 * (here.size + elsewhere.size)) return 0
    const other = discretisation.balance(component, u, scalars, discretisation.exactness === 2 ? 5 : 2, libm)
    const uncertainty = 4 * Math.abs(other.sum - here.sum) + 1e-9 * here.size
    const best = discretisation.exactness === 5 ? here : other
    if (Math.abs(best.sum) > uncertainty) {
      const { unknown } = space.problem.system.components[component]
      throw new FaultError(error('incompatible', `The problem has no solution: nothing fixes the level of ${unknown}, so its equation must balance over the domain, but the integral of its data is ${Number(best.sum.toPrecision(6))}.`, {
        where: { path: 'problem.equations[0]' }, tip: 'Subtract the mean from the source, change the boundary data, or fix the unknown by a Dirichlet condition.',
      }))
    }
    return here.sum / discretisation.measure
  })
}

/** Floating components get zero mean. */
export function shiftMeans(discretisation: Discretisation, u: Float64Array, libm: Libm): void {
  const { space } = discretisation
  for (const component of space.floating) {
    const scalars = discretisation.scalars.map(() => 0)
    const mean = discretisation.integral(name(space.form.jets[component][0]), u, libm, scalars) / discretisation.measure
    for (let node = 0; node < space.nodes; node++) u[component * space.nodes + node] -= mean
  }
}
