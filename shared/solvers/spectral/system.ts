import { differentiate, freeNames, simplify, type Expression } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import type { Grid } from '../../fields/field'
import { gridShape } from '../../fields/field'
import type { Block, Team } from '../../kernels/team'
import type { AnalysedProblem, LinearTerm } from '../../problems/analysed'
import { coordinateArrays } from '../time/grid'
import { createPointwise } from '../time/pointwise'
import { eliminateConstraints, isZeroExpression, partitionOf, type Algebra } from './algebra'
import { checkInvariants, checkSources } from './compatibility'
import { createFourierTransform, type FourierTransform, type Window } from './fft'
import { keepHermitian } from './hermitian'
import { hoistStatic } from './hoist'
import { createJets } from './jets'
import { createModalProduct } from './modal-product'
import type { ModalMatrix } from './modal-matrix'
import { rateBounds, type RateBounds } from './rates'
import { coordinatePointers, isSecond, slopesOf } from './slopes'
import { modeAxes, type ModeAxis } from './wavenumbers'

/**
 * ê' = S ê + N̂(ê, t) on the Fourier coefficients of the evolving components of a system, constraints eliminated. A state is one block: [component, z, y, kx], interleaved complex,
 * û_k = Σ_j u_j e^{−2πi jk/n}.
 */
export interface SpectralSystem {
  readonly grid: Grid
  readonly axes: readonly ModeAxis[]
  readonly fourier: FourierTransform
  readonly algebra: Algebra
  /** Evolving components. */
  readonly components: number
  /** Coefficients per component. */
  readonly modes: number
  /** Doubles of a state. */
  readonly length: number
  /** S. */
  readonly symbol: ModalMatrix
  readonly hasRemainder: boolean
  readonly initial: Block
  /** out ← N̂(e, t). */
  remainder(state: Block, time: number, out: Block): void
  /** How fast N changes single waves, for the present state. */
  rates(state: Block, time: number): RateBounds
  isFinite(state: Block): boolean
  /** Integrators tell every new state and its time, at which `nodalValues` then looks. */
  reach(time: number, state: Block): void
  /** Nodal values of every component of the statement, evolving or not: [component, z, y, x]. */
  nodalValues(state: Block): Float64Array
}

export interface SystemOptions {
  /** What every transform to coefficients does to the shortest waves. */
  readonly window: Window
  /** Moves a constant above a(x, t, e) of a(…) ∂ᵢ²e in e's own rate into the symbol. */
  readonly splitDiffusion: boolean
}

/**
 * Part of N that goes into the exactly integrated symbol. Where the rate of e holds a(x, t, e, …) ∂ᵢ²e, a constant above all a at the start does: the rest (a − constant) ∂ᵢ²e then only takes
 * diffusion away, by less than the symbol gives even where a vanishes, and ETDRK4 keeps it stable at any step size (the splitting by a constant majorant of Douglas & Dupont 1971 and of
 * Badalassi, Ceniceros & Banerjee 2003, doi:10.1016/S0021-9991(03)00280-8). Half of the maximum would be the least that is stable, so a may double on the way.
 */
export function createSpectralSystem(problem: AnalysedProblem, grid: Grid, { window, splitDiffusion }: SystemOptions, team: Team, libm: Libm): SpectralSystem {
  const { arena } = team
  const { system } = problem
  const [start, end] = problem.time ?? [0, 0]
  const shape = gridShape(grid)
  const axes = modeAxes(problem.axes, shape, window)
  const fourier = createFourierTransform(team, libm, shape, window)
  const modes = fourier.coefficients
  const bytes = 16 * modes
  const { evolving, algebraic } = partitionOf(system)
  const remainders = [...system.remainder]
  const initialNames = evolving.flatMap(i => [...freeNames(system.initial[i]!).keys()])
  const coordinates = coordinateArrays(team, grid, new Set([...remainders.flatMap(e => [...freeNames(e).keys()]), ...initialNames]))
  const nodal = arena.f64(fourier.nodes)

  // Initial values, each to its spectrum.
  const initial = arena.f64(2 * modes * evolving.length)
  evolving.forEach((component, i) => {
    createPointwise(team, [system.initial[component]!], coordinatePointers(coordinates, [system.initial[component]!]), ['t'], [nodal.pointer]).run(0, fourier.nodes, [start])
    fourier.forward(nodal.pointer, initial.pointer + i * bytes)
  })

  const terms: LinearTerm[] = [...system.linear]
  const projected = algebraic.some(row => !system.linear.some(term => term.row === row && algebraic.includes(term.component)))
  if (splitDiffusion && !projected) terms.push(...majorants())
  const algebra = eliminateConstraints({ ...system, linear: terms, remainder: remainders }, axes)
  checkInvariants(algebra, initial, start, grid, fourier, team)

  const rateRows = evolving.filter(row => !isZeroExpression(remainders[row]))
  const sourceRows = algebraic.flatMap((_, q) => (isZeroExpression(algebra.sources[q]) ? [] : [q]))
  const used = new Set([...rateRows.map(row => remainders[row]), ...sourceRows.map(q => algebra.sources[q])].flatMap(e => [...freeNames(e).keys()]))
  const jets = createJets(system.jet.filter(entry => used.has(entry.name)), axes, fourier, team)
  const needsAlgebraic = (rows: readonly Expression[]): boolean => rows.some(e => jets.all.some(jet => algebraic.includes(jet.component) && freeNames(e).has(jet.name)))
  const withAlgebraic = needsAlgebraic(rateRows.map(row => remainders[row]))

  const algebraicSpectra = arena.f64(2 * modes * algebraic.length)
  const sourceSpectra = arena.f64(2 * modes * algebraic.length)
  const rawRates = algebra.projection ? arena.f64(2 * modes * evolving.length) : undefined
  const spectrumOf = (component: number, state: Block): number => {
    const e = evolving.indexOf(component)
    return e >= 0 ? state.pointer + e * bytes : algebraicSpectra.pointer + algebraic.indexOf(component) * bytes
  }
  const program = (expressions: readonly Expression[], prefix: string): { readonly outputs: readonly Block[]; run(time: number): void } | undefined => {
    if (expressions.length === 0) return undefined
    const outputs = expressions.map((_, i) => (i === 0 ? nodal : arena.f64(fourier.nodes)))
    const hoisted = hoistStatic(expressions, new Set(grid.axes.map(axis => axis.name)), prefix)
    const constants = hoisted.arrays.map(({ name, expression }) => {
      const { pointer } = arena.f64(fourier.nodes)
      createPointwise(team, [expression], coordinatePointers(coordinates, [expression]), [], [pointer]).run(0, fourier.nodes, [])
      return [name, pointer] as const
    })
    const inputs = { ...coordinatePointers(coordinates, hoisted.expressions), ...jets.pointers(hoisted.expressions), ...Object.fromEntries(constants) }
    const pointwise = createPointwise(team, hoisted.expressions, inputs, ['t'], outputs.map(block => block.pointer))
    return { outputs, run: time => pointwise.run(0, fourier.nodes, [time]) }
  }
  const sourceProgram = program(sourceRows.map(q => algebra.sources[q]), 'source')
  const rateProgram = program(rateRows.map(row => remainders[row]), 'rate')
  const sourceJets = jets.in(sourceRows.map(q => algebra.sources[q]))
  const rateJets = jets.in(rateRows.map(row => remainders[row]))
  const lateJets = withAlgebraic || sourceRows.length === 0 ? rateJets : rateJets.filter(jet => !sourceJets.includes(jet))
  const staticSources = sourceRows.every(q => [...freeNames(algebra.sources[q]).keys()].every(n => n !== 't' && !jets.all.some(jet => jet.name === n)))
  const products = {
    algebraicFromState: createModalProduct(team, algebra.fromState), algebraicFromSources: createModalProduct(team, algebra.fromSources), algebraicFromRates: createModalProduct(team, algebra.fromRates),
    projection: algebra.projection && createModalProduct(team, algebra.projection), coupling: createModalProduct(team, algebra.coupling),
  }

  let now = start
  let sourcesReady = false
  const evaluateSources = (state: Block, time: number): void => {
    if (!sourceProgram || (staticSources && sourcesReady)) return
    jets.evaluate(sourceJets, component => spectrumOf(component, state))
    sourceProgram.run(time)
    sourceProgram.outputs.forEach((block, i) => fourier.forward(block.pointer, sourceSpectra.pointer + sourceRows[i] * bytes))
    sourcesReady = true
  }
  const evaluateAlgebraic = (state: Block): void => {
    products.algebraicFromState.apply(state.pointer, algebraicSpectra.pointer)
    if (sourceProgram) products.algebraicFromSources.apply(sourceSpectra.pointer, algebraicSpectra.pointer, algebraicSpectra.pointer)
  }
  const evaluateJets = (state: Block, time: number): void => {
    evaluateSources(state, time)
    if (withAlgebraic) evaluateAlgebraic(state)
    jets.evaluate(lateJets, component => spectrumOf(component, state))
  }
  const hasRemainder = rateRows.length > 0 || (sourceRows.length > 0 && algebra.coupling.entries.some(entry => entry !== undefined))
  const remainder = (state: Block, time: number, out: Block): void => {
    const target = rawRates ?? out
    evaluateJets(state, time)
    rateProgram?.run(time)
    evolving.forEach((row, i) => {
      const at = rateRows.indexOf(row)
      if (at < 0) team.parallel('vectors.fill', 0, 2 * modes, [0, target.pointer + i * bytes])
      else fourier.forward(rateProgram!.outputs[at].pointer, target.pointer + i * bytes)
    })
    if (products.projection) products.projection.apply(target.pointer, out.pointer)
    if (sourceProgram) products.coupling.apply(sourceSpectra.pointer, out.pointer, out.pointer)
  }

  function majorants(): LinearTerm[] {
    const found: LinearTerm[] = []
    // On the constraints as they stand: a majorant only depends on the diffusion of evolving components.
    for (const row of evolving) {
      const names = freeNames(remainders[row])
      const second = system.jet.filter(entry => entry.component === row && names.has(entry.name) && isSecond(entry.orders))
      if (second.length === 0) continue
      const slopes = second.map(entry => simplify(differentiate(remainders[row], entry.name)))
      const mark = arena.mark()
      const needed = createJets(system.jet.filter(entry => evolving.includes(entry.component) && slopes.some(slope => freeNames(slope).has(entry.name))), axes, fourier, team)
      // Diffusion that depends on a constrained component keeps its whole place in the remainder.
      if (slopes.some(slope => system.jet.some(entry => algebraic.includes(entry.component) && freeNames(slope).has(entry.name)))) continue
      needed.evaluate(needed.all, component => initial.pointer + evolving.indexOf(component) * bytes)
      second.forEach((entry, k) => {
        const slope = createPointwise(team, [slopes[k]], { ...coordinatePointers(coordinates, [slopes[k]]), ...needed.pointers([slopes[k]]) }, ['t'], [nodal.pointer])
        let largest = 0
        for (const time of sampleTimes([start, end])) {
          slope.run(0, fourier.nodes, [time])
          largest = nodal.view().reduce((most, value) => (value < Infinity ? Math.max(most, value) : most), largest)
        }
        if (largest === 0) return
        const coefficient = 1.25 * largest
        found.push({ row, component: row, orders: entry.orders, coefficient })
        remainders[row] = { kind: 'binary', operator: '-', left: remainders[row], right: { kind: 'binary', operator: '*', left: { kind: 'number', value: coefficient }, right: { kind: 'name', name: entry.name } } }
      })
      arena.release(mark)
    }
    return found
  }

  const spectralSystem: SpectralSystem = {
    grid, axes, fourier, algebra, components: evolving.length, modes, length: initial.length, symbol: algebra.symbol, hasRemainder, initial, remainder,
    rates: (state, time) => rateBounds({
      rows: evolving, slopes, axes, evaluate: () => {
        if (hasRemainder) evaluateJets(state, time)
      }, time, nodes: fourier.nodes, work: nodal, team, libm,
    }),
    // A value that is not finite at one node spreads over all modes in the next transform: the means are enough to see it.
    isFinite: state => evolving.every((_, i) => Number.isFinite(state.view()[2 * modes * i])),
    reach(time, state) {
      now = time
      keepHermitian(state, axes, evolving.length)
    },
    nodalValues(state) {
      const time = now
      if (algebraic.length > 0) {
        if (rawRates) {
          remainder(state, time, arenaScratch())
          evaluateAlgebraic(state)
          products.algebraicFromRates.apply(rawRates.pointer, algebraicSpectra.pointer, algebraicSpectra.pointer)
        } else {
          evaluateSources(state, time)
          evaluateAlgebraic(state)
        }
        checkSources(algebra, state, sourceProgram && sourceSpectra, fourier.nodes, problem)
      }
      const values = new Float64Array(fourier.nodes * system.components.length)
      system.components.forEach((_, component) => {
        fourier.inverse(spectrumOf(component, state), nodal.pointer)
        values.set(nodal.view(), component * fourier.nodes)
      })
      return values
    },
  }
  let scratch: Block | undefined
  const arenaScratch = (): Block => (scratch ??= arena.f64(initial.length))
  const slopes = slopesOf(evolving, remainders, jets, coordinates, nodal, team)
  return spectralSystem
}

/** The ends and three times between: a coefficient that depends on time is looked at there. */
const sampleTimes = ([start, end]: readonly [number, number]): number[] => [0, 0.25, 0.5, 0.75, 1].map(part => start + part * (end - start))
