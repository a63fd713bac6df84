import type { Libm } from '../../expressions/libm'
import type { Checkpoint, Team } from '../../kernels/team'
import type { Precision } from '../graph/graph'
import type { Network, Parameters } from '../networks'
import type { Linearisation } from '../optimizers/gauss-newton'
import type { LearningRuntime } from '../runtime'
import type { Feed, NetworkArrays } from './feed'
import type { TrainingForm } from './form'

/** What is trained, on what, and with what. */
export interface TrainingTask {
  readonly network: Network
  /** All arrays of the network, those that stay fixed included. */
  readonly initial: Parameters
  /** Names of the arrays that are trained, in the order of flat parameter vectors. */
  readonly trained: readonly string[]
  readonly form: TrainingForm
  readonly feed: Feed
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
  /** The parts that the loss is the sum of, by their names. */
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
  parameters(): NetworkArrays
  /** The least-squares problem of the last step, of methods that solve one. */
  linearisation?(): Linearisation | undefined
  /** What is needed to go on to the same bits; the feed stores its own. */
  store(): Checkpoint
  dispose(): void
}

/** What a registry line loads. */
export interface TrainingMethodFamily<Options = never> {
  create(options: Options, task: TrainingTask, resumed: Checkpoint | undefined): Promise<TrainingMethod>
}

/** The numbers of a vector of parts by the parts' names; parts of one name are added. */
export function byPart(form: TrainingForm, values: ArrayLike<number>): Record<string, number> {
  const named: Record<string, number> = {}
  form.parts.forEach(({ name }, k) => { named[name] = (named[name] ?? 0) + values[k] })
  return named
}
