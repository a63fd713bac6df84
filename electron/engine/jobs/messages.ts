import type { ExperimentDocument } from '../../../shared/experiment/document'
import type { Fault } from '../../../shared/fault'
import type { Progress } from '../../../shared/kernels/team'
import type { CurvePiece } from '../../../shared/protocol/live-curves'
import type { RanMethod, Timings } from '../../../shared/steps/step-kind'

/** One step to run, complete: a job process needs nothing else than this and the folders it names. */
export interface JobOrder {
  /** Working folder of the experiment (store/workspace.ts has its layout). */
  readonly workspace: string
  /** Folder beside which the document's foreign files lie; absent for a document that was never saved. */
  readonly documentFolder?: string
  readonly document: ExperimentDocument
  readonly step: string
  /** Key of the result (store/keys.ts); a checkpoint of another key is not resumed. */
  readonly key: string
  readonly fileHashes?: Readonly<Record<string, string>>
  readonly seed: number
  readonly version: string
  readonly threads: number
  /** Bound of the arena that holds every array of the solver. */
  readonly budgetBytes: number
  /** An ES module that exports `stepKinds` in place of the registry: for tests of the machinery. */
  readonly stepKindsModule?: string
}

/** What a finished step leaves beside its arrays: `records/<step>.json`, and a part of the packed file's provenance. */
export interface ResultRecord {
  readonly step: string
  readonly key: string
  readonly seconds: number
  readonly backend: string
  readonly precision: string
  readonly threads: number
  readonly version: string
  readonly converged: boolean
  /** The run was stopped: what had been reached. Does not count as the step's result. */
  readonly stopped?: true
  readonly faults: readonly Fault[]
  readonly ran?: RanMethod
  /** Seconds by what took them, as the step tells them. */
  readonly timings?: Timings
  /** sha256 of the foreign files that the result rests on, by the names of the document. */
  readonly fileHashes?: Readonly<Record<string, string>>
}

export type ToJob =
  | { readonly kind: 'start'; readonly order: JobOrder }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'ping'; readonly id: number }
  /** Live frames of at most these nodes per axis; absent turns them off. */
  | { readonly kind: 'frames'; readonly size?: readonly number[] }
  /** One credit: the next frame may be made. */
  | { readonly kind: 'next-frame' }

export interface Frame {
  readonly name: string
  readonly time?: number
  readonly shape: readonly number[]
  readonly values: Float32Array
  readonly minimum: number
  readonly maximum: number
}

/** From the conductor, passed on by the pump as it is. */
export type FromConductor =
  | { readonly kind: 'started'; readonly resumed: boolean }
  | { readonly kind: 'progress'; readonly update: Progress }
  | { readonly kind: 'log'; readonly severity: 'info' | 'warning'; readonly message: string }
  | { readonly kind: 'frame'; readonly frame: Frame }
  | { readonly kind: 'series'; readonly pieces: readonly CurvePiece[] }
  | { readonly kind: 'checkpointed' }
  /** When it is stopped, this step finishes the step it is in and leaves a result: it needs time. */
  | { readonly kind: 'keeps' }
  | { readonly kind: 'finished'; readonly status: 'done' | 'failed' | 'cancelled'; readonly faults: readonly Fault[]; readonly record?: ResultRecord; readonly stack?: string }

export type FromJob =
  | FromConductor
  | { readonly kind: 'ready' }
  | { readonly kind: 'pong'; readonly id: number; readonly residentBytes: number }
  | { readonly kind: 'cancelling' }

/** Words that the pump and the conductor share (Int32Array on a SharedArrayBuffer). */
export const control = {
  /** 1: the user pressed Stop. */
  cancel: 0,
  /** 1: a frame may be made. */
  frameCredit: 1,
  /** Number of axes of the wanted frame, 0: no subscriber; the sizes follow. */
  frameAxes: 2,
  words: 6,
} as const
