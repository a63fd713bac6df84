import type { Fault } from '../fault'
import { error } from '../fault'
import type { Field } from '../fields/field'
import { parseReference } from './data'
import type { FigureSource } from './data'
import { shortNumber } from './decimal'
import type { LineMark } from './specification'

export type Report = (fault: Fault) => void

export const missingData = (reference: string, path: string): Fault =>
  error('missing-data', `There are no results for "${reference}".`, { where: { path }, tip: `Compute the step "${parseReference(reference).step}" first, or name another array.` })

export const noComponent = (reference: string, source: FigureSource, path: string): Fault =>
  error('no-component', `"${reference}" has no such component.`, { where: { path }, tip: `It has ${'components' in source && source.components ? `magnitude, ${source.components.join(', ')}` : 'none: it is a scalar field'}.` })

/** A letter, a Greek letter by its name and either with a number (`u`, `rho`, `u1`) as TeX; undefined for words. */
function letter(name: string): string | undefined {
  const [, base, number] = /^([A-Za-z]|alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|rho|sigma|tau|phi|chi|psi|omega)(\d*)$/.exec(name) ?? []
  if (base === undefined) return undefined
  return `${base.length > 1 ? `\\${base}` : base}${number === '' ? '' : number.length > 1 ? `_{${number}}` : `_${number}`}`
}

/** A letter is a symbol, anything longer words; parts of a field `|h|`, `Re h`, `v_x` are formulae. */
export function nameLabel(array: string): string {
  const [, magnitude, part, complex, vector, index] = /^(?:\|(\w+)\||(Re|Im) (\w+)|([A-Za-z]+)_([xyz]))$/.exec(array) ?? []
  const symbol = (name: string): string => letter(name) ?? `\\mathrm{${name.replaceAll('_', '\\_')}}`
  if (magnitude) return `$|${symbol(magnitude)}|$`
  if (part) return `$\\mathrm{${part}}\\,${symbol(complex)}$`
  if (vector) return `$${symbol(vector)}_${index}$`
  const alone = letter(array)
  return alone !== undefined ? `$${alone}$` : array.replaceAll('_', ' ').replace(/\bl2\b/, '$L^2$').replace(/\bh1\b/, '$H^1$')
}

export const texNumber = (value: number): string => shortNumber(value).replace('\u2212', '-').replace('×', '\\times ').replace(/\^(.*)$/, '^{$1}')

export const axisOf = (field: Field, line: LineMark): string => line.along ?? field.grid.axes[0].name
