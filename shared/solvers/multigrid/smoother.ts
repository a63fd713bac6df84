import type { Pointer, Team } from '../../kernels/team'
import type { Level } from './level'
import { nodeGrain, type Shape } from './shape'

/**
 * red-black: Gauss–Seidel in two colours, for operators that couple alike along all axes (coarsening takes care of those that do not).
 * line: every line along each axis in turn is solved as a whole, every second one at a time; for strong advection and coefficients that prefer directions.
 * chebyshev: a polynomial in D⁻¹A of degree two per sweep on the upper part of the spectrum; symmetric and the same for any order of the nodes.
 */
export type SmootherName = 'red-black' | 'line' | 'chebyshev'

export interface Smoother {
  /** Improves u for A u = f; `reverse` is the transpose of the sweep, for symmetric cycles. */
  sweep(u: Pointer, f: Pointer, reverse: boolean): void
}

export function createSmoother(team: Team, level: Level, name: SmootherName): Smoother {
  if (name === 'chebyshev') return chebyshev(team, level)
  if (name === 'line' && level.relaxLines) return lines(level)
  return { sweep: (u, f, reverse) => level.relax(u, f, reverse ? 1 : 0) }
}

const dimensionsOf = (shape: Shape): number => shape.filter(n => n > 1).length

/** Degree of the polynomial of one sweep. */
const degree = 2

/**
 * Chebyshev's semi-iteration on [λ/2, λ] in the plane, [λ/3, λ] in space, with λ = 2 (Gershgorin, as no off-diagonal entry is positive).
 * Source: Adams, Brezina, Hu & Tuminaro 2003, doi:10.1016/S0021-9991(03)00194-3.
 */
function chebyshev(team: Team, level: Level): Smoother {
  const { size } = level
  const r = team.arena.f64(size).pointer
  const p = team.arena.f64(size).pointer
  const lower = 1 / dimensionsOf(level.shape)
  const upper = 2
  const theta = (upper + lower) / 2
  const delta = (upper - lower) / 2
  const step = (alpha: number, beta: number, u: Pointer): void =>
    team.parallel('multigrid.polynomialStep', 0, size, [alpha, beta, level.inverse, 1 / level.maximumDiagonal, r, p, u], { grain: nodeGrain })
  return {
    sweep(u, f) {
      level.residual(u, f, r)
      step(0, 1 / theta, u)
      let rho = delta / theta
      for (let k = 1; k < degree; k++) {
        level.residual(u, f, r)
        const next = 1 / ((2 * theta) / delta - rho)
        step(next * rho, (2 * next) / delta, u)
        rho = next
      }
    },
  }
}

/** Lines along every axis in turn, even ones first; the transpose takes axes and colours the other way round. */
function lines(level: Level): Smoother {
  const axes = [0, 1, 2].filter(axis => level.shape[axis] > 1)
  return {
    sweep(u, f, reverse) {
      const order = reverse ? [...axes].reverse() : axes
      for (const axis of order) {
        level.relaxLines!(u, f, axis, reverse ? 1 : 0)
        level.relaxLines!(u, f, axis, reverse ? 0 : 1)
      }
    },
  }
}
