import type { Libm } from '../../expressions/libm'
import type { Checkpoint, Team } from '../../kernels/team'
import type { Collocation } from '../formulations/collocation'
import type { Precision } from '../graph/graph'
import type { Network, Parameters } from '../networks'
import type { LearningRuntime } from '../runtime'

/** What is trained, on what, and with what. */
export interface TrainingTask {
  readonly network: Network
  /** All arrays of the network, those that stay fixed included. */
  readonly initial: Parameters
  /** Names of the arrays that are trained, in the order of flat parameter vectors. */
  readonly trained: readonly string[]
  readonly collocation: Collocation
  /** The points of drawing number `index`: the same for the same number. */
  draw(index: number): Readonly<Record<string, Float64Array>>
  /** Steps between new points; 0 keeps the first. */
  readonly resample: number
  readonly precision: Precision
  /** Steps of the budget, which schedules end with; undefined where only seconds are given. */
  readonly steps: number | undefined
  readonly runtime: LearningRuntime
  readonly team: Team
  readonly libm: Libm
}

export interface Advance {
  /** Steps done in all. */
  readonly step: number
  /** Before the step. */
  readonly loss: number
  /** The parts that the loss is the sum of, by the names of the terms. */
  readonly terms: Readonly<Record<string, number>>
  /** Other numbers of this step that are worth a curve: `cutoff`, `rank`, `rate`. */
  readonly curves?: Readonly<Record<string, number>>
  /** Set when further steps would change nothing, in one sentence. */
  readonly stalled?: string
}

/** An optimizer at work. */
export interface TrainingMethod {
  advance(): Promise<Advance>
  /** All arrays of the network, in double precision. */
  parameters(): Readonly<Record<string, Float64Array>>
  /** What is needed to go on to the same bits. */
  store(): Checkpoint
  dispose(): void
}

/** What a registry line loads. */
export interface TrainingMethodFamily<Options = never> {
  create(options: Options, task: TrainingTask, resumed: Checkpoint | undefined): Promise<TrainingMethod>
}
