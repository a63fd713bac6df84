import { evaluate, freeNames } from '../../expressions'
import { FaultError, error } from '../../fault'
import { gridShape, gridSize } from '../../fields/field'
import type { Run, Team } from '../../kernels/team'
import type { EllipticEquation } from '../../problems/analysed'
import type { Solution, SolveRequest } from '../method'
import { coordinateArrays, uniformGrid } from '../time/grid'
import { createPointwise } from '../time/pointwise'
import { nonFiniteFault } from '../time/non-finite'
import { createFourierTransform } from './fft'
import { modeAxes, symbolOf } from './wavenumbers'

/**
 * −Σ aᵢ ∂ᵢ²u + Σ bᵢ ∂ᵢu + c u = f with constant coefficients on a periodic box: û_k = f̂_k / (Σ aᵢkᵢ² + i Σ bᵢkᵢ + c).
 * Where the symbol vanishes f must have no such part (pure diffusion: ∫f = 0) and u gets none: zero mean.
 */
export function solveSpectralElliptic(request: SolveRequest, equation: EllipticEquation, team: Team, run: Run): Solution {
  const { problem, libm } = request
  const { arena } = team
  const grid = uniformGrid(problem.axes, request.resolution)
  const shape = gridShape(grid)
  const fourier = createFourierTransform(team, libm, shape)
  const values = arena.f64(fourier.nodes)
  const spectrum = arena.f64(2 * fourier.coefficients)
  const coordinates = coordinateArrays(team, grid, new Set(freeNames(equation.source).keys()))
  const inputs = Object.fromEntries(Object.entries(coordinates).map(([name, block]) => [name, block.pointer]))
  createPointwise(team, [equation.source], inputs, ['t'], [values.pointer]).run(0, fourier.nodes, [0])
  const source = values.view().slice()
  if (source.some(v => !Number.isFinite(v))) {
    const fault = nonFiniteFault('The right-hand side', grid, source, 0, 0, 0)
    throw new FaultError({ ...fault, message: fault.message.replace(' is no longer a finite number', ' is not a finite number').replace(' at the initial time', '') })
  }
  run.progress({ stage: 'Fourier transform', fraction: 0.3 })
  run.throwIfCancelled()
  fourier.forward(values.pointer, spectrum.pointer)

  const { diffusion, advection, reaction } = equation.operator
  const constant = (e: (typeof diffusion)[number]): number => evaluate(e, {}, libm)
  const unit = (a: number, order: number): [number, number, number] => [a === 0 ? order : 0, a === 1 ? order : 0, a === 2 ? order : 0]
  const symbol = symbolOf(modeAxes(problem.axes, shape), [
    ...diffusion.map((e, a) => ({ orders: unit(a, 2), coefficient: -constant(e) })),
    ...advection.map((e, a) => ({ orders: unit(a, 1), coefficient: constant(e) })),
    { orders: [0, 0, 0], coefficient: constant(reaction) },
  ])
  divideBySymbol(spectrum.view(), symbol, source, grid.axes.reduce((volume, axis) => volume * (axis.upper - axis.lower), 1))
  fourier.inverse(spectrum.pointer, values.pointer)
  return {
    fields: [{ name: problem.unknown, grid, values: values.view().slice() }],
    arrays: [], metrics: { unknowns: gridSize(grid) }, converged: true, faults: [],
  }
}

/** û ← û / symbol. The relative level below which a coefficient of f counts as rounding. */
const incompatibleAbove = 1e-10

function divideBySymbol(spectrum: Float64Array, symbol: Float64Array, source: Float64Array, volume: number): void {
  let largestSymbol = 0
  for (let i = 0; i < symbol.length; i++) largestSymbol = Math.max(largestSymbol, Math.abs(symbol[i]))
  const scale = source.reduce((m, v) => Math.max(m, Math.abs(v)), 0)
  for (let at = 0; at < symbol.length; at += 2) {
    const [re, im] = [symbol[at], symbol[at + 1]]
    const square = re * re + im * im
    const [a, b] = [spectrum[at], spectrum[at + 1]]
    if (Math.sqrt(square) <= 1e-14 * largestSymbol) {
      const part = Math.sqrt(a * a + b * b) / source.length
      if (part > incompatibleAbove * scale) {
        const defect = Number(((a / source.length) * volume).toPrecision(6))
        throw new FaultError(at === 0
          ? error('incompatible', `The problem has no solution: without boundary values the source must integrate to zero, but its integral is ${defect}.`, { where: { path: 'problem.equations[0]' }, tip: 'Subtract the mean of the source, or add a term in u.' })
          : error('singular', 'The problem has no unique solution: a wave that fits the box solves the equation without source, and the source contains it.', { where: { path: 'problem.equations[0]' }, tip: 'Change the coefficient of u or the length of the box.' }))
      }
      spectrum[at] = spectrum[at + 1] = 0
      continue
    }
    spectrum[at] = (a * re + b * im) / square
    spectrum[at + 1] = (b * re - a * im) / square
  }
}
