/** Exact solutions of two Riemann problems at s = x/t, by arithmetic of their own: no code of the solvers is behind them. */

export interface Gas { readonly rho: number; readonly u: number; readonly p: number }

/** A root of a continuous function that changes its sign between `low` and `high`, to the last bits. */
export function bisect(f: (x: number) => number, low: number, high: number): number {
  const rising = f(high) > f(low)
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (f(middle) > 0 === rising) high = middle
    else low = middle
  }
  return (low + high) / 2
}

/** A perfect gas at rest on both sides, dense on the left: rarefaction, contact, shock (E. F. Toro, Riemann Solvers and Numerical Methods for Fluid Dynamics, Springer 2009, § 4.2–4.5, doi:10.1007/b79761). */
export function shockTube(left: Gas, right: Gas, gamma: number): (s: number) => Gas {
  const [cl, cr] = [left, right].map(({ rho, p }) => Math.sqrt((gamma * p) / rho))
  // Speeds behind the rarefaction and behind the shock, which must be equal.
  const behindFan = (p: number): number => ((2 * cl) / (gamma - 1)) * (1 - (p / left.p) ** ((gamma - 1) / (2 * gamma)))
  const behindShock = (p: number): number => (p - right.p) * Math.sqrt(2 / right.rho / ((gamma + 1) * p + (gamma - 1) * right.p))
  const p = bisect(trial => behindFan(trial) - behindShock(trial), right.p, left.p)
  const u = behindFan(p)
  const inner = left.rho * (p / left.p) ** (1 / gamma)
  const ratio = p / right.p
  const k = (gamma - 1) / (gamma + 1)
  const outer = (right.rho * (ratio + k)) / (k * ratio + 1)
  const shock = cr * Math.sqrt(((gamma + 1) * ratio + gamma - 1) / (2 * gamma))
  return s => {
    if (s < -cl) return left
    if (s < u - Math.sqrt((gamma * p) / inner)) {
      const c = (2 * cl - (gamma - 1) * s) / (gamma + 1)
      return { rho: left.rho * (c / cl) ** (2 / (gamma - 1)), u: s + c, p: left.p * (c / cl) ** ((2 * gamma) / (gamma - 1)) }
    }
    return s < u ? { rho: inner, u, p } : s < shock ? { rho: outer, u, p } : right
  }
}

/** Depth of water, at rest on both sides, deep on the left: rarefaction and bore (J. J. Stoker, Water Waves, Interscience 1957, § 10.8). */
export function damBreak(deep: number, shallow: number, g: number): (s: number) => number {
  const behindFan = (h: number): number => 2 * (Math.sqrt(g * deep) - Math.sqrt(g * h))
  const behindBore = (h: number): number => (h - shallow) * Math.sqrt((g * (h + shallow)) / (2 * h * shallow))
  const h = bisect(trial => behindFan(trial) - behindBore(trial), shallow, deep)
  const u = behindFan(h)
  const bore = (h * u) / (h - shallow)
  return s => {
    if (s < -Math.sqrt(g * deep)) return deep
    if (s < u - Math.sqrt(g * h)) return (2 * Math.sqrt(g * deep) - s) ** 2 / (9 * g)
    return s < bore ? h : shallow
  }
}
