import type { RegistryLine } from '../../descriptor'
import type { Libm } from '../../expressions/libm'
import type { Fault } from '../../fault'
import type { AnalysedProblem } from '../../problems/analysed'
import { sampledDomain, type Sequence } from '../sampling'
import type { TrainingForm } from '../training/form'
import type { HeldConditions } from './held-conditions'

/** What a network stands for in a statement, whatever it is trained on. */
export interface NetworkStatement {
  /** The network's inputs: coordinates of space, then `t`. */
  readonly coordinates: readonly string[]
  /** Components that the network gives, as indices into the system's, in the order of its outputs. Velocities `u__t` are derivatives of outputs. */
  readonly outputs: readonly number[]
}

export function networkStatement(problem: AnalysedProblem): NetworkStatement {
  const { coordinates } = sampledDomain(problem)
  return { coordinates: problem.time ? [...coordinates, 't'] : coordinates, outputs: problem.system.components.flatMap((c, i) => (c.part === 't' ? [] : [i])) }
}

/** How many points carry the parts of a loss. */
export interface PointCounts {
  readonly interior: number
  readonly boundary: number
  readonly initial: number
}

export interface FormulationRequest {
  readonly problem: AnalysedProblem
  readonly points: PointCounts
  readonly sequence: Sequence
  /** Whether points of the equations have factors of their own (input `emphasis`). */
  readonly emphasis?: boolean
  /** Conditions that the network fulfils by its form: no part of the loss. */
  readonly held?: HeldConditions
  readonly libm: Libm
}

/** What a registry line loads: makes a loss of a statement. */
export interface FormulationFamily<Options = never> {
  create(options: Options, request: FormulationRequest): TrainingForm
}

/** One formulation: its id is the document's `formulation`, its options stand under `test` (weak form) and the like, as its descriptor says. */
export interface FormulationLine extends RegistryLine<FormulationFamily> {
  /** Whether its equations are asked for point by point (`equationPoints` of the form). */
  readonly pointwise?: boolean
  /** Whether its networks hold conditions by their form where nothing is said: an energy has to pay for those that are missed. */
  readonly holdsConditions?: boolean
  /** Why the statement has no such form with these options of the descriptor, in one sentence; empty when it has. */
  faults(problem: AnalysedProblem, options?: Readonly<Record<string, unknown>>): readonly Fault[]
}
