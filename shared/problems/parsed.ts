import type { Equation, Expression } from '../expressions/ast'
import type { AxisName } from '../fields/field'
import type { Geometry } from './geometry'

/** A statement whose texts have all been parsed and whose names are all declared; parameters are numbers, definitions closed trees, sums written out. */
export interface ParsedStatement {
  readonly axes: readonly ParsedAxis[]
  /** More than three dimensions: `axes` is empty then. */
  readonly cube?: { readonly dimension: number; readonly lower: number; readonly upper: number }
  readonly geometry?: Geometry
  /** x, y, z as far as there are axes, or x1 … xd of a cube. */
  readonly coordinates: readonly string[]
  readonly time?: readonly [number, number]
  readonly unknowns: readonly ParsedUnknown[]
  /** Whether the name `i` is the imaginary unit: an unknown is complex and nothing else is called i. */
  readonly imaginary: boolean
  readonly parameters: Readonly<Record<string, number>>
  /** Definitions with earlier definitions and all parameters substituted. */
  readonly definitions: Readonly<Record<string, Expression>>
  readonly equations: readonly ParsedEquation[]
  readonly boundary: readonly ParsedBoundaryEntry[]
  /** By unknown: the value at the start and, for second order in time, the rate. */
  readonly initial: ReadonlyMap<string, { readonly value?: ParsedText; readonly rate?: ParsedText }>
  readonly exact: ReadonlyMap<string, ParsedText>
  /** The name of the unknown number λ of an eigenproblem, and the value that the statement gives for it. */
  readonly eigenvalue?: { readonly name: string; readonly exact?: number }
}

export interface ParsedUnknown {
  readonly name: string
  readonly type: 'real' | 'complex' | 'vector'
  /** Names of the real components: `u`; `h__re`, `h__im`; `v__x` … */
  readonly components: readonly string[]
}

export interface ParsedText {
  readonly expression: Expression
  readonly text: string
  /** Place in the document, for faults. */
  readonly path: string
}

export interface ParsedEquation extends Equation {
  readonly text: string
  readonly index: number
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
  /** Parts named; 'all' when an inequality alone selects. */
  readonly sides: readonly (SideName | 'holes')[] | 'all'
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
