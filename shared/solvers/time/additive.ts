import type { Block, Team } from '../../kernels/team'
import { limitsOf } from './stability-limits'
import type { Stepper } from './stepper'
import { createVectorOperations, type AdditiveSystem, type ImplicitSystem } from './system'
import type { AdditiveTableau } from './tableaux'

/** Errors of stage solves, as a part of what the step may have. */
const solverPart = 0.02
/** … and relative to the state when steps are fixed. */
const fixedTolerance = 1e-11
const leastTolerance = 1e-14

/**
 * Implicit–explicit Runge–Kutta on u' = F_E + F_I: stage i solves uᵢ − γ dt F_I(tᵢ, uᵢ) = u + dt Σ_{j<i} (aᴱᵢⱼ F_E(uⱼ) + aᴵᵢⱼ F_I(uⱼ)). Without an explicit part it is a
 * singly diagonally implicit method with an explicit first stage.
 */
export function createAdditiveRungeKutta(tableau: AdditiveTableau, system: ImplicitSystem & Partial<Pick<AdditiveSystem, 'explicit'>>, team: Team, options: { readonly stageTolerance?: number } = {}): Stepper {
  const { c, gamma, error } = tableau
  const { size, implicit } = system
  const { explicit } = system
  const stages = c.length
  const block = (): Block => team.arena.f64(size)
  const vectors = createVectorOperations(system, 2 * stages, team)
  let state = block()
  let next = block()
  const [known, u] = [block(), block()]
  const kI = c.map(block)
  const kE = explicit ? c.map(block) : []
  const usesFirst = tableau.implicit.some(row => (row[0] ?? 0) !== 0) || tableau.implicitWeights[0] !== 0
  // The implicit part damps; what remains on the imaginary axis is what the explicit method of the pair bears.
  const limits = { ...limitsOf(tableau.explicit, tableau.explicitWeights), sufficient: true }
  const bounded = { ...limits, imaginary: Math.max(1, limits.imaginary) }
  vectors.copy(system.initial, state)

  function compute(time: number, dt: number, tolerance: number): void {
    explicit?.(time, state, kE[0])
    if (usesFirst) implicit.rate(time, state, kI[0])
    vectors.copy(state, u)
    for (let i = 1; i < stages; i++) {
      const at = time + c[i] * dt
      const terms: [number, Block][] = []
      for (let j = 0; j < i; j++) {
        terms.push([dt * (tableau.implicit[i][j] ?? 0), kI[j]])
        if (explicit) terms.push([dt * (tableau.explicit[i][j] ?? 0), kE[j]])
      }
      vectors.combine(1, state, terms, known)
      implicit.solveStage(at, gamma * dt, known, u, tolerance)
      vectors.combine(1 / (gamma * dt), u, [[-1 / (gamma * dt), known]], kI[i])
      explicit?.(at, u, kE[i])
    }
    const sum = c.flatMap((_, i): [number, Block][] => [[dt * tableau.implicitWeights[i], kI[i]], ...(explicit ? [[dt * tableau.explicitWeights[i], kE[i]] as [number, Block]] : [])])
    vectors.combine(1, state, sum, next)
    system.impose?.(time + dt, next)
  }

  return {
    name: explicit ? tableau.name : tableau.name.replace('IMEX ARK', 'ESDIRK'),
    order: tableau.order,
    noise: implicit.noise ?? 0,
    get state() {
      return state
    },
    step(time, dt) {
      compute(time, dt, options.stageTolerance ?? fixedTolerance)
      ;[state, next] = [next, state]
    },
    isFinite: () => vectors.isFinite(state),
    nodalValues: () => system.nodalValues(state),
    ...(explicit && system.stableStep ? { stableStep: (time: number) => system.stableStep!(time, state, bounded) } : {}),
    ...(error ? {
      embedded: {
        control: 'per-step' as const,
        estimateOrder: tableau.estimateOrder ?? tableau.order - 1,
        attempt(time: number, dt: number, allowed: number) {
          compute(time, dt, Math.max(leastTolerance, solverPart * allowed))
          const terms = error.flatMap((weight, i): [number, Block][] => [[dt * weight, kI[i]], ...(explicit ? [[dt * weight, kE[i]] as [number, Block]] : [])])
          vectors.combine(0, undefined, terms, known)
          return vectors.relativeError(known, next)
        },
        accept() {
          ;[state, next] = [next, state]
          return undefined
        },
      },
    } : {}),
  }
}
