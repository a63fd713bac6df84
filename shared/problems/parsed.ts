import type { Equation, Expression } from '../expressions/ast'
import type { AxisName } from '../fields/field'

/** A statement whose texts have all been parsed and whose names are all declared; parameters are numbers, definitions closed trees. */
export interface ParsedStatement {
  readonly axes: readonly ParsedAxis[]
  readonly time?: readonly [number, number]
  readonly unknown: string
  readonly parameters: Readonly<Record<string, number>>
  /** Definitions with earlier definitions and all parameters substituted. */
  readonly definitions: Readonly<Record<string, Expression>>
  readonly equation: Equation
  readonly boundary: readonly ParsedBoundaryEntry[]
  readonly initial?: Expression
  readonly exact?: Expression
}

export interface ParsedAxis {
  readonly name: AxisName
  readonly lower: number
  readonly upper: number
  readonly periodic: boolean
}

export interface ParsedBoundaryEntry {
  /** Index in the document's list, for fault paths. */
  readonly index: number
  /** Sides named, as axis and end; empty when `where` alone selects. */
  readonly sides: readonly SideName[] | 'all'
  readonly where?: Expression
  readonly condition: Equation
  readonly text: string
}

export const sideNames = ['left', 'right', 'bottom', 'top', 'back', 'front'] as const
export type SideName = (typeof sideNames)[number]
/** left, right bound x; bottom, top bound y; back, front bound z. */
export const sideAxis = (side: SideName): number => Math.floor(sideNames.indexOf(side) / 2)
export const sideEnd = (side: SideName): 'lower' | 'upper' => (sideNames.indexOf(side) % 2 === 0 ? 'lower' : 'upper')
export const sideName = (axis: number, end: 'lower' | 'upper'): SideName => sideNames[2 * axis + (end === 'upper' ? 1 : 0)]
