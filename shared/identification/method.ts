import type { RegistryLine } from '../descriptor'
import type { Statement } from '../experiment/document'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import type { AnyField } from '../fields/mesh'
import type { Run, Team } from '../kernels/team'
import type { PointCounts } from '../learning/formulations/formulation'
import type { Network } from '../learning/networks'
import type { RandomStream } from '../learning/random'
import type { LearningRuntime } from '../learning/runtime'
import type { Sequence } from '../learning/sampling'
import type { NetworkArrays } from '../learning/training/feed'
import type { TrainingForm } from '../learning/training/form'
import type { TrainingTask } from '../learning/training/method'
import type { AnalysedProblem } from '../problems/analysed'
import type { SolveRequest } from '../solvers/method'

/** What every method of an `identify` step implements. */
export interface IdentificationMethod {
  /** Throws FaultError for data that determine nothing, and `Cancelled`. */
  identify(request: IdentificationRequest, host: IdentificationHost): Promise<Identification>
}

/** One method: its id is the document's `method`, the keys of its options stand beside the common ones in the step. */
export interface IdentificationLine extends RegistryLine<IdentificationMethod> {
  /** Whether it finds values of named unknowns (`unknown` must say which), rather than the equation itself. */
  readonly named: boolean
  /** What it does not cover, in one sentence each, before anything is read or computed; paths are relative to the step. The options have their defaults. */
  faults(step: IdentificationStep): readonly Fault[]
}

/** What the step says, without its data. */
export interface IdentificationStep {
  /** Spelled out; undefined where the document has no problem (only methods that are not `named` can do without). */
  readonly statement: Statement | undefined
  readonly problem: AnalysedProblem | undefined
  /** Names of parameters, or of definitions that stand for coefficient fields. */
  readonly unknown: readonly string[]
  /** Values that the user knows to be true, for errors in the metrics; also `terms` by the texts of terms. */
  readonly truth: Readonly<Record<string, number | string>>
  /** First values of scalars and expressions of fields; where absent, those of the statement. */
  readonly start: Readonly<Record<string, number | string>>
  /** Standard deviation of the noise that the step adds, as a fraction of that of the data; undefined when none is added and nothing is known. */
  readonly noise: number | undefined
  /** Number of scattered points drawn from the data; undefined for the default. */
  readonly points: number | undefined
  /** The method's own options, validated by its descriptor. */
  readonly options: Readonly<Record<string, unknown>>
}

export interface IdentificationRequest extends IdentificationStep {
  readonly observations: Observations
  /** Child stream of the document's seed for this step. */
  readonly random: RandomStream
  readonly libm: Libm
}

/** Values of unknowns in space and time, noise of the step included. */
export interface Observations {
  /**
   * One scalar field for each observed component, under its name in the system (`u`, `h__re`, `v__x`), or in the file where there is no problem; all on the same grid or mesh and at the same times.
   * NaN where nothing was observed.
   */
  readonly fields: readonly AnyField[]
  /** Standard deviation of each before noise was added. */
  readonly deviations: readonly number[]
}

export interface IdentificationHost {
  readonly team: Team
  readonly run: Run
  readonly learning: LearningRuntime
  /** Milliseconds of a steady clock: for budgets in seconds, never for results. */
  now(): number
  /** The classical solver that the step's options choose for the statement: resolved once, then called with other parameter values. Throws FaultError where none applies. */
  solver(problem: AnalysedProblem, options: Readonly<Record<string, unknown>>, times: Float64Array | undefined): Promise<ForwardSolver>
  /** Trains as a train step does: budget, checkpoints, Stop, live pictures. */
  train(training: NetworkTraining): Promise<TrainedNetwork>
}

/** A training whose loss and network are made by a method of identification. */
export interface NetworkTraining {
  /** Whose coordinates, domain and observed solution the network has; parameters have their first values. */
  readonly problem: AnalysedProblem
  /** The method's options, in the shape of those of a train step. */
  readonly options: Readonly<Record<string, unknown>>
  readonly random: RandomStream
  /** What is trained in place of the solution's own network. */
  network(solution: Network): Network
  form(points: PointCounts, sequence: Sequence): TrainingForm
  /** Numbers worth a curve. */
  observe(arrays: NetworkArrays): Readonly<Record<string, number>>
}

export interface TrainedNetwork {
  readonly arrays: NetworkArrays
  /** What was minimised, for what is asked of it afterwards. */
  readonly task: TrainingTask
  readonly fields: readonly AnyField[]
  readonly models: NonNullable<Identification['models']>
  /** Loss, its terms and the observed numbers over steps. */
  readonly curves: Identification['arrays']
  readonly steps: number
  readonly loss: number
  readonly faults: readonly Fault[]
  readonly stopped: boolean
}

/** A classical method with its grid and options. */
export interface ForwardSolver {
  readonly method: string
  readonly reason?: string
  readonly request: SolveRequest
  /** Fields of the solution with the same grid, options and times, for a statement of the same class. Silent: no frames, curves or progress. */
  solve(problem: AnalysedProblem): ForwardSolution
}

export interface ForwardSolution {
  readonly fields: readonly AnyField[]
  readonly converged: boolean
  readonly faults: readonly Fault[]
}

/** What an `identify` step leaves. */
export interface Identification {
  /** The fitted solution and recovered coefficient fields; the first is shown. */
  readonly fields: readonly AnyField[]
  /** Curves over iterations under the names of live series, residuals, … */
  readonly arrays: readonly { readonly name: string; readonly values: Float64Array; readonly shape?: readonly number[] }[]
  /** Values under the unknowns' own names, `<name>_standard_error`, `<name>_error` (relative, where the truth is given), `misfit`, `identified`. */
  readonly metrics: Readonly<Record<string, number>>
  readonly converged: boolean
  readonly faults: readonly Fault[]
  /** Networks trained on the way, as ONNX files. */
  readonly models?: readonly { readonly name?: string; readonly bytes: Uint8Array }[]
  readonly precision?: 'float32' | 'float64'
  readonly stopped?: true
  readonly ran?: { readonly method: string; readonly reason?: string; readonly resolution?: readonly number[] }
}
