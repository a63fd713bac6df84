import type { Block } from '../../kernels/team'

/**
 * A method for u' = F(t, u) with its state. `step` serves fixed steps, steps at a stability limit and step doubling; `attempt` and `accept` serve methods that
 * estimate their own error. See evolve.ts for who calls what.
 */
export interface Stepper {
  /** For logs and metrics: `RK4`, `ETDRK4`, `Crank–Nicolson`. */
  readonly name: string
  /** Design order: the local error is O(dt^{order + 1}). */
  readonly order: number
  /** Relative difference of two steps that iterative solvers alone explain: no error estimate can be smaller. */
  readonly noise?: number
  /** The state that `step` continues from. Another block after each step: never keep it. */
  readonly state: Block
  /** state(time) → state(time + dt). On a throw the old state is still there. */
  step(time: number, dt: number): void
  /** False when a value of the state is not finite. Cheap enough for every few steps. */
  isFinite(): boolean
  /** What is kept of the present state at an output time, a new array: the nodes of every stored component, one component after the other. */
  nodalValues(): Float64Array
  /** The largest stable step for the present state, absent when the method has none. */
  stableStep?(time: number): StableStep
  /** Present when the method estimates its own errors. */
  readonly embedded?: EmbeddedControl
  /** What the next step depends on beside `state`: plain numbers for checkpoints. Absent: nothing. */
  save?(): Record<string, number>
  restore?(saved: Readonly<Record<string, number>>): void
}

/** A step is computed first (`attempt`) and taken when its error is small enough (`accept`); until then the state stays what it was. */
export interface EmbeddedControl {
  /**
   * Computes state(time + dt) beside the state.
   *
   * @param allowed relative local error that the step may have: iterative solvers go well below
   * @returns the estimated local error relative to the state, the largest over its parts; NaN when the step left the finite numbers
   */
  attempt(time: number, dt: number, allowed: number): number
  /** The attempt becomes the state. Returns by how much the next step may be longer where the method knows better than the driver, which otherwise decides by the error. */
  accept(): number | undefined
  /** The estimate is O(dt^{estimateOrder + 1}). May change from step to step. */
  readonly estimateOrder: number
  /** `per-unit-step`: local errors below tolerance · dt / duration; `per-step`: below tolerance (stiff methods, whose first steps are short). */
  readonly control: 'per-unit-step' | 'per-step'
  /** As `nodalValues` at a time between the last two states, by the method's own interpolant. Absent: steps end on every output time. */
  interpolate?(time: number): Float64Array
}

export interface StableStep {
  readonly dt: number
  /** What limits, in words with numbers: "diffusion 0.25 on cells of 0.01". */
  readonly reason: string
  /** True when longer steps may be stable too: the limit then bounds chosen steps but refuses none that the user asks for. */
  readonly sufficient?: boolean
}
