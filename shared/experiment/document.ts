import { z } from 'zod'
import type { Json } from '../json'

/**
 * The experiment document (`experiment.json`, format `residuum/1`). These schemas are the envelope: shapes and names. What a statement
 * means is checked by shared/problems, what a step's options mean by the registries behind its kind (shared/steps).
 */
export const formatName = 'residuum/1'

const numberOrText = z.union([z.number(), z.string()])
/** A number, or an expression of constants and earlier parameters. */
export const scalarSchema = numberOrText
const bounds = z.tuple([numberOrText, numberOrText])

export const holeSchema = z.union([
  z.strictObject({ disk: z.strictObject({ center: z.array(numberOrText).min(2).max(3), radius: numberOrText }) }),
  z.strictObject({ polygon: z.strictObject({ points: z.array(z.tuple([numberOrText, numberOrText])).min(3) }) }),
])

export const domainSchema = z.strictObject({
  shape: z.enum(['box', 'disk', 'ball', 'l-shape', 'polygon', 'mask']).default('box'),
  bounds: z.array(bounds).min(1).max(3).optional(),
  periodic: z.array(z.boolean()).optional(),
  dimension: z.number().int().min(1).max(10000).optional(),
  center: z.array(numberOrText).optional(),
  radius: numberOrText.optional(),
  points: z.array(z.tuple([numberOrText, numberOrText])).optional(),
  where: z.string().optional(),
  holes: z.array(holeSchema).optional(),
})

export const unknownSchema = z.union([z.string(), z.strictObject({ name: z.string(), type: z.enum(['real', 'complex', 'vector']).default('real') })])

export const boundaryEntrySchema = z.strictObject({
  /** `all`, side names, `holes`, or an inequality in the coordinates. */
  on: z.union([z.string(), z.array(z.string()).min(1)]),
  condition: z.string(),
})

export const statementSchema = z.strictObject({
  domain: domainSchema,
  time: bounds.optional(),
  unknowns: z.array(unknownSchema).min(1),
  parameters: z.record(z.string(), numberOrText).optional(),
  definitions: z.record(z.string(), z.string()).optional(),
  equations: z.array(z.string()).min(1),
  boundary: z.array(boundaryEntrySchema).optional(),
  initial: z.record(z.string(), z.string()).optional(),
  exact: z.record(z.string(), z.string()).optional(),
  eigenvalue: z.string().optional(),
  random: z.record(z.string(), z.unknown()).optional(),
})

/** A catalogue problem by id; `parameters` override its own. */
export const catalogueReferenceSchema = z.strictObject({ catalogue: z.string(), parameters: z.record(z.string(), numberOrText).optional() })

/** Names that Windows gives to devices, which cannot name a file: not for what files are named after. */
export const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)$/i

export const stepIdPattern = /^(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z][a-z0-9-]{0,31}$/

export interface StepEnvelope {
  readonly id: string
  readonly kind: string
  readonly [option: string]: Json
}

export type Statement = z.infer<typeof statementSchema>
export type CatalogueReference = z.infer<typeof catalogueReferenceSchema>
export type ProblemEntry = Statement | CatalogueReference

export interface ExperimentDocument {
  readonly format: typeof formatName
  readonly title: string
  readonly notes?: string
  /** Seed of the one counter-based generator; 0 … 2⁵³−1. */
  readonly seed?: number
  readonly problem?: ProblemEntry
  readonly steps: readonly StepEnvelope[]
  /** Figure specifications (shared/figures/specification). */
  readonly figures?: readonly Json[]
}
