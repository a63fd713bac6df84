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
  /** Bound of the rates that N adds to the symbol, 1/time: Σ max |∂N/∂(∂^orders u)| · k^orders at the largest kept wavenumber. */
  remainderRate(spectrum: Block, time: number): number
  isFinite(spectrum: Block): boolean
  nodalValues(spectrum: Block): Float64Array
}

export function createSpectralSystem(problem: AnalysedProblem, equation: EvolutionEquation, grid: Grid, dealias: boolean, team: Team, libm: Libm): SpectralSystem {
  const { arena } = team
  const shape = gridShape(grid)
  const axes = modeAxes(problem.axes, shape)
  const fourier = createFourierTransform(team, libm, shape)
  const [width, rows, planes] = [fourier.modes[0], fourier.modes[1] ?? 1, fourier.modes[2] ?? 1]
  const rest = equation.spectralRemainder
  const names = freeNames(rest)
  const hasRemainder = !(rest.kind === 'number' && rest.value === 0)
  const initialNames = freeNames(equation.initial)
  const coordinates = coordinateArrays(team, grid, new Set([...names.keys(), ...initialNames.keys()]))

  // Every derivative that N uses: its wavenumber factors, and an array of nodal values.
  const jet = equation.jet.filter(entry => names.has(entry.name)).map(entry => ({
    ...entry,
    values: arena.f64(fourier.nodes),
    factors: [0, 1, 2].map(a => arena.from(axes[a] ? powers(axes[a], entry.orders[a]) : [1]).pointer),
    turns: (entry.orders[0] + entry.orders[1] + entry.orders[2]) % 4,
  }))
  const nodal = arena.f64(fourier.nodes)
  const work = arena.f64(2 * fourier.coefficients)
  const inputs = Object.fromEntries([...Object.entries(coordinates), ...jet.map(entry => [entry.name, entry.values] as const)].map(([name, block]) => [name, block.pointer]))
  const pointers = (used: ReadonlyMap<string, unknown>): Record<string, number> => Object.fromEntries(Object.entries(inputs).filter(([name]) => used.has(name)))
  const right = createPointwise(team, [rest], pointers(names), ['t'], [nodal.pointer])

  const mask = new Float64Array(fourier.coefficients).fill(1)
  if (dealias) eachMode(axes, (mode, j, l, m) => (mask[mode] = isKept(axes[0], j) && (!axes[1] || isKept(axes[1], l)) && (!axes[2] || isKept(axes[2], m)) ? 1 : 0))

  // ∂N/∂(jet) at every node, made on the first question.
  let slopes: { readonly program: Pointwise; readonly values: readonly Block[] } | undefined
  const slopePrograms = () => {
    const expressions = jet.map(entry => simplify(differentiate(rest, entry.name)))
    const values = jet.map(() => arena.f64(fourier.nodes))
    const used = new Map(expressions.flatMap(e => [...freeNames(e)]))
    return { program: createPointwise(team, expressions, pointers(used), ['t'], values.map(block => block.pointer)), values }
  }
  const largestWavenumber = (orders: readonly number[]): number => axes.reduce((product, axis, a) => {
    const kept = axis.indices.reduce((most, index, j) => (!dealias || isKept(axis, j) ? Math.max(most, Math.abs(index)) : most), 0)
    for (let i = 0; i < orders[a]; i++) product *= kept * axis.unit
    return product
  }, 1)

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

  return {
    coefficients: fourier.coefficients,
    symbol: symbolOf(axes, equation.constantCoefficients),
    mask,
    hasRemainder,
    initial,
    remainder(spectrum, time, out) {
      evaluateJet(spectrum)
      right.run(0, fourier.nodes, [time])
      fourier.forward(nodal.pointer, out.pointer)
    },
    remainderRate(spectrum, time) {
      if (jet.length === 0) return 0
      slopes ??= slopePrograms()
      evaluateJet(spectrum)
      slopes.program.run(0, fourier.nodes, [time])
      return jet.reduce((sum, { orders }, i) => sum + largestWavenumber(orders) * team.reduce('vectors.maxAbs', 0, fourier.nodes, [slopes!.values[i].pointer], { combine: 'max' }), 0)
    },
    // A value that is not finite at one node spreads over all modes in the next transform: the mean is enough to see it.
    isFinite: spectrum => Number.isFinite(spectrum.view()[0]),
    nodalValues(spectrum) {
      fourier.inverse(spectrum.pointer, nodal.pointer)
      return nodal.view().slice()
    },
  }
}
