import type { Pointer } from '../../../kernels/team'
import type { LinearMap, Preconditioner } from '../map'

/** Called after every iteration with its number (from 1 in each round) and the norm of its residual; returns true to stop. May throw `Cancelled`. */
export type Watch = (iteration: number, residual: number) => boolean

/**
 * stopped: the watch said so. restart: the method wants a new round with a fresh residual. breakdown: it cannot go on from here (a division by zero, an
 * exact solution). indefinite: conjugate gradients met pᵀAp < 0.
 */
export type RoundEnd = 'stopped' | 'restart' | 'breakdown' | 'indefinite'

/** One round of a Krylov method: `r` holds f − A u on entry and is used up; u is improved. */
export type Round = (u: Pointer, r: Pointer, watch: Watch) => RoundEnd

export interface KrylovSystem {
  readonly map: LinearMap
  /** Absent: the identity. */
  readonly preconditioner?: Preconditioner
}
