import { error, FaultError } from '../../fault'
import type { Grid } from '../../fields/field'
import type { Block, Team } from '../../kernels/team'
import type { AnalysedProblem } from '../../problems/analysed'
import { coordinateArrays } from '../time/grid'
import { createPointwise } from '../time/pointwise'
import { freeNames } from '../../expressions'
import type { Algebra } from './algebra'
import { isZeroExpression } from './algebra'
import type { FourierTransform } from './fft'
import type { ModalMatrix } from './modal-matrix'

/** Relative levels below which a part of the data that the constraints cannot meet counts as rounding. */
const incompatibleAbove = 1e-9
const defectAbove = 1e-8

/** Throws `incompatible` where −(D e + ĝ) has a part that no solution of the constraints gives: pure diffusion needs a source that integrates to zero. */
export function checkSources(algebra: Algebra, state: Block, sources: Block | undefined, nodes: number, problem: AnalysedProblem): void {
  const { direct, nullRows, algebraic } = algebra
  if (nullRows.length === 0) return
  const { modes } = direct
  const e = state.view()
  const g = sources?.view()
  const right = (q: number, mode: number): [number, number] => {
    let [re, im] = g ? [g[2 * (q * modes + mode)], g[2 * (q * modes + mode) + 1]] : [0, 0]
    for (let j = 0; j < direct.columns; j++) {
      const entry = direct.entries[q * direct.columns + j]
      if (!entry) continue
      const at = 2 * (j * modes + mode)
      re += entry[2 * mode] * e[at] - entry[2 * mode + 1] * e[at + 1]
      im += entry[2 * mode] * e[at + 1] + entry[2 * mode + 1] * e[at]
    }
    return [re, im]
  }
  const scales = algebraic.map((_, q) => {
    let most = 0
    for (let mode = 0; mode < modes; mode++) most = Math.max(most, ...right(q, mode).map(Math.abs))
    return most
  })
  for (const { mode, weights } of nullRows) {
    let [re, im, scale] = [0, 0, 0]
    algebraic.forEach((_, q) => {
      const [u, v] = right(q, mode)
      re += weights[2 * q] * u - weights[2 * q + 1] * v
      im += weights[2 * q] * v + weights[2 * q + 1] * u
      scale = Math.max(scale, Math.abs(weights[2 * q]) * scales[q])
    })
    if (Math.sqrt(re * re + im * im) <= incompatibleAbove * scale || scale === 0) continue
    const names = algebraic.map(i => problem.system.components[i].name).join(', ')
    const volume = problem.axes.reduce((v, axis) => v * (axis.upper - axis.lower), 1)
    // One equation: the weight of its row is 1, and its mean mode is the sum over the nodes.
    const what = algebraic.length === 1 ? `its integral is ${Number(((re / nodes) * volume).toPrecision(6))}` : `it has a mean of ${Number((re / nodes).toPrecision(6))}`
    throw new FaultError(mode === 0
      ? error('incompatible', `The problem has no solution: without boundary values the source of ${names} must integrate to zero, but ${what}.`, { where: { path: 'problem.equations' }, tip: `Subtract the mean of the source, or add a term in ${names}.` })
      : error('singular', `The problem has no unique solution: a wave that fits the box solves the equation of ${names} without source, and the source contains it.`, { where: { path: 'problem.equations' }, tip: 'Change the coefficient of the unknown or the length of the box.' }))
  }
}

/** Throws `incompatible` when the initial value does not meet a constraint that is kept through its time derivative (div v = 0). */
export function checkInvariants(algebra: Algebra, initial: Block, time: number, grid: Grid, fourier: FourierTransform, team: Team): void {
  const { invariants } = algebra
  if (!invariants) return
  const mark = team.arena.mark()
  const spectrum = team.arena.f64(2 * fourier.coefficients)
  const nodal = team.arena.f64(fourier.nodes)
  for (const q of invariants.rows) {
    const source = invariants.sources[q]
    if (!isZeroExpression(source)) {
      const coordinates = coordinateArrays(team, grid, new Set(freeNames(source).keys()))
      createPointwise(team, [source], Object.fromEntries(Object.entries(coordinates).map(([name, block]) => [name, block.pointer])), ['t'], [nodal.pointer]).run(0, fourier.nodes, [time])
      fourier.forward(nodal.pointer, spectrum.pointer)
    }
    const { defect, size } = residual(invariants.matrix, q, initial.view(), spectrum.view())
    if (defect <= defectAbove * size) continue
    throw new FaultError(error('incompatible', `The initial value does not meet a constraint that holds at every time: the defect is ${Number((defect / size).toPrecision(3))} of its largest term.`, {
      where: { path: 'problem.initial' }, tip: 'Give initial values that meet it, for example a velocity without divergence.',
    }))
  }
  team.arena.release(mark)
}

function residual(matrix: ModalMatrix, q: number, e: Float64Array, source: Float64Array): { readonly defect: number; readonly size: number } {
  const { columns, modes } = matrix
  let defect = 0
  let size = 0
  for (let mode = 0; mode < modes; mode++) {
    let [re, im] = [source[2 * mode], source[2 * mode + 1]]
    size = Math.max(size, Math.abs(re), Math.abs(im))
    for (let j = 0; j < columns; j++) {
      const entry = matrix.entries[q * columns + j]
      if (!entry) continue
      const at = 2 * (j * modes + mode)
      const [u, v] = [entry[2 * mode] * e[at] - entry[2 * mode + 1] * e[at + 1], entry[2 * mode] * e[at + 1] + entry[2 * mode + 1] * e[at]]
      re += u
      im += v
      size = Math.max(size, Math.abs(u), Math.abs(v))
    }
    defect = Math.max(defect, Math.abs(re), Math.abs(im))
  }
  return { defect, size }
}
