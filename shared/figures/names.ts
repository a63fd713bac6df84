import type { Fault } from '../fault'
import { error } from '../fault'
import type { Field } from '../fields/field'
import { parseReference } from './data'
import { shortNumber } from './decimal'
import type { LineMark } from './specification'

export type Report = (fault: Fault) => void

export const missingData = (reference: string, path: string): Fault =>
  error('missing-data', `There are no results for "${reference}".`, { where: { path }, tip: `Compute the step "${parseReference(reference).step}" first, or name another array.` })

/** A single letter is a symbol, anything longer words. */
export function nameLabel(reference: string): string {
  const { array } = parseReference(reference)
  return /^[A-Za-z]$/.test(array) ? `$${array}$` : array.replaceAll('_', ' ').replace(/\bl2\b/, '$L^2$').replace(/\bh1\b/, '$H^1$')
}

export const texNumber = (value: number): string => shortNumber(value).replace('\u2212', '-').replace('×', '\\times ').replace(/\^(.*)$/, '^{$1}')

export const axisOf = (field: Field, line: LineMark): string => line.along ?? field.grid.axes[0].name
