import type { RegistryLine } from '../../descriptor'
import type { Fault } from '../../fault'
import type { Field } from '../../fields/field'
import type { Run, Team } from '../../kernels/team'
import type { AnalysedProblem } from '../../problems/analysed'
import type { NetworkStatement } from '../formulations/formulation'
import type { NetworkEvaluation } from '../formulations/network-solution'
import type { Linearisation } from '../optimizers/gauss-newton'
import type { RandomStream } from '../random'
import type { NetworkArrays, StepInputs } from '../training/feed'
import type { TangentTask } from './ntk'
import type { SampledTangent } from './sampled-tangent'

/** A training that is looked at. */
export interface DiagnosticTask extends TangentTask {
  readonly problem: AnalysedProblem
  readonly statement: NetworkStatement
  readonly evaluation: NetworkEvaluation
  /** The loss linearised at a few points of its own, shared by the diagnostics that need it. */
  readonly tangent: SampledTangent
  /** Nodes and output times of the picture that is stored; undefined in more than three dimensions. */
  readonly picture: { readonly resolution: readonly number[]; readonly times: Float64Array } | undefined
  /** What the network should be, where it is known. */
  readonly truth: Truth | undefined
  /** The document's optimizer, by its id. */
  readonly optimizer: string
  readonly team: Team
  readonly stream: RandomStream
  readonly run: Pick<Run, 'log' | 'progress' | 'throwIfCancelled'>
}

/** An exact solution, or the field of another step. */
export interface Truth {
  /** Row-major [points, outputs] at points [points, coordinates] of one time; NaN where it is not known. */
  at(points: Float64Array): Float64Array
}

/** The network between two steps. */
export interface Moment {
  /** Steps done. */
  readonly step: number
  readonly parameters: NetworkArrays
  /** What the last step was given: points, and the factors of the parts. */
  readonly inputs: StepInputs
}

/** The network at the end, and what led there. */
export interface Ending extends Moment {
  /** As it was before the first step. */
  readonly start: NetworkArrays
  /** Before each step. */
  readonly loss: readonly number[]
  /** Losses of the parts by their names, before each step. */
  readonly terms: Readonly<Record<string, readonly number[]>>
  /** What diagnostics observed, and after which steps. */
  readonly observed: Readonly<Record<string, readonly number[]>>
  readonly observedSteps: readonly number[]
  /** Why the optimizer ended by itself. */
  readonly stalled: string | undefined
  /** Of methods that solve a least-squares problem at each step: the last one. */
  readonly linearisation: Linearisation | undefined
}

/** What a diagnostic leaves in the result. Nothing in it may depend on the clock. */
export interface Finding {
  readonly fields?: readonly Field[]
  readonly arrays?: readonly { readonly name: string; readonly values: Float64Array; readonly shape?: readonly number[] }[]
  readonly metrics?: Readonly<Record<string, number>>
  /** What is worth a sentence; of severity `info` where nothing has failed. */
  readonly faults?: readonly Fault[]
}

/** A look at a training. What it keeps from one moment to the next would be lost when a run is interrupted: curves are kept by the loop, everything else is found at the end. */
export interface Diagnostic {
  /** Points of curves, by array name: asked for after steps 1, 2, … and then after every sixth part more, so some 6 ln(n/6) + 6 times in n steps. */
  observe?(moment: Moment): Promise<Readonly<Record<string, number>>>
  finish?(ending: Ending): Promise<Finding>
  dispose?(): void
}

export interface DiagnosticFamily {
  create(task: DiagnosticTask): Promise<Diagnostic> | Diagnostic
}

export interface DiagnosticLine extends RegistryLine<DiagnosticFamily> {
  /** Whether a training has it unless told otherwise: what costs little beside any training. */
  readonly usual: boolean
}

/** The name of a diagnostic's field of an unknown: `residual`, or `residual_v` where there are several unknowns. */
export const fieldName = (quantity: string, unknown: string, { unknowns }: Pick<AnalysedProblem, 'unknowns'>): string => (unknowns.length > 1 ? `${quantity}_${unknown}` : quantity)
