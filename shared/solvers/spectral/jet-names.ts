import { freeNames, type Expression } from '../../expressions'
import type { Component, SystemJet } from '../../problems/analysed'

/** The jets that expressions hold, by their names: a component, or a component, an underscore and sorted letters (`v__x_yy`). */
export function jetsOf(components: readonly Component[], expressions: readonly Expression[]): SystemJet[] {
  const names = new Set(expressions.flatMap(e => [...freeNames(e).keys()]))
  return [...names].flatMap((name): SystemJet[] => {
    const exact = components.findIndex(component => component.name === name)
    if (exact >= 0) return [{ name, component: exact, orders: [0, 0, 0] }]
    const component = components.findIndex(candidate => name.startsWith(`${candidate.name}_`) && /^[xyz]+$/.test(name.slice(candidate.name.length + 1)))
    if (component < 0) return []
    const letters = [...name.slice(components[component].name.length + 1)]
    const count = (letter: string): number => letters.filter(l => l === letter).length
    return [{ name, component, orders: [count('x'), count('y'), count('z')] }]
  })
}
