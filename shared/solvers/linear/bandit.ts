/** Chooses one of a few settings again and again so that the sum of costs stays near that of the best fixed one. */
export interface Bandit {
  /** The setting to use now. */
  choose(): number
  /** What the setting chosen last has cost. */
  observe(cost: number): void
  /** Probabilities of the settings at the next choice. */
  readonly probabilities: Float64Array
}

/**
 * Tsallis-INF with importance-weighted losses of reduced variance: p_i = 4 (η_t (L_i − x))⁻², η_t = 2/√t, with x such that Σ p_i = 1 (Newton's method). Losses lie in [0, 1]: a cost counts
 * beside four times the least one seen so far, and not beyond, since one very bad setting would make all others look alike. The draws come from a seeded generator: the same costs give the same choices.
 *
 * Source: Zimmert & Seldin 2021, jmlr.org/papers/v22/19-753, algorithm 1; for the relaxation factor of SOR on a sequence of systems: Khodak, Chow, Balcan & Talwalkar,
 * ICLR 2024, arXiv:2310.02246.
 */
export function createBandit(settings: readonly number[], seed = 1): Bandit {
  const n = settings.length
  const losses = new Float64Array(n)
  const probabilities = new Float64Array(n).fill(1 / n)
  let state = seed >>> 0
  let round = 0
  let chosen = 0
  let least = Infinity
  /** Uniform in [0, 1): a 32-bit mixing generator (splitmix32). */
  const uniform = (): number => {
    state = (state + 0x9e3779b9) | 0
    let z = state ^ (state >>> 16)
    z = Math.imul(z, 0x21f0aaad)
    z ^= z >>> 15
    z = Math.imul(z, 0x735a2d97)
    z ^= z >>> 15
    return (z >>> 0) / 2 ** 32
  }
  function update(): void {
    const eta = 2 / Math.sqrt(round + 1)
    let smallest = Infinity
    for (const loss of losses) smallest = Math.min(smallest, loss)
    // There the smallest loss alone has probability 1. The sum is convex and increases with x: Newton's method comes down to the solution without passing it.
    let x = smallest - 2 / eta
    for (let step = 0; step < 100; step++) {
      let sum = 0
      let slope = 0
      for (let i = 0; i < n; i++) {
        const w = 1 / (eta * (losses[i] - x))
        probabilities[i] = 4 * w * w
        sum += probabilities[i]
        slope += 8 * eta * w * w * w
      }
      if (Math.abs(sum - 1) < 1e-12) break
      x -= (sum - 1) / slope
    }
    let sum = 0
    for (const p of probabilities) sum += p
    for (let i = 0; i < n; i++) probabilities[i] /= sum
  }
  return {
    probabilities,
    choose() {
      let rest = uniform()
      chosen = 0
      while (chosen < n - 1 && rest >= probabilities[chosen]) rest -= probabilities[chosen++]
      return settings[chosen]
    },
    observe(cost) {
      least = Math.min(least, cost)
      const loss = Math.min(1, least > 0 ? cost / (4 * least) : 0)
      // Reduced variance: losses are estimated as differences from ½ where that keeps them small.
      const squaredRate = 4 / (round + 1)
      for (let i = 0; i < n; i++) {
        const base = probabilities[i] >= squaredRate ? 0.5 : 0
        losses[i] += base + (i === chosen ? (loss - base) / probabilities[i] : 0)
      }
      round++
      update()
    },
  }
}
