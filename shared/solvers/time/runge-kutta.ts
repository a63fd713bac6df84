import type { Block, Team } from '../../kernels/team'
import { limitsOf, weakGrowth } from './stability-limits'
import type { Stepper } from './stepper'
import { createVectorOperations, type SemiDiscreteSystem } from './system'
import type { RungeKuttaTableau } from './tableaux'

/** An explicit Runge–Kutta method on u' = F(t, u): fixed steps, or steps with its embedded error estimate. Stability limits come from its stability polynomial. */
export function createExplicitRungeKutta(tableau: RungeKuttaTableau, system: SemiDiscreteSystem, team: Team): Stepper {
  const { a, b, error, secondError } = tableau
  const { size } = system
  const block = (): Block => team.arena.f64(size)
  const vectors = createVectorOperations(system, b.length, team)
  const c = a.map(row => row.reduce((sum, entry) => sum + entry, 0))
  const limits = limitsOf(a, b, error ? weakGrowth : undefined)
  let state = block()
  let next = block()
  const work = block()
  let k = b.map(block)
  vectors.copy(system.initial, state)
  /** The time at which k[0] is F of the present state. */
  let known: number | undefined

  function stages(time: number, dt: number): void {
    if (known !== time) system.rate(time, state, k[0])
    for (let i = 1; i < b.length; i++) {
      if (tableau.firstSameAsLast && i === b.length - 1) return
      vectors.combine(1, state, a[i].map((entry, j) => [dt * entry, k[j]] as const), work)
      // c of the last stages is 1 up to the rounding of its sum.
      system.rate(c[i] > 1 - 1e-14 ? time + dt : time + c[i] * dt, work, k[i])
    }
  }
  function advance(time: number, dt: number): void {
    vectors.combine(1, state, b.map((weight, i) => [dt * weight, k[i]] as const), next)
    system.impose?.(time + dt, next)
  }
  const estimate = (dt: number, weights: readonly number[]): number => {
    vectors.combine(0, undefined, weights.map((weight, i) => [dt * weight, k[i]] as const), work)
    return vectors.relativeError(work, next)
  }

  let reached = 0
  return {
    name: tableau.name,
    order: tableau.order,
    get state() {
      return state
    },
    step(time, dt) {
      // The driver may have put another state here since.
      known = undefined
      stages(time, dt)
      advance(time, dt)
      ;[state, next] = [next, state]
    },
    isFinite: () => vectors.isFinite(state),
    nodalValues: () => system.nodalValues(state),
    ...(system.stableStep ? { stableStep: (time: number) => system.stableStep!(time, state, limits) } : {}),
    ...(error ? {
      embedded: {
        control: 'per-unit-step' as const,
        estimateOrder: tableau.estimateOrder ?? tableau.order - 1,
        attempt(time: number, dt: number) {
          stages(time, dt)
          known = time
          reached = time + dt
          advance(time, dt)
          if (tableau.firstSameAsLast) system.rate(reached, next, k[b.length - 1])
          const main = estimate(dt, error)
          if (!secondError || main === 0) return main
          const second = estimate(dt, secondError)
          return (main * main) / Math.sqrt(main * main + 0.01 * second * second)
        },
        accept() {
          ;[state, next] = [next, state]
          known = undefined
          if (tableau.firstSameAsLast) {
            k = [k[b.length - 1], ...k.slice(1, -1), k[0]]
            known = reached
          }
          return undefined
        },
      },
    } : {}),
  }
}
