import { evaluate } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import type { AnalysedProblem } from '../../problems/analysed'
import { createRandom } from '../random'
import { membership, sampledDomain, unitPoints } from '../sampling'

/** Points of a line, and lines along each coordinate. */
const pointsPerLine = 129
const lines = 8
/** A jump has no frequency; nothing is taken to be finer than this. */
const most = 64

/**
 * How many half-waves the statement itself shows along each coordinate of a network (space, then time), at least 1: what an initial network should be able to follow.
 *
 *   (2 / π) (L/2) max( √(∫ (∂ᵢf)² / ∫ f²), √(c/a) )
 *
 * over the data f (sources: the equations at u = 0; initial values), and, of steady equations a ∂ᵢᵢu + c u + …, the wave number where c/a > 0 (Helmholtz: k). For f = sin(nπx) on [0, 1] it is n. An estimate
 * from finite differences on eight lines along each coordinate; 64 at most, for data with jumps. Ones in more than three dimensions.
 */
export function halfWaves(problem: AnalysedProblem, libm: Libm): readonly number[] {
  const waves = known.get(problem) ?? measure(problem, libm)
  known.set(problem, waves)
  return waves
}

const known = new WeakMap<AnalysedProblem, readonly number[]>()

function measure(problem: AnalysedProblem, libm: Libm): readonly number[] {
  const { system, time } = problem
  const domain = sampledDomain(problem)
  const coordinates = time ? [...domain.coordinates, 't'] : domain.coordinates
  // Sums over many coordinates vary little along one of them.
  if (problem.cube || problem.eigenvalue) return coordinates.map(() => 1)
  const lower = time ? [...domain.lower, time[0]] : domain.lower
  const upper = time ? [...domain.upper, time[1]] : domain.upper
  const inside = membership(domain, libm)
  const rest = Object.fromEntries(system.jet.map(({ name }) => [name, 0]))
  const data = [...system.rows.map(row => row.expression), ...system.initial.filter((e): e is Expression => e !== undefined)]
  const centres = unitPoints('halton', lines, coordinates.length, createRandom(0, libm, 'half-waves'))
  return coordinates.map((name, axis) => {
    const span = upper[axis] - lower[axis]
    const steepest = Math.max(0, ...data.map(expression => {
      let [slopes, squares] = [0, 0]
      for (let line = 0; line < lines; line++) {
        const at: number[] = coordinates.map((_, i) => lower[i] + centres[line * coordinates.length + i] * (upper[i] - lower[i]))
        let before = NaN
        for (let k = 0; k < pointsPerLine; k++) {
          at[axis] = lower[axis] + ((k + 0.5) / pointsPerLine) * span
          const value = inside(at) ? evaluate(expression, { ...rest, t: time?.[0] ?? 0, ...Object.fromEntries(coordinates.map((c, i) => [c, at[i]])) }, libm) : NaN
          if (Number.isFinite(value)) {
            squares += value * value
            if (Number.isFinite(before)) slopes += ((value - before) * pointsPerLine) ** 2
          }
          before = value
        }
      }
      return squares > 0 ? Math.sqrt(slopes / squares) : 0
    }))
    const wave = time ? 0 : waveNumber(problem, name, Object.fromEntries(coordinates.map((c, i) => [c, 0.5 * (lower[i] + upper[i])])), rest, libm) * span
    return Math.min(most, Math.max(1, Math.max(steepest, wave) / Math.PI))
  })
}

/** √(c/a) of the equations at u = 0 in one point, largest over them; 0 where none waves along the axis. */
function waveNumber({ system }: AnalysedProblem, axis: string, point: Readonly<Record<string, number>>, rest: Readonly<Record<string, number>>, libm: Libm): number {
  return Math.max(0, ...system.rows.map(({ expression }, i) => {
    const own = system.components[i].name
    const at = (name: string): number => evaluate(expression, { t: 0, ...rest, ...point, [name]: 1 }, libm) - evaluate(expression, { t: 0, ...rest, ...point }, libm)
    const second = system.jet.find(j => j.name === `${own}_${axis}${axis}`)
    const plain = system.jet.find(j => j.name === own)
    const ratio = second && plain ? at(plain.name) / at(second.name) : 0
    return ratio > 0 && Number.isFinite(ratio) ? Math.sqrt(ratio) : 0
  }))
}
