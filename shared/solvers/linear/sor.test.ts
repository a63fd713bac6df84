import { describe, expect, it } from 'vitest'
import { readKernels } from '../../../electron/engine/kernels'
import type { FaultError } from '../../fault'
import { createSerialTeam } from '../../kernels/serial-team'
import { createBandit } from './bandit'
import { fivePoint, noise } from './matrices.testing'
import { createSor, optimalRelaxation, relaxationGrid, type Relaxation } from './sor'

const team = createSerialTeam({ kernels: readKernels() })
const within = <T>(work: () => T): T => {
  const mark = team.arena.mark()
  try {
    return work()
  } finally {
    team.arena.release(mark)
  }
}

/** Sweeps for each system (A + c_t h² I) x = b_t of a sequence whose shift wanders between 50 and 1500. */
function sweeps(relaxation: Relaxation, systems: number): number[] {
  return within(() => {
    const n = 16
    const A = fivePoint(team.arena, n)
    const plain = A.values.view().slice()
    const diagonal = Int32Array.from(A.starts().slice(0, -1), (start, i) => start + [...A.columnNumbers().slice(start, A.starts()[i + 1])].indexOf(i))
    const shift = (t: number): number => 50 + 1450 * ((Math.imul(t + 1, 2654435761) >>> 0) / 2 ** 32)
    const x = team.arena.f64(A.rows)
    const set = (t: number): void => {
      const values = A.values.view()
      values.set(plain)
      for (const e of diagonal) values[e] += shift(t) / (n + 1) ** 2
    }
    const counts: number[] = []
    let sor = createSor(team, A, relaxation === 'bandit' ? 'bandit' : 1)
    for (let t = 0; t < systems; t++) {
      set(t)
      // The diagonal changes with the shift, and the best factor with it; a bandit keeps what it has learned.
      if (relaxation !== 'bandit') sor = createSor(team, A, relaxation)
      else sor.update()
      const b = team.arena.from(noise(A.rows, t + 1))
      const norm = Math.sqrt(b.view().reduce((sum, value) => sum + value * value, 0))
      x.view().fill(0)
      counts.push(sor.solve(b.pointer, x.pointer, (sweep, r) => r <= 1e-8 * norm || sweep >= 3000))
    }
    return counts
  })
}
const total = (counts: readonly number[]): number => counts.reduce((sum, value) => sum + value, 0)

describe('successive over-relaxation', () => {
  it('has the optimal factor of the model problem: 2 / (1 + sin πh)', () => {
    within(() => {
      for (const n of [10, 31, 60]) expect(optimalRelaxation(team, fivePoint(team.arena, n))).toBeCloseTo(2 / (1 + Math.sin(Math.PI / (n + 1))), 4)
    })
  })

  it('converges in O(n) sweeps with that factor, in O(n²) with Gauss–Seidel', () => {
    within(() => {
      const count = (n: number, relaxation: Relaxation): number => {
        const A = fivePoint(team.arena, n)
        const b = team.arena.from(noise(A.rows))
        const x = team.arena.f64(A.rows)
        return createSor(team, A, relaxation).solve(b.pointer, x.pointer, (_, norm) => norm < 1e-6)
      }
      const optimal = [15, 31, 63].map(n => count(n, 'optimal'))
      const plain = [15, 31, 63].map(n => count(n, 1))
      expect(optimal[2] / optimal[1]).toBeLessThan(2.3)
      expect(plain[2] / plain[1]).toBeGreaterThan(3.3)
      expect(plain[2]).toBeGreaterThan(10 * optimal[2])
    })
  })

  it('refuses the optimal factor for an indefinite matrix', () => {
    within(() => {
      try {
        optimalRelaxation(team, fivePoint(team.arena, 20, { shift: -2000 }))
        expect.unreachable()
      } catch (reason) {
        expect((reason as FaultError).faults[0].code).toBe('no-optimal-relaxation')
      }
    })
  })
})

describe('the bandit', () => {
  it('comes to prefer the cheapest setting, and repeats itself with the same seed', () => {
    const costs = [10, 4, 7, 12]
    const play = (seed: number): { choices: number[]; last: Float64Array } => {
      const bandit = createBandit([0, 1, 2, 3], seed)
      const choices: number[] = []
      for (let t = 0; t < 4000; t++) {
        const choice = bandit.choose()
        choices.push(choice)
        bandit.observe(costs[choice] + (t % 3))
      }
      return { choices, last: bandit.probabilities.slice() }
    }
    const { choices, last } = play(7)
    expect(last.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
    expect(last[1]).toBeGreaterThan(0.7)
    expect(choices.filter(choice => choice === 1).length).toBeGreaterThan(2000)
    expect(play(7).choices).toEqual(choices)
    expect(play(8).choices).not.toEqual(choices)
  })

  it('costs little more than the best fixed factor on a sequence of systems, far less than a bad one', () => {
    const systems = 600
    const learned = sweeps('bandit', systems)
    const fixed = relaxationGrid.map(omega => total(sweeps(omega, 60)) * (systems / 60))
    const half = systems / 2
    expect(total(learned)).toBeLessThan(1.6 * Math.min(...fixed))
    expect(total(learned)).toBeLessThan(0.6 * (total(fixed) / fixed.length))
    // It learns: the second half costs less than the first.
    expect(total(learned.slice(half))).toBeLessThan(0.9 * total(learned.slice(0, half)))
    // The best factor of each system needs least of all, and the computation that finds it.
    expect(total(sweeps('optimal', 60)) * (systems / 60)).toBeLessThan(1.05 * Math.min(...fixed))
  })
})
