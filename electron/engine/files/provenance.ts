import { z } from 'zod'
import { formatName } from '../../../shared/experiment/document'

z.config({ jitless: true })

/**
 * `provenance.json`: what really ran, and the checksum of every other member. The only member with wall-clock values. Keys that a later
 * version adds are ignored, so that its files open.
 */
const faultSchema = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string().max(64),
  message: z.string().max(4000),
  where: z
    .object({ path: z.string().optional(), text: z.string().optional(), from: z.number().optional(), to: z.number().optional(), file: z.string().optional() })
    .optional(),
  tip: z.string().max(4000).optional(),
})

export const stepProvenanceSchema = z.object({
  /** Hash of (problem, step, inputs, seed, engine version) that the result belongs to. */
  key: z.string().max(128),
  /** Wall time. */
  seconds: z.number().nonnegative(),
  /** In words: `multigrid, WebAssembly SIMD`. */
  backend: z.string().max(200),
  precision: z.string().max(32),
  threads: z.number().int().nonnegative(),
  /** Version of the app that computed it, which may be older than the one that saved the file. */
  version: z.string().max(64).optional(),
  /** Iterations, time steps or training steps really done. */
  stepsDone: z.number().int().nonnegative().optional(),
  converged: z.boolean(),
  /** The run was stopped: what had been reached. */
  stopped: z.literal(true).optional(),
  /** The method in the end, and why where it was chosen automatically. */
  ran: z.object({ method: z.string().max(64), reason: z.string().max(4000).optional(), resolution: z.array(z.number().int().nonnegative()).max(8).optional() }).optional(),
  /** Lists of seconds, by what took them: `training` at the steps `relative_l2_steps`, `grid` beside `grid_relative_l2`. */
  timings: z.record(z.string().max(64), z.array(z.number().nonnegative()).max(10_000)).optional(),
  /** sha256 of the foreign files that the result rests on, by the names of the document. */
  fileHashes: z.record(z.string().max(4096), z.string().regex(/^[0-9a-f]{64}$/)).optional(),
  faults: z.array(faultSchema).max(1000).default([]),
})

export const memberChecksumSchema = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int().nonnegative() })

export const provenanceSchema = z.object({
  format: z.literal(formatName),
  app: z.object({ name: z.string().max(64), version: z.string().max(64) }),
  libraries: z.record(z.string().max(100), z.string().max(100)).default({}),
  platform: z.object({ system: z.string().max(100), architecture: z.string().max(32), runtime: z.string().max(100) }),
  processor: z.object({ model: z.string().max(200), cores: z.number().int().positive() }),
  seed: z.number().optional(),
  /** ISO 8601, when the file was written. */
  written: z.string().max(40).optional(),
  steps: z.record(z.string().max(32), stepProvenanceSchema).default({}),
  members: z.record(z.string().max(512), memberChecksumSchema),
})

export type Provenance = z.output<typeof provenanceSchema>
export type StepProvenance = z.input<typeof stepProvenanceSchema>
/** What the engine knows; format and checksums are added by the writer. */
export type ProvenanceInput = Omit<z.input<typeof provenanceSchema>, 'format' | 'members'>
