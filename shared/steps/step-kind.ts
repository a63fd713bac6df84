import type { Descriptor } from '../descriptor'
import type { ExperimentDocument, StepEnvelope } from '../experiment/document'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import type { AnyField } from '../fields/mesh'
import type { Json } from '../json'
import type { Run, Team } from '../kernels/team'
import type { LearningRuntime } from '../learning/runtime'
import type { AnalysedProblem } from '../problems/analysed'

/**
 * A kind of step: one file here and one line in registry.ts. The descriptor and what follows it is light and safe to call while somebody types;
 * `load` brings the runner and is called only in a job.
 */
export interface StepKind {
  readonly descriptor: Descriptor
  /** Ids of the steps whose results this step reads. The document is for steps that run others: without it they name none. */
  inputs(step: StepEnvelope, document?: Pick<ExperimentDocument, 'steps'>): readonly string[]
  /** Names of foreign files that the step reads, as written in the document. Their sha256 belongs to the result's key. */
  files(step: StepEnvelope, document?: Pick<ExperimentDocument, 'steps'>): readonly string[]
  /** What else of the document the result depends on, beside problem, own options, inputs and files: options of steps that this one runs. */
  reads?(step: StepEnvelope, document: ExperimentDocument): Json
  /** Faults of the step's options beyond their schema, with paths relative to the step (`resolution[1]`). The problem is undefined when there is none or it has faults of its own. */
  check(step: StepEnvelope, document: ExperimentDocument, problem: AnalysedProblem | undefined, libm: Libm): readonly Fault[]
  load(): Promise<StepRunner>
}

export interface StepRunner {
  run(context: StepContext): Promise<StepOutput> | StepOutput
}

export interface StepContext {
  readonly document: ExperimentDocument
  readonly step: StepEnvelope
  /** Analysed; undefined when the document has no problem. */
  readonly problem: AnalysedProblem | undefined
  readonly team: Team
  readonly run: Run
  readonly libm: Libm
  readonly seed: number
  /** Milliseconds of a steady clock: for budgets in seconds, never for results. */
  now(): number
  /** Runs compiled learning programs; nothing is loaded before the first one is prepared. */
  readonly learning: LearningRuntime
  /** A finished step's result. */
  input(stepId: string): StepResult
  /** One array of a foreign file named by the document, or several as components, read by the host under its limits; a complex array has the components `re` and `im`. */
  foreign(name: string, array: string | readonly string[] | undefined, axes: Readonly<Record<string, string>> | undefined): Promise<AnyField>
}

export interface StepResult {
  readonly fields: readonly AnyField[]
  readonly arrays: readonly NamedArray[]
  readonly metrics: Readonly<Record<string, number>>
}

export interface NamedArray {
  readonly name: string
  readonly values: Float64Array
  /** C-order; 1-D when absent. */
  readonly shape?: readonly number[]
  /** As an axis says it: `width`. */
  readonly title?: string
  /** What the whole numbers in it stand for: names of groups. */
  readonly labels?: readonly string[]
}

/** A trained network for other programs. */
export interface StepModel {
  /** Beside the step's first model, which has none: `models/<step>.onnx`, `models/<step>.<name>.onnx`. Small letters, digits, hyphens. */
  readonly name?: string
  /** An ONNX file. */
  readonly bytes: Uint8Array
}

export interface StepOutput extends StepResult {
  readonly models?: readonly StepModel[]
  /** Seconds, by what took them: for the provenance, never for results. */
  readonly timings?: Timings
  /** What the fields are rounded to on the way to the disk; float64 when absent. Coordinates and other arrays keep float64. */
  readonly store?: 'float64' | 'float32'
  /** What was computed in, when not float64. */
  readonly precision?: 'float32' | 'float64'
  readonly converged: boolean
  /** Stop was pressed: this is what had been reached. The step's checkpoint stays, and computing again goes on from it. */
  readonly stopped?: true
  readonly faults: readonly Fault[]
  readonly ran?: RanMethod
}

/** Lists of seconds: `training` at the steps `relative_l2_steps`, `grid` beside `grid_relative_l2`. */
export type Timings = Readonly<Record<string, readonly number[]>>

/** The method that a step ran in the end, and why where `auto` chose it. */
export interface RanMethod {
  readonly method: string
  readonly reason?: string
  /** Nodes per axis, where the method has a grid. */
  readonly resolution?: readonly number[]
}

/** What a result depends on beside the engine's version: equal material, equal result. `inputKeys` and `fileHashes` by id and name. */
export interface KeyMaterial {
  readonly problem: Json
  readonly step: Json
  readonly seed: number
  readonly inputKeys: Readonly<Record<string, string>>
  readonly fileHashes: Readonly<Record<string, string>>
}
