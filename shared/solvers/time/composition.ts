import type { Block, Team } from '../../kernels/team'
import type { StableStep, Stepper } from './stepper'
import { createVectorOperations, type Flow, type SemiDiscreteSystem } from './system'

/** 2^{1/3}, and with it the three steps of the fourth-order composition: w₁, w₀, w₁ with 2w₁ + w₀ = 1 and 2w₁³ + w₀³ = 0. */
const cubeRootOfTwo = 1.2599210498948732
const outer = 1 / (2 - cubeRootOfTwo)
const inner = 1 - 2 * outer
const schemes = {
  strang: { name: 'Strang splitting', order: 2, parts: [1] },
  yoshida: { name: 'Yoshida 4', order: 4, parts: [outer, inner, outer] },
} as const

/**
 * Composition of two flows, u' = A + B: strang is A(dt/2) B(dt) A(dt/2), order 2 (G. Strang, SIAM J. Numer. Anal. 5 (1968), doi:10.1137/0705041); yoshida applies it over w₁dt, w₀dt, w₁dt with
 * w₀ < 0, order 4 (H. Yoshida, Phys. Lett. A 150 (1990), doi:10.1016/0375-9601(90)90092-3): for flows that can go back in time, so not for diffusion. Time moves with the first flow; the
 * second sees the time at which it is called. Symplectic when both flows are.
 */
export function createComposition(
  scheme: keyof typeof schemes, [first, second]: readonly [Flow, Flow],
  system: Pick<SemiDiscreteSystem, 'size' | 'parts' | 'initial' | 'impose' | 'nodalValues'> & { stableStep?(time: number, state: Block): StableStep }, team: Team, name?: string,
): Stepper {
  const { parts, order } = schemes[scheme]
  const vectors = createVectorOperations(system, 1, team)
  let state = team.arena.f64(system.size)
  let next = team.arena.f64(system.size)
  vectors.copy(system.initial, state)
  return {
    name: name ?? schemes[scheme].name,
    order,
    get state() {
      return state
    },
    step(time, dt) {
      vectors.copy(state, next)
      let done = 0
      // Half steps of the first flow that meet are taken as one.
      let pending = 0
      for (const part of parts) {
        pending += 0.5 * part
        first(time + done * dt, pending * dt, next)
        done += pending
        second(time + done * dt, part * dt, next)
        pending = 0.5 * part
      }
      first(time + done * dt, pending * dt, next)
      system.impose?.(time + dt, next)
      ;[state, next] = [next, state]
    },
    isFinite: () => vectors.isFinite(state),
    nodalValues: () => system.nodalValues(state),
    ...(system.stableStep ? { stableStep: (time: number) => system.stableStep!(time, state) } : {}),
  }
}

/** Entries position … position + length − 1 of a state are q, those from velocity on their p. */
export interface Pair {
  readonly position: number
  readonly velocity: number
  readonly length: number
}

/**
 * Leapfrog for q' = p, p' = F(t, q): drift and kick composed by Strang (Störmer–Verlet) or Yoshida; symplectic, so a discrete energy stays near its value for ever.
 *
 * @param force out ← F(time, q) into the velocities' places of `out`; the others are not read
 */
export function createLeapfrog(
  scheme: keyof typeof schemes, pairs: readonly Pair[], force: (time: number, state: Block, out: Block) => void, system: Parameters<typeof createComposition>[2], team: Team,
): Stepper {
  const rate = team.arena.f64(system.size)
  const add = (length: number, to: number, dt: number, from: number): void => team.parallel('stepping.addScaled', 0, length, [to, dt, from, to], { grain: 1024 })
  const drift: Flow = (_, dt, { pointer }) => {
    for (const { position, velocity, length } of pairs) add(length, pointer + 8 * position, dt, pointer + 8 * velocity)
  }
  const kick: Flow = (time, dt, state) => {
    force(time, state, rate)
    for (const { velocity, length } of pairs) add(length, state.pointer + 8 * velocity, dt, rate.pointer + 8 * velocity)
  }
  return createComposition(scheme, [drift, kick], system, team, scheme === 'strang' ? 'leapfrog' : 'Yoshida 4')
}
