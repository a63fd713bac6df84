import { differentiate, freeNames, simplify } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import type { Grid } from '../../fields/field'
import { gridShape } from '../../fields/field'
import type { Block, Team } from '../../kernels/team'
import type { AnalysedProblem, EvolutionEquation } from '../../problems/analysed'
import { coordinateArrays } from '../time/grid'
import { createPointwise, type Pointwise } from '../time/pointwise'
import { createFourierTransform } from './fft'
import { eachMode, isKept, modeAxes, powers, symbolOf } from './wavenumbers'

/** û' = symbol · û + N̂(u, t) on the Fourier coefficients of a real field. */
export interface SpectralSystem {
  readonly coefficients: number
  /** Interleaved complex, one per mode. */
  readonly symbol: Float64Array
  /** 1 for modes that are kept, 0 for those that dealiasing leaves out. */
  readonly mask: Float64Array
  readonly hasRemainder: boolean
  /** Coefficients of the initial value. */
  readonly initial: Block
  /** out ← N̂(u, t), not masked. */
  remainder(spectrum: Block, time: number, out: Block): void
  /** How fast N changes single waves, for the present state. */
  remainderRates(spectrum: Block, time: number): RemainderRates
  isFinite(spectrum: Block): boolean
  nodalValues(spectrum: Block): Float64Array
}

/** Bounds of the rates that the linearised N adds to the symbol, 1/time. */
export interface RemainderRates {
  /** At the largest kept wavenumbers: Σ max |∂N/∂(∂^orders u)| · k^orders. */
  readonly largest: number
  /** The same by mode, with the part of the pure second derivatives (`diffusive`) apart from all others. */
  byMode(visit: (mode: number, diffusive: number, other: number) => void): void
}

/**
 * Part of N that goes into the exactly integrated symbol. Where N holds a(x, t, u, …) ∂ᵢ²u, a constant above all a at the start does: the rest (a − constant) ∂ᵢ²u then only takes
 * diffusion away, by less than the symbol gives even where a vanishes, and ETDRK4 keeps it stable at any step size (the splitting by a constant majorant of Douglas & Dupont 1971 and of
 * Badalassi, Ceniceros & Banerjee 2003, doi:10.1016/S0021-9991(03)00280-8). Half of the maximum would be the least that is stable, so a may double on the way.
 */
export function createSpectralSystem(problem: AnalysedProblem, equation: EvolutionEquation, grid: Grid, dealias: boolean, splitDiffusion: boolean, team: Team, libm: Libm): SpectralSystem {
  const { arena } = team
  const shape = gridShape(grid)
  const axes = modeAxes(problem.axes, shape)
  const fourier = createFourierTransform(team, libm, shape)
  const [width, rows, planes] = [fourier.modes[0], fourier.modes[1] ?? 1, fourier.modes[2] ?? 1]
  let rest = equation.spectralRemainder
  const names = freeNames(rest)
  const hasRemainder = !(rest.kind === 'number' && rest.value === 0)
  const initialNames = freeNames(equation.initial)
  const coordinates = coordinateArrays(team, grid, new Set([...names.keys(), ...initialNames.keys()]))

  // Every derivative that N uses: its wavenumber factors, and an array of nodal values.
  const jet = equation.jet.filter(entry => names.has(entry.name)).map(entry => ({
    ...entry,
    values: arena.f64(fourier.nodes),
    powers: axes.map((axis, a) => powers(axis, entry.orders[a])),
    /** Largest |k^orders| of the modes kept. */
    peak: axes.reduce((product, axis, a) => product * powers(axis, entry.orders[a]).reduce((most, k, j) => (!dealias || isKept(axis, j) ? Math.max(most, Math.abs(k)) : most), 0), 1),
    factors: [0, 1, 2].map(a => arena.from(axes[a] ? powers(axes[a], entry.orders[a]) : [1]).pointer),
    turns: (entry.orders[0] + entry.orders[1] + entry.orders[2]) % 4,
  }))
  const nodal = arena.f64(fourier.nodes)
  const work = arena.f64(2 * fourier.coefficients)
  const inputs = Object.fromEntries([...Object.entries(coordinates), ...jet.map(entry => [entry.name, entry.values] as const)].map(([name, block]) => [name, block.pointer]))
  const pointers = (used: ReadonlyMap<string, unknown>): Record<string, number> => Object.fromEntries(Object.entries(inputs).filter(([name]) => used.has(name)))
  const mask = new Float64Array(fourier.coefficients).fill(1)
  if (dealias) eachMode(axes, (mode, j, l, m) => (mask[mode] = isKept(axes[0], j) && (!axes[1] || isKept(axes[1], l)) && (!axes[2] || isKept(axes[2], m)) ? 1 : 0))

  const linearisation = (parts: typeof jet): { readonly program: Pointwise; readonly values: readonly Block[] } => {
    const expressions = parts.map(entry => simplify(differentiate(rest, entry.name)))
    const values = parts.map(() => arena.f64(fourier.nodes))
    const used = new Map(expressions.flatMap(e => [...freeNames(e)]))
    return { program: createPointwise(team, expressions, pointers(used), ['t'], values.map(block => block.pointer)), values }
  }

  const initial = arena.f64(2 * fourier.coefficients)
  createPointwise(team, [equation.initial], pointers(initialNames), ['t'], [nodal.pointer]).run(0, fourier.nodes, [equation.time[0]])
  fourier.forward(nodal.pointer, initial.pointer)
  const view = initial.view()
  for (let i = 0; i < view.length; i++) view[i] *= mask[i >> 1]

  const evaluateJet = (spectrum: Block): void => {
    for (const { values, factors, turns, orders } of jet) {
      if (orders[0] + orders[1] + orders[2] === 0) fourier.inverse(spectrum.pointer, values.pointer)
      else {
        team.parallel('spectral.differentiate', 0, rows * planes, [spectrum.pointer, work.pointer, width, rows, ...factors, turns], { grain: Math.ceil(1024 / width) })
        fourier.inverse(work.pointer, values.pointer)
      }
    }
  }

  const constants = [...equation.constantCoefficients]
  const diffusive = jet.filter(entry => isSecond(entry.orders))
  if (splitDiffusion && diffusive.length > 0) {
    const { program, values } = linearisation(diffusive)
    evaluateJet(initial)
    const largest = diffusive.map(() => 0)
    for (const time of sampleTimes(equation.time)) {
      program.run(0, fourier.nodes, [time])
      values.forEach((block, i) => (largest[i] = block.view().reduce((most, value) => (value < Infinity ? Math.max(most, value) : most), largest[i])))
    }
    diffusive.forEach(({ name, orders }, i) => {
      if (largest[i] === 0) return
      constants.push({ orders, coefficient: majorant(largest[i]) })
      rest = { kind: 'binary', operator: '-', left: rest, right: { kind: 'binary', operator: '*', left: { kind: 'number', value: majorant(largest[i]) }, right: { kind: 'name', name } } }
    })
  }
  const right = createPointwise(team, [rest], pointers(names), ['t'], [nodal.pointer])
  // ∂N/∂(jet) at every node, made on the first question.
  let slopes: ReturnType<typeof linearisation> | undefined

  return {
    coefficients: fourier.coefficients,
    symbol: symbolOf(axes, constants),
    mask,
    hasRemainder,
    initial,
    remainder(spectrum, time, out) {
      evaluateJet(spectrum)
      right.run(0, fourier.nodes, [time])
      fourier.forward(nodal.pointer, out.pointer)
    },
    remainderRates(spectrum, time) {
      slopes ??= linearisation(jet)
      if (jet.length > 0) {
        evaluateJet(spectrum)
        slopes.program.run(0, fourier.nodes, [time])
      }
      const sizes = slopes.values.map(block => team.reduce('vectors.maxAbs', 0, fourier.nodes, [block.pointer], { combine: 'max' }))
      const rate = (part: (entry: (typeof jet)[number]) => boolean, j: number, l: number, m: number): number =>
        jet.reduce((sum, entry, i) => (part(entry) ? sum + sizes[i] * Math.abs(entry.powers[0][j] * (entry.powers[1]?.[l] ?? 1) * (entry.powers[2]?.[m] ?? 1)) : sum), 0)
      const byMode: RemainderRates['byMode'] = visit => eachMode(axes, (mode, j, l, m) => {
        if (mask[mode] !== 0) visit(mode, rate(({ orders }) => isSecond(orders), j, l, m), rate(({ orders }) => !isSecond(orders), j, l, m))
      })
      return {
        largest: jet.reduce((sum, { peak }, i) => sum + sizes[i] * peak, 0),
        byMode,
      }
    },
    // A value that is not finite at one node spreads over all modes in the next transform: the mean is enough to see it.
    isFinite: spectrum => Number.isFinite(spectrum.view()[0]),
    nodalValues(spectrum) {
      fourier.inverse(spectrum.pointer, nodal.pointer)
      return nodal.view().slice()
    },
  }
}

const majorant = (largest: number): number => 1.25 * largest

const isSecond = ([x, y, z]: readonly number[]): boolean => x + y + z === 2 && x * y + y * z + z * x === 0

/** The ends and three times between: a coefficient that depends on time is looked at there. */
const sampleTimes = ([start, end]: readonly [number, number]): number[] => [0, 0.25, 0.5, 0.75, 1].map(part => start + part * (end - start))
