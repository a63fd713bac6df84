import type { Block } from '../../kernels/team'

/** A one-step method for u' = F(t, u) with its state. */
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
  /** The unknown at the nodes for the present state, a new array. */
  nodalValues(): Float64Array
  /** The largest stable step for the present state, absent when the method has none. */
  stableStep?(time: number): StableStep
}

export interface StableStep {
  readonly dt: number
  /** What limits, in words with numbers: "diffusion 0.25 on cells of 0.01". */
  readonly reason: string
  /** True when longer steps may be stable too: the limit then bounds chosen steps but refuses none that the user asks for. */
  readonly sufficient?: boolean
}
