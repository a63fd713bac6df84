import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import type { Block, Pointer, Team } from '../../kernels/team'
import type { LinearOperator } from '../../problems/analysed'
import { createVectors } from '../linear/vectors'
import type { SolverRun } from '../multigrid/interface'
import type { DiscreteOperator } from '../multigrid/operator'
import { constantValue } from '../multigrid/sample'
import { nodeGrain } from '../multigrid/shape'
import { createPlan, realTurns, unitRoot } from '../spectral/fft'

/** Conditions at the ends of one axis; the number is the kernel's kind of line. */
const kinds = { 'value value': 0, 'slope slope': 1, 'ring': 2, 'value slope': 3, 'slope value': 4 } as const
type Ends = keyof typeof kinds

interface SeparableAxis {
  readonly ends: Ends
  readonly nodes: number
  /** a/h². */
  readonly kappa: number
}

interface Separable {
  readonly axes: readonly SeparableAxis[]
  readonly reaction: number
}

/** The axes of an operator that transforms diagonalise, or the reason why it is none. */
export function separable(linear: LinearOperator, { discretisation: { dimensions, sides }, grid }: DiscreteOperator, libm: Libm): Separable | string {
  if (dimensions === 1) return 'a line is solved by elimination'
  if (!linear.advection.every(e => constantValue(e, libm) === 0)) return 'it has advection'
  const diffusion = linear.diffusion.map(e => constantValue(e, libm))
  const reaction = constantValue(linear.reaction, libm)
  if (reaction === undefined || diffusion.includes(undefined)) return 'its coefficients vary'
  if (reaction < 0) return 'its reaction is negative'
  const axes: SeparableAxis[] = []
  for (const [a, axis] of grid.axes.entries()) {
    const nodes = axis.coordinates.length
    const h = (axis.upper - axis.lower) / (axis.periodic ? nodes : nodes - 1)
    const kind = (end: 'lower' | 'upper'): 'value' | 'slope' | undefined => {
      const side = sides.find(s => s.axis === a && s.end === end)!
      if (side.alpha.every(value => value === 0)) return 'value'
      return side.alpha.every((value, i) => value !== 0 && side.beta[i] === 0) ? 'slope' : undefined
    }
    const [lower, upper] = axis.periodic ? [undefined, undefined] : [kind('lower'), kind('upper')]
    if (!axis.periodic && !(lower && upper)) return `a side across ${axis.name} has a Robin condition or conditions of several kinds`
    axes.push({ ends: axis.periodic ? 'ring' : (`${lower} ${upper}` as Ends), nodes, kappa: diffusion[a]! / (h * h) })
  }
  return { axes, reaction }
}

/**
 * Solves −Σ aᵢ δᵢ²u + c u = f exactly (to rounding) on a box with constant aᵢ > 0, c ≥ 0: transforms along all axes but the last, in which the standard difference operator is diagonal — sines for given
 * values, cosines for given slopes, quarter waves for one of each, Fourier on a ring —, and one tridiagonal system per pair of waves along the last. O(N log n) work.
 * R. W. Hockney, J. ACM 12 (1965), doi:10.1145/321250.321259; P. N. Swarztrauber, SIAM Review 19 (1977), doi:10.1137/1019071.
 */
export interface FastPoisson {
  /** Constants are in the kernel: the mean of the right-hand side is ignored. */
  readonly singular: boolean
  /** f, 0 at Dirichlet nodes, is replaced by the solution with u = 0 there. */
  solveInPlace(f: Pointer): void
}

export function createFastPoisson({ axes, reaction }: Separable, team: Team, libm: Libm): FastPoisson {
  const { arena } = team
  const last = axes.length - 1
  const closing = axes[last].ends === 'ring' ? axes.length : last
  const columns = axes.slice(0, last).reduce((n, axis) => n * axis.nodes, 1)
  const transforms = axes.slice(0, closing).map((_, a) => createTransform(axes, a, team, libm))
  // λ of every column: the sum over the transformed axes before the last.
  const lambda = arena.f64(columns)
  const view = lambda.view().fill(reaction)
  let stride = 1
  for (const axis of axes.slice(0, last)) {
    const own = eigenvalues(axis, libm)
    for (let c = 0; c < columns; c++) view[c] += own[Math.floor(c / stride) % axis.nodes]
    stride *= axis.nodes
  }
  const { nodes, kappa, ends } = axes[last]
  const ratios = closing === last ? arena.f64(columns * nodes) : undefined
  const mu = closing > last ? arena.from(eigenvalues(axes[last], libm)) : undefined
  return {
    singular: reaction === 0 && axes.every(axis => axis.ends === 'ring' || axis.ends === 'slope slope'),
    solveInPlace(f) {
      for (const transform of transforms) transform(f, false)
      if (ratios) {
        const first = ends.startsWith('value') ? 1 : 0
        const end = ends.endsWith('value') ? nodes - 2 : nodes - 1
        team.parallel('separable.tridiagonal', 0, Math.ceil(columns / 128), [f, ratios.pointer, columns, first, end, kappa, lambda.pointer, first === 0 ? 1 : 0, end === nodes - 1 ? 1 : 0])
      } else team.parallel('separable.divide', 0, nodes, [f, columns, mu!.pointer, lambda.pointer, 1e-11 * kappa], { grain: Math.max(1, Math.ceil(4096 / columns)) })
      for (const transform of [...transforms].reverse()) transform(f, true)
    },
  }
}

/** λ by place on the transformed line; 1 where the line has no wave (its numbers there are 0). */
function eigenvalues({ ends, nodes, kappa }: SeparableAxis, libm: Libm): Float64Array {
  const m = ends === 'ring' ? nodes : nodes - 1
  return Float64Array.from({ length: nodes }, (_, place) => {
    // Half of the angle per interval is π numerator / denominator.
    const [numerator, denominator] = ends === 'ring' ? [Math.ceil(place / 2), m] : ends === 'value slope' ? [2 * place - 1, 4 * m] : ends === 'slope value' ? [2 * place + 1, 4 * m] : [place, 2 * m]
    const isWave = ends === 'value value' ? place > 0 && place < m : ends === 'value slope' ? place > 0 : ends === 'slope value' ? place < m : true
    if (!isWave) return 1
    const [, sine] = unitRoot(libm, numerator, 2 * denominator)
    return 4 * kappa * sine * sine
  })
}

/** Lines of one axis, forth and back in place. */
function createTransform(axes: readonly SeparableAxis[], a: number, team: Team, libm: Libm): (data: Pointer, inverse: boolean) => void {
  const { arena } = team
  const { nodes: n, ends } = axes[a]
  const kind = kinds[ends]
  const m = ends === 'ring' ? n : n - 1
  const length = kind >= 3 ? 4 * m : m
  const half = length % 2 === 0 ? length / 2 : length
  const plans = [createPlan(team, libm, half, 1), createPlan(team, libm, half, -1)]
  const turns = arena.from(realTurns(libm, length, Math.floor(length / 2) + 1))
  const sines = arena.f64(2 * m)
  sines.view().forEach((_, i, all) => {
    const [c, s] = unitRoot(libm, i % m, 2 * m)
    all[i] = i < m ? s : c
  })
  const stride = axes.slice(0, a).reduce((product, axis) => product * axis.nodes, 1)
  const total = axes.reduce((product, axis) => product * axis.nodes, 1)
  const width = stride
  const groups = a === 0 ? total / n : Math.ceil(width / 8) * (total / (stride * n))
  const chunk = Math.ceil(groups / 64)
  const units = Math.ceil(groups / chunk)
  const unit = 8 * n + 10 * length + 16
  const scratch = arena.f64(units * unit)
  const scale = ends === 'ring' ? 1 / n : 2 / m
  return (data, inverse) => team.parallel('separable.lines', 0, units, [
    chunk, groups, data, n, stride, width, stride * n, kind, inverse ? 1 : 0, length, plans[0].pointer, plans[1].pointer, turns.pointer, sines.pointer, inverse ? scale : 1, scratch.pointer, unit,
  ])
}

export interface FastPoissonSolver {
  readonly name: 'fast-poisson'
  readonly singular: boolean
  solve(F: Block, u: Block, fresh: boolean, run?: SolverRun): FastPoissonReport
}

export interface FastPoissonReport {
  readonly converged: boolean
  readonly iterations: number
  readonly residual: number
  readonly residuals: readonly number[]
  readonly solver: 'fast-poisson'
}

/**
 * The fast solver in the form of the others: A u = F with equations times control volumes; u holds the Dirichlet values at fixed nodes and 0 elsewhere. Throws FaultError `unsupported-solver` with the reason
 * where the operator is not of that form.
 */
export function createFastPoissonSolver(linear: LinearOperator, operator: DiscreteOperator, tolerance: number, team: Team, libm: Libm): FastPoissonSolver {
  const plan = separable(linear, operator, libm)
  if (typeof plan === 'string') {
    throw new FaultError(error('unsupported-solver', `The fast Poisson solver does not take this problem: ${plan}.`, { where: { path: 'solver' }, tip: 'Use "auto" or "multigrid".' }))
  }
  const fast = createFastPoisson(plan, team, libm)
  const { size } = operator
  const largestVolume = operator.grid.axes.reduce((v, axis) => v * (axis.coordinates[1] - axis.coordinates[0]), 1)
  const r = team.arena.f64(size)
  const vectors = createVectors(team, size)
  // r = (F − load)/volume − L u, and 0 at fixed nodes.
  const inverse = operator.uniformVolume === undefined ? team.arena.from(operator.volumes.view().map((v, i) => operator.free.view()[i] / v)) : undefined
  const work = inverse ? team.arena.f64(size) : undefined
  const residual = (F: Block, u: Block): number => {
    operator.apply(u, r)
    if (!inverse) {
      vectors.axpby(1 / operator.uniformVolume!, F.pointer, -1, r.pointer)
      const view = r.view()
      for (const node of operator.discretisation.fixedNodes) view[node] = 0
      return operator.uniformVolume! * vectors.norm(r.pointer)
    }
    vectors.copy(F.pointer, work!.pointer)
    if (operator.load) vectors.axpy(-1, operator.load.pointer, work!.pointer)
    team.parallel('vectors.multiply', 0, size, [inverse.pointer, work!.pointer, work!.pointer], { grain: nodeGrain })
    vectors.axpby(1, work!.pointer, -1, r.pointer)
    team.parallel('vectors.multiply', 0, size, [operator.volumes.pointer, r.pointer, work!.pointer], { grain: nodeGrain })
    return vectors.norm(work!.pointer)
  }
  /** values ← values − mean, weighted with control volumes. */
  const removeMean = (block: Block): void => {
    const mean = team.reduce('vectors.dot', 0, size, [operator.volumes.pointer, block.pointer], { block: 16384 }) / operator.volumes.view().reduce((a, b) => a + b, 0)
    const view = block.view()
    for (let i = 0; i < size; i++) view[i] -= mean
  }
  return {
    name: 'fast-poisson',
    singular: fast.singular,
    solve(F: Block, u: Block, _fresh: boolean, run?: SolverRun): FastPoissonReport {
      const scale = residual(F, u)
      const residuals = [1]
      // A second pass takes away what rounding left of the first.
      for (let pass = 0; pass < 2 && scale > 0; pass++) {
        run?.throwIfCancelled()
        if (fast.singular) removeMean(r)
        fast.solveInPlace(r.pointer)
        vectors.axpy(1, r.pointer, u.pointer)
        if (fast.singular) removeMean(u)
        const norm = residual(F, u)
        residuals.push((fast.singular ? projected() : norm) / scale)
        run?.progress?.({ iteration: pass + 1, residual: residuals[pass + 1] })
        if (residuals[pass + 1] <= tolerance) break
      }
      const last = scale > 0 ? residuals[residuals.length - 1] : 0
      // What rounding in A u alone leaves.
      const diagonal = plan.axes.reduce((sum, axis) => sum + 4 * axis.kappa, plan.reaction)
      const floor = scale > 0 ? (8 * 2.220446049250313e-16 * diagonal * largestVolume * vectors.norm(u.pointer)) / scale : 0
      return { converged: last <= Math.max(tolerance, Math.min(floor, 1e-6)), iterations: residuals.length - 1, residual: last, residuals, solver: 'fast-poisson' }
    },
  }

  /** Norm of the residual without its mean, which nothing can remove. */
  function projected(): number {
    removeMean(r)
    team.parallel('vectors.multiply', 0, size, [operator.volumes.pointer, r.pointer, work?.pointer ?? r.pointer], { grain: nodeGrain })
    return vectors.norm(work?.pointer ?? r.pointer)
  }
}
