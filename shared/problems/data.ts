import type { Expression } from '../expressions/ast'
import { differentiate } from '../expressions'
import type { Fault } from '../fault'
import { error } from '../fault'
import { Jets } from './jets'
import { expandOperators, isZero, numbersOf, placed, zero } from './operators'
import type { ParsedStatement, ParsedText, ParsedUnknown } from './parsed'
import type { RawSystem } from './system'

type Parts = readonly (Expression | undefined)[]

/** Initial values per component; a fault for every component that evolves without one. Constraints may have one as a first guess. */
export function initialValues(statement: ParsedStatement, system: RawSystem): { readonly values: Parts; readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const values = new Array<Expression | undefined>(system.components.length).fill(undefined)
  for (const unknown of statement.unknowns) {
    const given = statement.initial.get(unknown.name)
    const indices = unknown.components.map(c => system.components.findIndex(other => other.name === c))
    const rates = indices.map(i => system.velocityOf.indexOf(i))
    const place = { path: 'problem.initial' }
    if (given?.value) componentsOf(given.value, unknown, statement, faults)?.forEach((e, k) => { values[indices[k]] = e })
    else if (indices.some(i => system.rows[i].kind === 'rate')) faults.push(error('missing-initial', `The unknown ${unknown.name} has no initial value.`, { where: place, tip: `Give "initial": { "${unknown.name}": "…" }.` }))
    if (rates.some(i => i >= 0)) {
      if (given?.rate) componentsOf(given.rate, unknown, statement, faults)?.forEach((e, k) => { if (rates[k] >= 0) values[rates[k]] = e })
      else faults.push(error('missing-initial', `The unknown ${unknown.name} is of second order in time and has no initial rate.`, { where: place, tip: `Give "initial": { "dt(${unknown.name})": "…" }.` }))
    } else if (given?.rate) faults.push(error('unknown-initial', `There is an initial value for "dt(${unknown.name})", but the equations have no dtt(${unknown.name}).`, { where: place, tip: 'Remove it.' }))
  }
  return { values, faults }
}

/** The exact solution per component, as far as the statement gives it; velocities are its derivative in time. */
export function exactValues(statement: ParsedStatement, system: RawSystem): { readonly values: Parts; readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const values = new Array<Expression | undefined>(system.components.length).fill(undefined)
  for (const unknown of statement.unknowns) {
    const given = statement.exact.get(unknown.name)
    if (!given) continue
    componentsOf(given, unknown, statement, faults)?.forEach((e, k) => {
      const i = system.components.findIndex(c => c.name === unknown.components[k])
      values[i] = e
      const velocity = system.velocityOf.indexOf(i)
      if (velocity >= 0) values[velocity] = placed(() => differentiate(e, 't'), given.path, given.text)
    })
  }
  return { values, faults }
}

/** A closed expression as the real components of an unknown: a number for a real one, re and im for a complex one, the entries of a vector. */
export function componentsOf({ expression, text, path }: ParsedText, unknown: ParsedUnknown, statement: ParsedStatement, faults: Fault[]): Expression[] | undefined {
  const where = { path, text, from: 0, to: text.length }
  const space = { jets: new Jets([], statement.coordinates), unknowns: [], hasTime: statement.time !== undefined, imaginary: statement.imaginary, onBoundary: false }
  const expanded = placed(() => expandOperators(expression, space), path, text)
  if (!expanded.ok) {
    faults.push({ ...expanded.fault, where: { ...where, ...expanded.fault.where } })
    return undefined
  }
  const { value } = expanded
  const list = numbersOf(value)
  const count = unknown.type === 'vector' ? unknown.components.length : 1
  if (unknown.type === 'vector' && value.rank === 0 && !value.value.im && isZero(value.value.re)) return unknown.components.map(() => zero)
  if (value.rank !== (unknown.type === 'vector' ? 1 : 0) || list.length !== count) {
    faults.push(error('value-shape', `The value given for ${unknown.name} is ${value.rank === 0 ? 'a number, but the unknown is a vector' : `a ${value.rank === 1 ? 'vector' : 'matrix'}, but the unknown is ${unknown.type === 'vector' ? `a vector of ${count}` : 'a number'}`}.`, { where, tip: unknown.type === 'vector' ? 'Write vec(a, b).' : undefined }))
    return undefined
  }
  if (unknown.type === 'complex') return [list[0].re, list[0].im ?? zero]
  if (list.some(c => c.im)) {
    faults.push(error('complex-value', `The value given for ${unknown.name} is complex, but the unknown is real.`, { where, tip: `Declare { "name": "${unknown.name}", "type": "complex" }.` }))
    return undefined
  }
  return list.map(c => c.re)
}
