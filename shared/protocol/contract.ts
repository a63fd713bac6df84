import { z } from 'zod'
import type { DescriptorData } from '../descriptor'
import type { ExperimentDocument } from '../experiment/document'
import type { Fault } from '../fault'
import type { ArrayInfo } from '../fields/array-info'
import type { Json } from '../json'
import type { CurvePiece } from './live-curves'

export type { ArrayInfo } from '../fields/array-info'

/**
 * The engine contract: channel → parameters and result. Three hosts speak it (Electron IPC, in process, WebSocket); the window knows nothing else
 * of the engine. Every request is checked against its schema on the engine's side and refused when it does not fit (fail closed).
 * Typed arrays travel as they are (shared/protocol/codec).
 */

const id = z.string().min(1).max(64)
const stepId = z.string().min(1).max(32)
const arrayName = z.string().min(1).max(64)
const json = z.unknown() as z.ZodType<Json>
const point = z.array(z.number()).min(1).max(3)
const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array)

/** Of a field with components: the index of one, or √Σ uᵢ². Absent on such a field: the magnitude. */
const component = z.union([z.number().int().nonnegative().max(63), z.literal('magnitude')])
/** One array of one step: field `u` of step `fd`; of a field with components perhaps its own choice of them, before the request's. */
const arrayRef = z.strictObject({ step: stepId, array: arrayName, component: component.optional() })

export const patchSchema = z.strictObject({
  path: z.array(z.union([z.string(), z.number().int().nonnegative()])).max(32),
  /** Absent: the place did not exist. Must equal what is there, or the edit is refused as stale. */
  before: json.optional(),
  /** Absent: the place is removed. In an array, a patch with `before` absent inserts, with `after` absent removes. */
  after: json.optional(),
  /** Edits with the same gesture id are one undo step (a slider's drag, a burst of typing). */
  gesture: z.string().max(64).optional(),
  baseRevision: z.number().int().nonnegative(),
})
export type Patch = z.infer<typeof patchSchema>

export const requestSchemas = {
  /** Version, host, capabilities, machine. */
  'app.info': z.strictObject({}),
  'registry': z.strictObject({}),
  'gallery.list': z.strictObject({}),
  /** The picture of an example, asked for when its card comes into sight. */
  'gallery.picture': z.strictObject({ example: z.string().max(128) }),
  'recent.list': z.strictObject({}),
  /** Server host's own file browser (the desktop uses native dialogs): folders and experiment files. */
  'files.list': z.strictObject({ folder: z.string().max(4096).optional() }),
  /** Native dialogs, only where `capabilities` has `native-dialogs`; result undefined when dismissed. */
  'dialog.open': z.strictObject({}),
  'dialog.save': z.strictObject({ suggestedName: z.string().max(255), kind: z.enum(['residuum', 'pdf', 'svg', 'png', 'npy', 'csv', 'vti', 'vtu', 'onnx']) }),

  'experiment.open': z.strictObject({
    source: z.union([
      z.strictObject({ example: z.string().max(128) }),
      z.strictObject({ path: z.string().max(4096) }),
      z.strictObject({ upload: z.string().max(255), bytes }),
      /** A new experiment; `empty` without a problem, for data that somebody wants to look at. */
      z.strictObject({ blank: z.literal(true), empty: z.literal(true).optional() }),
      /** A working folder left behind by a crash (`recovery` in app.info). */
      z.strictObject({ recover: id }),
    ]),
  }),
  'experiment.close': z.strictObject({ experiment: id }),
  'experiment.discardRecovery': z.strictObject({ recover: id }),
  'experiment.edit': z.strictObject({ experiment: id, patch: patchSchema }),
  'experiment.undo': z.strictObject({ experiment: id }),
  'experiment.redo': z.strictObject({ experiment: id }),
  /** Without `path`: to where it was opened from. Refused with `changed-on-disk` unless `overwrite`. */
  'experiment.save': z.strictObject({ experiment: id, path: z.string().max(4096).optional(), overwrite: z.boolean().optional() }),
  /** The packed `.residuum` bytes, for a download in a browser. */
  'experiment.download': z.strictObject({ experiment: id }),
  'experiment.setView': z.strictObject({ experiment: id, view: json }),
  /** Checks a document that may be mid-edit (not yet committed): faults with ranges, typeset equations, traits. Cheap; call it on every pause of typing. */
  'experiment.check': z.strictObject({ document: json }),
  /** Reads a foreign file into the experiment: adds an `import` step per chosen array; without `choose` returns what the file holds. */
  'experiment.import': z.strictObject({
    experiment: id,
    name: z.string().max(255),
    bytes: bytes.optional(),
    path: z.string().max(4096).optional(),
    choose: z.array(z.strictObject({ array: z.string().max(256), axes: z.record(z.string(), z.string()) })).max(16).optional(),
  }),

  /** Queues these steps (all that are not up to date when absent) and what they need. */
  'compute': z.strictObject({ experiment: id, steps: z.array(stepId).max(256).optional() }),
  'cancel': z.strictObject({ experiment: id, step: stepId.optional() }),

  /** A reduced picture of a field: float32 with true minimum and maximum. `size`: at most so many nodes per axis (0: all). */
  'field.read': z.strictObject({
    experiment: id, ref: arrayRef,
    timeIndex: z.number().int().nonnegative().optional(),
    /** Index ranges [from, to) per axis in x, y, z order. */
    region: z.array(z.tuple([z.number().int().nonnegative(), z.number().int().positive()])).max(3).optional(),
    size: z.array(z.number().int().nonnegative()).max(3).optional(),
    /** For a field with one space axis and times: the whole x–t picture, time as second axis. */
    spacetime: z.boolean().optional(),
    component: component.optional(),
  }),
  /** Exact float64 values, interpolated linearly between nodes. */
  'field.probe': z.strictObject({ experiment: id, refs: z.array(arrayRef).min(1).max(8), point, timeIndex: z.number().int().nonnegative().optional(), component: component.optional() }),
  /** Exact values along a segment (for a line cut); `spacetime` cuts treat t as second coordinate. */
  'field.cut': z.strictObject({
    experiment: id, refs: z.array(arrayRef).min(1).max(8), from: point, to: point, samples: z.number().int().min(2).max(4096),
    timeIndex: z.number().int().nonnegative().optional(), spacetime: z.boolean().optional(), component: component.optional(),
  }),
  /** Corner points of a field's mesh and its edges as pairs of their indices, to draw over a picture. */
  'mesh.edges': z.strictObject({ experiment: id, ref: arrayRef }),
  /** A whole small array (residual history, convergence table), at most 1e5 entries. */
  'array.read': z.strictObject({ experiment: id, ref: arrayRef }),
  'array.export': z.strictObject({ experiment: id, ref: arrayRef, format: z.enum(['npy', 'csv', 'vti', 'vtu']) }),
  /** The network that a step trained, as ONNX; `name` where the step has several. */
  'model.export': z.strictObject({ experiment: id, step: stepId, name: stepId.optional() }),

  /** Draws a figure specification with the experiment's results: the same bytes as the command line's. */
  'figure.render': z.strictObject({ experiment: id, figure: json, format: z.enum(['svg', 'pdf', 'png']), preset: z.string().max(64).optional() }),
  /** A sensible specification for a step's result. */
  'figure.suggest': z.strictObject({ experiment: id, step: stepId }),
  /** Writes bytes that the window received to a path chosen in `dialog.save` or typed (server host). */
  'file.write': z.strictObject({ path: z.string().max(4096), bytes }),

  /** Live frames of a running step, at most `size` nodes per axis; `frames.ack` asks for the next (latest wins). */
  'frames.subscribe': z.strictObject({ experiment: id, step: stepId, size: z.array(z.number().int().positive()).min(1).max(3) }),
  'frames.unsubscribe': z.strictObject({ experiment: id, step: stepId }),
  'frames.ack': z.strictObject({ experiment: id, step: stepId }),
  /** The curves of the step's last run as far as they have come, for a window that comes later; `job.series` goes on from there. */
  'series.read': z.strictObject({ experiment: id, step: stepId }),
} as const

export type Channel = keyof typeof requestSchemas
export type Parameters<C extends Channel> = z.input<(typeof requestSchemas)[C]>

export interface Results {
  'app.info': AppInfo
  'registry': Registry
  'gallery.list': readonly GalleryItem[]
  /** PNG; undefined where the example has none. */
  'gallery.picture': Uint8Array | undefined
  'recent.list': readonly { readonly path: string; readonly title: string; readonly opened: string }[]
  'files.list': { readonly folder: string; readonly parent?: string; readonly entries: readonly { readonly name: string; readonly path: string; readonly folder: boolean; readonly bytes?: number }[] }
  'dialog.open': { readonly path: string } | undefined
  'dialog.save': { readonly path: string } | undefined
  'experiment.open': Snapshot
  'experiment.close': undefined
  'experiment.discardRecovery': undefined
  'experiment.edit': { readonly revision: number }
  'experiment.undo': Snapshot
  'experiment.redo': Snapshot
  'experiment.save': Snapshot
  'experiment.download': { readonly name: string; readonly bytes: Uint8Array }
  'experiment.setView': undefined
  'experiment.check': CheckResult
  'experiment.import': ImportResult
  'compute': { readonly queued: readonly string[] }
  'cancel': undefined
  'field.read': FieldPicture
  'field.probe': readonly number[]
  /** One row of samples per ref; outside the domain NaN. */
  'field.cut': { readonly distance: Float64Array; readonly points: readonly Float64Array[]; readonly values: readonly Float64Array[] }
  'mesh.edges': { readonly points: Float64Array; readonly edges: Float64Array }
  'array.read': { readonly shape: readonly number[]; readonly values: Float64Array }
  'array.export': { readonly name: string; readonly bytes: Uint8Array }
  'model.export': { readonly name: string; readonly bytes: Uint8Array }
  'figure.render': { readonly bytes: Uint8Array; readonly faults: readonly Fault[]; readonly widthMm: number; readonly heightMm: number }
  'figure.suggest': Json
  'file.write': undefined
  'frames.subscribe': undefined
  'frames.unsubscribe': undefined
  'frames.ack': undefined
  'series.read': readonly CurvePiece[]
}

export interface Events {
  /** After every change: edits from elsewhere, job state, saves. */
  'experiment.changed': Snapshot
  'job.progress': JobProgress
  'job.log': { readonly experiment: string; readonly step: string; readonly severity: 'info' | 'warning' | 'error'; readonly message: string; readonly at: number }
  'job.frame': JobFrame
  'job.series': JobSeries
  /** Something the user should see once (a job process died and was restarted, disk nearly full). */
  'notice': Fault
  /** A file that a second instance or the system handed over. */
  'open.requested': { readonly path: string }
  /** A command chosen in the native menu (id of the window's command list). */
  'command': { readonly id: string }
}
export type EventName = keyof Events

export interface AppInfo {
  readonly version: string
  readonly host: 'desktop' | 'server' | 'in-process'
  readonly platform: string
  readonly cores: number
  readonly memoryBytes: number
  readonly threads: number
  readonly capabilities: readonly ('native-dialogs' | 'native-menu' | 'files' | 'export' | 'gallery')[]
  /** Working folders with unsaved work, found at start. */
  readonly recovery: readonly { readonly recover: string; readonly title: string; readonly changed: string }[]
}

/** The descriptors as data, the same bytes as `residuum list … --json`. */
export interface Registry {
  readonly problems: readonly ProblemDescriptorData[]
  readonly steps: readonly DescriptorData[]
  readonly methods: readonly DescriptorData[]
  readonly presets: readonly PresetData[]
  readonly networks: readonly DescriptorData[]
  readonly optimizers: readonly DescriptorData[]
  /** Methods of `identify` steps. */
  readonly identification: readonly DescriptorData[]
  readonly architectures: readonly DescriptorData[]
  readonly quantizers: readonly DescriptorData[]
}
/** `defaults` are options of a solve step that shows the problem well: what a new experiment starts from. */
export interface ProblemDescriptorData extends DescriptorData { readonly statement: Json; readonly defaults?: Readonly<Record<string, Json>> }
export interface PresetData { readonly id: string; readonly name: string; readonly widthMm: number; readonly maximumHeightMm?: number; readonly basePt: number; readonly tickPt: number; readonly source: string; readonly year: number }

export interface GalleryItem {
  readonly example: string
  readonly title: string
  readonly summary: string
  /** The class that its card stands under: elliptic, parabolic, hyperbolic, waves, fluids, patterns, eigenvalues; absent where it has none. */
  readonly group?: string
  /** Words beside title and summary that a search finds it by. */
  readonly words?: readonly string[]
  /** Why the example cannot be read; it is listed all the same. */
  readonly fault?: string
  readonly hasResults: boolean
}

export interface Snapshot {
  /** Id of the open experiment in this engine. */
  readonly experiment: string
  readonly revision: number
  readonly document: ExperimentDocument
  readonly name: string
  readonly path?: string
  readonly dirty: boolean
  readonly readOnly: boolean
  readonly undo?: string
  readonly redo?: string
  readonly savedAt?: string
  readonly steps: readonly StepState[]
  /** Faults of the document as it stands. */
  readonly faults: readonly Fault[]
  readonly view?: Json
}

export type StepStatus = 'idle' | 'queued' | 'running' | 'done' | 'outdated' | 'failed' | 'cancelled'

export interface StepState {
  readonly id: string
  readonly status: StepStatus
  /** Present when a result is there (also while outdated). */
  readonly result?: ResultInfo
  readonly faults: readonly Fault[]
  /** True when an interrupted run can be continued from a checkpoint. */
  readonly resumable: boolean
  readonly progress?: JobProgress
}

export interface ResultInfo {
  readonly metrics: Readonly<Record<string, number>>
  readonly arrays: readonly ArrayInfo[]
  /** Networks that the step trained. */
  readonly models?: readonly ModelInfo[]
  readonly converged: boolean
  /** What a stopped run had reached: shown, but not what the step asks for. */
  readonly stopped?: true
  readonly seconds: number
  /** Lists of seconds, by what took them: `training` at the steps `relative_l2_steps`, `grid` beside `grid_relative_l2`. */
  readonly timings?: Readonly<Record<string, readonly number[]>>
  /** What really ran, in words: backend, precision, threads. */
  readonly ran: {
    readonly backend: string
    readonly precision: string
    readonly threads: number
    readonly version: string
    /** Of a solve: the method in the end, why where it was chosen automatically, and its nodes per axis. Absent on results of earlier versions. */
    readonly method?: string
    readonly reason?: string
    readonly resolution?: readonly number[]
  }
  readonly faults: readonly Fault[]
}

/** A stored ONNX model, as it says of itself. */
export interface ModelInfo {
  /** In the file: `models/pinn.onnx`. */
  readonly file: string
  readonly bytes: number
  /** Element types are ONNX's (`double`); a length that is free is its name. */
  readonly inputs: readonly ModelPort[]
  readonly outputs: readonly ModelPort[]
  readonly operatorSet: number
  /** Real numbers stored in it. */
  readonly parameters: number
  readonly precision?: 'float32' | 'float64'
  /** Why it cannot be read. */
  readonly fault?: string
}
export interface ModelPort { readonly name: string; readonly type: string; readonly shape: readonly (number | string)[] }

export interface FieldPicture {
  /** Nodes per axis in x, y(, z) order after reduction; with `spacetime` the second is t. */
  readonly shape: readonly number[]
  readonly values: Float32Array
  readonly minimum: number
  readonly maximum: number
  /** Over all times. */
  readonly minimumOverall: number
  readonly maximumOverall: number
  readonly nonFinite: number
  readonly axes: readonly { readonly name: string; readonly coordinates: Float64Array }[]
  readonly time?: number
}

export interface JobProgress {
  readonly experiment: string
  readonly step: string
  readonly fraction?: number
  readonly index?: number
  readonly count?: number
  readonly time?: number
  readonly residual?: number
  readonly loss?: number
  readonly stage?: string
  readonly secondsElapsed: number
  readonly secondsLeft?: number
}

export interface JobFrame {
  readonly experiment: string
  readonly step: string
  readonly name: string
  readonly time?: number
  readonly shape: readonly number[]
  readonly values: Float32Array
  readonly minimum: number
  readonly maximum: number
}

/** Points that the curves of a running step have gained since the last such event. */
export interface JobSeries {
  readonly experiment: string
  readonly step: string
  /** A new run begins: what is known of the step's curves belongs to an earlier one. */
  readonly restarts?: boolean
  readonly pieces: readonly CurvePiece[]
}

export interface CheckResult {
  readonly faults: readonly Fault[]
  /** LaTeX of equations, boundary, initial and exact lines, in document order; undefined where the text does not parse. */
  readonly latex: {
    readonly equations: readonly (string | undefined)[]
    readonly boundary: readonly (string | undefined)[]
    readonly initial: Readonly<Record<string, string | undefined>>
    readonly definitions: Readonly<Record<string, string | undefined>>
    readonly domain?: string
  }
  /** Words: elliptic, linear, symmetric, constant coefficients … */
  readonly traits: readonly string[]
  /** Evaluated parameters. */
  readonly parameters: Readonly<Record<string, number>>
  /** What a solve step with the method `auto` takes for this statement, and why. Absent where no method applies or the statement has faults. */
  readonly method?: { readonly id: string; readonly reason: string }
}

export interface ImportResult {
  /** What the file holds, when nothing was chosen yet and no single choice is obvious. */
  readonly arrays?: readonly { readonly array: string; readonly shape: readonly number[]; readonly complex: boolean; readonly guess?: Readonly<Record<string, string>> }[]
  /** The steps added. */
  readonly steps?: readonly string[]
  readonly snapshot?: Snapshot
}

/** What the window holds of the engine. */
export interface EngineClient {
  /** Rejects with FaultError. */
  call<C extends Channel>(channel: C, parameters: Parameters<C>): Promise<Results[C]>
  /** Returns the unsubscribe function. */
  on<E extends EventName>(event: E, listener: (payload: Events[E]) => void): () => void
  /** Called when the connection is lost (true) and restored (false). */
  onConnection(listener: (lost: boolean) => void): () => void
}

/** What a host implements: one function per channel; `client` tells windows apart (read-only second windows, frame subscriptions). */
export type Handlers = { readonly [C in Channel]: (parameters: z.output<(typeof requestSchemas)[C]>, client: ClientHandle) => Promise<Results[C]> }
export interface ClientHandle {
  readonly id: string
  emit<E extends EventName>(event: E, payload: Events[E]): void
}
