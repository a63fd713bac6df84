import type { Libm } from '../../expressions/libm'
import { error, FaultError, type Fault } from '../../fault'
import type { Field } from '../../fields/field'
import { isMeshField, type AnyField } from '../../fields/mesh'
import type { Identification, IdentificationMethod } from '../method'
import { scalarValue } from '../unknowns'
import type { Observations } from './data'
import type { TermsStepOptions } from './descriptor'
import { identifyTerms, type IdentifiedEquation, type IdentifiedTerms } from './identify'
import { thresholds } from './sparse'
import { residualsOf } from './weak'

/**
 * Fields `residual` (one for each equation: what it leaves of ∂ₜu in every window, over the root mean square of ∂ₜu); arrays `coefficients` [equation, term of the library], `thresholds` and over them
 * `loss_path`, `residual_path`, `terms_path` [equation, threshold]; metrics `identified` (number of terms), `misfit`, `noise_estimate`, `coefficient_<term>` and `coefficient_<term>_standard_error`
 * (`coefficient_<unknown>__<term>` of a system), and where the truth is given `coefficient_<term>_error`, `wrong_terms` (missing or superfluous) and
 * `worst_error` (the largest of the errors; 1 where a term is wrong). Every equation is said in a fault of severity `info`.
 */
export const terms: IdentificationMethod = {
  identify({ observations, options, truth, problem, libm }, { run }): Promise<Identification> {
    const { form, library, windows, threshold, trust } = options as unknown as TermsStepOptions
    run.progress({ stage: 'testing the terms' })
    const data = onGrid(observations.fields)
    const found = identifyTerms(data, { form, library, windows, threshold, trust, throwIfCancelled: () => run.throwIfCancelled() }, libm)
    return Promise.resolve(reportOf(data, found, numbersOf(truth, problem?.parameters ?? {}, libm)))
  },
}

/** Components become unknowns of their own: `h__re` is called `h_re`, so that what is found can stand in a statement. */
function onGrid(fields: readonly AnyField[]): Observations {
  const [first] = fields
  if (isMeshField(first)) throw new FaultError(error('terms-mesh', 'Terms are found from data on a uniform grid; these live on the nodes of a mesh.', { tip: 'Solve by finite differences, or give data on a grid.' }))
  const scalar = fields.find(field => field.components)
  if (scalar) throw new FaultError(error('terms-components', `The field ${scalar.name} has components; terms are found for scalar fields, one for each.`))
  return {
    axes: first.grid.axes, times: first.times ?? new Float64Array(1),
    unknowns: fields.map(({ name, values }) => ({ name: name.replace('__', '_'), values })),
  }
}

function reportOf(data: Observations, found: IdentifiedTerms, truth: Readonly<Record<string, number>>): Identification {
  const { equations, library } = found
  const several = equations.length > 1
  const metrics: Record<string, number> = {
    identified: equations.reduce((n, { terms: own }) => n + own.length, 0),
    misfit: Math.max(...equations.map(({ residual }) => residual)),
  }
  if (found.tests) metrics.noise_estimate = Math.max(...equations.map(({ noise }) => noise))
  for (const { unknown, terms: own } of equations) {
    for (const { name, coefficient, standardError } of own) {
      const metric = several ? `coefficient_${unknown}__${name}` : `coefficient_${name}`
      metrics[metric] = coefficient
      if (found.tests) metrics[`${metric}_standard_error`] = standardError
    }
  }
  judge(found, truth, metrics)
  const stacked = (of: (equation: IdentifiedEquation) => ArrayLike<number>): { values: Float64Array; shape: readonly number[] } => {
    const rows = equations.map(equation => Array.from(of(equation)))
    return { values: Float64Array.from(rows.flat()), shape: several ? [rows.length, rows[0].length] : [rows[0].length] }
  }
  return {
    fields: residualFields(data, found),
    arrays: [
      { name: 'coefficients', ...stacked(({ coefficients }) => coefficients) },
      { name: 'thresholds', values: Float64Array.from(thresholds) },
      { name: 'loss_path', ...stacked(({ path }) => path.map(({ loss }) => loss)) },
      { name: 'residual_path', ...stacked(({ path }) => path.map(({ residual }) => residual)) },
      { name: 'terms_path', ...stacked(({ path }) => path.map(({ support }) => support.length)) },
    ],
    metrics, converged: true,
    faults: equations.flatMap(equation => [saidOf(equation, library.length, found.tests !== undefined), ...ambiguityOf(equation)]),
    ran: { method: 'terms', reason: found.tests ? windowsOf(found) : 'differences of the data' },
  }
}

const windowsOf = ({ tests, rows }: IdentifiedTerms): string =>
  `${rows} windows of half widths ${tests!.centres.map(({ line, halfWidth }) => `${halfWidth} in ${line.name}`).join(', ')}`

/** The equation itself, with what it leaves. */
function saidOf({ text, unknown, terms: own, residual }: IdentifiedEquation, candidates: number, weak: boolean): Fault {
  const left = `${Number((100 * residual).toPrecision(2))} %`
  if (own.length === 0) return { severity: 'warning', code: 'terms-none', message: `None of the ${candidates} terms of the library explains ∂${unknown}/∂t.`, tip: 'Give more or less noisy data, wider windows, or a larger library.' }
  const message = `${text} leaves ${left} of ∂${unknown}/∂t, with ${own.length} of ${candidates} terms.`
  if (residual > 0.5) return { severity: 'warning', code: 'terms-weak', message, tip: `Most of the change is not explained: the library may lack a term, or ${weak ? 'the windows are too narrow for the noise' : 'differences have amplified noise or a layer that the grid does not resolve; the weak form avoids them'}.` }
  return { severity: 'info', code: 'identified-equation', message }
}

/** Terms that could stand in the place of others. */
function ambiguityOf({ unknown, rivals }: IdentifiedEquation): readonly Fault[] {
  if (rivals.length === 0) return []
  const shown = rivals.slice(0, 3).map(([chosen, other]) => `${other} in place of ${chosen}`).join(', or ')
  const more = rivals.length > 3 ? ` (${rivals.length - 3} more)` : ''
  return [{ severity: 'warning', code: 'terms-ambiguous', message: `The data of ∂${unknown}/∂t fit as well with ${shown}${more}.`, tip: 'Give data with more variety: several initial values, or a time before the solution keeps one shape.' }]
}

/** Truths may be expressions of the statement's parameters. */
function numbersOf(truth: Readonly<Record<string, number | string>>, parameters: Readonly<Record<string, number>>, libm: Libm): Record<string, number> {
  return Object.fromEntries(Object.entries(truth).map(([key, given]) => {
    const value = scalarValue(given, parameters, libm)
    if (value === undefined) throw new FaultError(error('no-value', `"${String(given)}" is not a number or an expression of parameters.`, { where: { path: `truth.${key}` } }))
    return [key, value]
  }))
}

/** Against the truth where it is given, by names or texts of terms (`<unknown>: <text>` in a system): relative errors, and how many terms are missing or superfluous. */
function judge({ equations, library }: IdentifiedTerms, truth: Readonly<Record<string, number>>, metrics: Record<string, number>): void {
  const entries = Object.entries(truth)
  if (entries.length === 0) return
  const faults: Fault[] = []
  const several = equations.length > 1
  const named = new Set<string>()
  let missing = 0
  for (const [key, value] of entries) {
    const [, owner, body] = /^(?:\s*(\w+)\s*:)?\s*(.*)$/s.exec(key)!
    const equation = owner === undefined && !several ? equations[0] : equations.find(({ unknown }) => unknown === owner)
    const plain = body.replace(/\s/g, '')
    const term = library.find(({ name, text }) => name === plain || text === plain)
    if (!equation || !term) {
      faults.push(error('terms-truth', `"${key}" is no term of the library${several ? ' of an equation' : ''}.`, { where: { path: 'truth' }, tip: several ? `Write for example "${equations[0].unknown}: ${library[1].text}".` : `The terms are ${library.map(({ text }) => text).join(', ')}.` }))
      continue
    }
    const metric = several ? `coefficient_${equation.unknown}__${term.name}` : `coefficient_${term.name}`
    named.add(metric)
    const own = equation.terms.find(({ name }) => name === term.name)
    if (!own) missing++
    else metrics[`${metric}_error`] = Math.abs(own.coefficient - value) / (Math.abs(value) || 1)
  }
  const found = equations.flatMap(({ unknown, terms: own }) => own.map(({ name }) => (several ? `coefficient_${unknown}__${name}` : `coefficient_${name}`)))
  metrics.wrong_terms = missing + found.filter(metric => !named.has(metric)).length
  metrics.worst_error = Math.max(metrics.wrong_terms > 0 ? 1 : 0, ...found.map(metric => metrics[`${metric}_error`] ?? 0))
  if (faults.length > 0) throw new FaultError(faults)
}

/** What every equation leaves, window by window, at the windows' middles. */
function residualFields(data: Observations, found: IdentifiedTerms): Field[] {
  const { tests, equations, system } = found
  if (!tests) return []
  const [inTime, ...inSpace] = tests.centres
  const axes = [...inSpace].reverse().map(({ nodes }, k) => {
    const coordinates = Float64Array.from(nodes, node => data.axes[k].coordinates[node])
    return { name: data.axes[k].name, lower: coordinates[0], upper: coordinates[coordinates.length - 1], periodic: false, coordinates }
  })
  const times = Float64Array.from(inTime.nodes, node => data.times[node])
  return equations.map(({ unknown, coefficients }, k) => ({
    name: equations.length > 1 ? `residual_${unknown}` : 'residual', grid: { axes }, times,
    values: residualsOf(system, k, Array.from(coefficients, (value, j) => value / found.library[j].factor)),
  }))
}
