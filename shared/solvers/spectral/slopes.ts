import { differentiate, freeNames, simplify, type Expression } from '../../expressions'
import type { Block, Team } from '../../kernels/team'
import { createPointwise } from '../time/pointwise'
import { isZeroExpression } from './algebra'
import type { Jet, JetArrays } from './jets'

/** The derivative of one remainder by one jet, evaluated into a shared block of nodal values. */
export interface Slope { readonly row: number; readonly column: number; readonly jet: Jet; readonly peak: number; run(time: number): void }

/** The derivative of every remainder by every jet that it holds, compiled on the first question. */
export function slopesOf(evolving: readonly number[], remainders: readonly Expression[], jets: JetArrays, coordinates: Readonly<Record<string, Block>>, nodal: Block, team: Team): () => readonly Slope[] {
  let made: readonly Slope[] | undefined
  return () => (made ??= evolving.flatMap((row, i) => jets.in([remainders[row]]).flatMap((jet): Slope[] => {
    const column = evolving.indexOf(jet.component)
    // Through a constrained component a rate depends on the state by an operator of lower order: taken as its own row's.
    const slope = simplify(differentiate(remainders[row], jet.name))
    if (isZeroExpression(slope)) return []
    const pointwise = createPointwise(team, [slope], { ...coordinatePointers(coordinates, [slope]), ...jets.pointers([slope]) }, ['t'], [nodal.pointer])
    return [{ row: i, column: column < 0 ? i : column, jet, peak: column < 0 ? 0 : jet.peak, run: time => pointwise.run(0, nodal.length, [time]) }]
  })))
}

export const coordinatePointers = (coordinates: Readonly<Record<string, Block>>, expressions: readonly Expression[]): Record<string, number> => {
  const names = new Set(expressions.flatMap(e => [...freeNames(e).keys()]))
  return Object.fromEntries(Object.entries(coordinates).filter(([name]) => names.has(name)).map(([name, block]) => [name, block.pointer]))
}

export const isSecond = ([x, y, z]: readonly number[]): boolean => x + y + z === 2 && x * y + y * z + z * x === 0
