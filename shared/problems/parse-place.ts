import type { Statement } from '../experiment/document'
import type { Expression } from '../expressions/ast'
import { nearestName } from '../fault'
import type { ParsedDomain } from './parse-domain'
import type { ParsedBoundaryEntry, SideName } from './parsed'
import { sideAxis, sideNames } from './parsed'

export interface PlaceReader {
  condition(text: string, path: string): Expression | undefined
  report(code: string, message: string, path: string, tip?: string): void
}

/** Where a condition holds: `all`, sides of the (bounding) box, `holes` — all that is no side: holes and what a mask cuts — or inequalities. Undefined after a fault. */
export function parseBoundaryPlace(on: string | readonly string[], path: string, given: Statement['domain'], domain: ParsedDomain | undefined, reader: PlaceReader): Pick<ParsedBoundaryEntry, 'sides' | 'where'> | undefined {
  const words = typeof on === 'string' ? [on] : on
  const sides: (SideName | 'holes')[] = []
  let where: Expression | undefined
  let all = false
  let known = true
  words.forEach((word, i) => {
    const place = typeof on === 'string' ? path : `${path}[${i}]`
    if (word === 'all') all = true
    else if ((sideNames as readonly string[]).includes(word)) {
      if (isSide(word as SideName, place, given, domain, reader)) sides.push(word as SideName)
      else known = false
    } else if (word === 'holes') {
      if (domain && !domain.geometry?.holes.length && given.shape !== 'mask') {
        known = false
        reader.report('no-holes', 'The domain has no holes.', place, 'Name a side, or "all".')
      } else sides.push('holes')
    } else if (/[<>]/.test(word)) {
      const parsed = reader.condition(word, place)
      if (!parsed) known = false
      else where = where ? { kind: 'or', left: where, right: parsed } : parsed
    } else {
      known = false
      const near = nearestName(word, [...sideNames, 'all', 'holes'])
      const text = word.length > 40 ? `${word.slice(0, 40)}…` : word
      const named = domain?.cube || given.shape === 'disk' || given.shape === 'ball' ? [] : sideNames.slice(0, 2 * (domain?.axes.length || 3))
      reader.report('unknown-side', `"${text}" is not a part of the boundary.`, place, near ? `Did you mean "${near}"?` : `Use all, ${[...named, 'an inequality in the coordinates'].join(', ').replace(/, an in/, ', or an in')}.`)
    }
  })
  if (!known) return undefined
  // An inequality beside sides narrows them, as it always did.
  return { sides: all || sides.length === 0 ? 'all' : sides, where }
}

function isSide(word: SideName, path: string, given: Statement['domain'], domain: ParsedDomain | undefined, reader: PlaceReader): boolean {
  if (!domain) return false
  if (given.shape === 'disk' || given.shape === 'ball' || domain.cube) {
    reader.report('unknown-side', `The ${domain.cube ? 'cube' : given.shape} has no side "${word}".`, path, 'Use "all", or an inequality in the coordinates.')
    return false
  }
  const axis = domain.axes[sideAxis(word)]
  if (!axis) {
    reader.report('unknown-side', `The domain has no side "${word}": it has ${domain.axes.length} ${domain.axes.length === 1 ? 'axis' : 'axes'}.`, path)
    return false
  }
  if (axis.periodic) {
    reader.report('periodic-side', `The side ${word} lies on the periodic axis ${axis.name} and takes no condition.`, path, `Remove the condition, or make ${axis.name} bounded.`)
    return false
  }
  return true
}
