import { error, FaultError } from '../../fault'
import type { Block, Team } from '../../kernels/team'
import { createVectors } from '../linear/vectors'
import { controlLengths } from './axis'
import { hierarchyOfConstants, hierarchyOfNetwork, type Hierarchy } from './hierarchy'
import type { ShiftedSolver, ShiftedSolverOptions, SolverName, SolverReport, SolverRun } from './interface'
import { createIteration, type Iterate } from './iteration'
import { networkLevel, type Level } from './level'
import { networkOf } from './matrix'
import { createNetwork, volumeAt, type Network } from './network'
import type { DiscreteOperator } from './operator'
import { nodeGrain, sizeOf, type Shape } from './shape'
import { createLineSolver } from './line'

/** Solves A u = F with equations times control volumes; `F` is 0 at fixed nodes, u holds the Dirichlet values there. */
export interface LinearSolver {
  readonly name: SolverName
  /** Σκ = 0 rows, no reaction, no Dirichlet node: constants are in the kernel. F is then made compatible and u gets zero mean. */
  readonly singular: boolean
  /** `fresh`: u is 0 at the free nodes, so full multigrid may start. */
  solve(F: Block, u: Block, fresh: boolean, run?: SolverRun): SolverReport
}

const machineEpsilon = 2.220446049250313e-16

/** Iterations after which `auto` looks whether another solver would be faster. */
const trial = 30

/** Elimination is worth it in the plane, and in space on small grids. */
const eliminates = (shape: Shape): boolean => sizeOf(shape) <= (shape[2] === 1 ? 1_200_000 : 40_000)

/** What `auto` tries, in this order. */
function automatic(shape: Shape, is: { isConstant: boolean; definite: boolean; symmetric: boolean; singular: boolean }): readonly Concrete[] {
  if (is.isConstant) return ['multigrid']
  if (is.definite) return is.singular ? ['cg'] : ['cg', 'amg']
  if (eliminates(shape)) return [is.symmetric ? 'minres' : 'gmres', 'direct']
  return is.symmetric ? ['minres'] : ['gmres', 'bicgstab']
}

/** Iterations that are still needed when `count` of them gain the factor `gain`, and `missing` is the factor to go; Infinity where nothing is gained. */
function expected(gain: number, count: number, missing: number): number {
  if (!(gain < 0.999) || count === 0) return Infinity
  let rounds = 0
  for (let rest = missing; rest > 1 && rounds < 1000; rest *= gain) rounds++
  return rounds * count
}

type Concrete = Exclude<SolverName, 'auto'>

/**
 * Builds the solver for σ u + L u once; `solve` may then be called again and again. `auto` is multigrid where the coefficients are constant, conjugate gradients (symmetric
 * positive definite) or GMRES (anything else) with multigrid; where these would need many iterations it goes on with algebraic multigrid or elimination.
 *
 * Throws FaultError `indefinite-operator` (cg, amg), `singular-matrix`, `out-of-memory`, `zero-diagonal` and `no-optimal-relaxation`.
 */
export function createLinearSolver(operator: DiscreteOperator, options: ShiftedSolverOptions, team: Team): LinearSolver {
  const { shift, solver = 'auto', smoother, cycle, relaxation = 'optimal' } = options
  const { discretisation } = operator
  const { shape, axes, dimensions, constant, fixedNodes } = discretisation
  const network = constant ? undefined : shifted(team, discretisation.network!, shift)
  const d = network?.d.view()
  const singular = network !== undefined && fixedNodes.length === 0 && d!.every(value => value === 0)
  const symmetric = network === undefined || network.velocity.length === 0
  const definite = symmetric && (network === undefined || d!.every(value => value >= 0))
  if (singular && !definite) checkLeftKernel(network!)
  if (dimensions === 1 && solver !== 'sor') return createLineSolver(team, network!, fixedNodes, singular)
  if (solver === 'minres' && !symmetric) throw new FaultError(error('unsymmetric-operator', 'MINRES is for symmetric operators, and this one has advection.', { where: { path: 'solver' }, tip: 'Use "gmres", "bicgstab", "direct" or "auto".' }))
  const size = sizeOf(shape)
  const choices: readonly Concrete[] = solver !== 'auto' ? [solver] : automatic(shape, { isConstant: constant !== undefined, definite, symmetric, singular })
  // F-cycles are not symmetric, as the preconditioner of conjugate gradients and MINRES must be.
  const cycles = { smoother, cycle: cycle === 'f' && (choices[0] === 'cg' || choices[0] === 'minres') ? ('w' as const) : cycle }
  const level: Level = network ? networkLevel(team, network) : undefined!
  const usesHierarchy = choices.some(name => name !== 'direct' && name !== 'amg' && name !== 'sor')
  const hierarchy: Hierarchy | undefined = constant
    ? hierarchyOfConstants(team, axes, constant.diffusion, constant.reaction + shift, cycles)
    : usesHierarchy ? hierarchyOfNetwork(team, network!, singular, cycles) : undefined
  const finest = level ?? hierarchy!.levels[0]
  const vectors = createVectors(team, size)
  const work = team.arena.f64(size)
  const widths = axes.map(controlLengths)
  const measure = widths.reduce((product, w) => product * w.reduce((a, b) => a + b, 0), 1)
  let active: SolverRun | undefined
  const parts = { level: finest, hierarchy: () => hierarchy!, network: () => network ?? networkOf(team, discretisation, shift), held: singular ? 0 : -1, relaxation, throwIfCancelled: () => active?.throwIfCancelled() }
  const first = createIteration(team, choices[0], parts)
  /** The choice to begin with: the one that the last system needed. */
  let preferred = 0

  /** F ← F − (ΣF/|Ω|) volume: the nearest right-hand side that has a solution. */
  function makeCompatible(F: Block): void {
    const view = F.view()
    let total = 0
    for (const value of view) total += value
    for (let node = 0; node < size; node++) view[node] -= (total / measure) * volumeAt(shape, widths, node)
  }
  function removeMean(u: Block): void {
    const view = u.view()
    let total = 0
    for (let node = 0; node < size; node++) total += view[node] * volumeAt(shape, widths, node)
    for (let node = 0; node < size; node++) view[node] -= total / measure
  }
  /** ‖F − A u‖ for u = 0 at the free nodes: the unit in which residuals are given. */
  function scaleOf(F: Block, u: Block): number {
    const from = u.view()
    const to = work.view()
    to.fill(0)
    for (const node of fixedNodes) to[node] = from[node]
    return Math.sqrt(finest.residualSquared(work.pointer, F.pointer))
  }

  function solve(F: Block, u: Block, fresh: boolean, run?: SolverRun): SolverReport {
    const { tolerance, maximumIterations = 100 } = options
    active = run
    if (singular) makeCompatible(F)
    const scale = scaleOf(F, u)
    const residuals: number[] = []
    const record = (iteration: number, norm: number) => {
      residuals.push(norm / scale)
      run?.throwIfCancelled()
      run?.progress?.({ iteration, residual: norm / scale })
    }
    if (scale === 0) {
      vectors.fill(0, work.pointer)
      const values = work.view()
      const view = u.view()
      for (const node of fixedNodes) values[node] = view[node]
      view.set(values)
      return { converged: true, iterations: 0, residual: 0, residuals: [0], solver: choices[preferred] }
    }
    // Below this residual, rounding in A u alone explains it. Beside a singular operator u grows until it explains any: a hundredth of the right-hand side must be gone.
    const floor = () => 4 * machineEpsilon * finest.maximumDiagonal * Math.sqrt(vectors.dot(u.pointer, u.pointer))
    const norm = () => Math.sqrt(finest.residualSquared(u.pointer, F.pointer))
    let current = fresh ? scale : norm()
    record(0, current)
    let iterations = 0
    let choice = preferred
    if (fresh && choices[choice] === 'multigrid') {
      hierarchy!.full(u.pointer, F.pointer, 1)
      current = norm()
      record(++iterations, current)
    }
    let converged = current <= tolerance * scale
    const mark = team.arena.mark()
    try {
      let iterate: Iterate = choice === 0 ? first : createIteration(team, choices[choice], parts)
      while (!converged && iterations < maximumIterations && Number.isFinite(current)) {
        const before = current
        const name = choices[choice]
        const hasNext = choice + 1 < choices.length
        // A choice that has a successor shows in a few iterations what it can do.
        const limit = Math.min(maximumIterations - iterations, hasNext ? trial : Infinity)
        const round = iterate(u.pointer, F.pointer, limit, tolerance * scale, (count, value) => record(iterations + count, value))
        iterations += round
        current = norm()
        if (residuals.length <= iterations) record(iterations, current)
        else residuals[residuals.length - 1] = current / scale
        converged = current <= tolerance * scale || (current > 0.5 * before && current <= floor() && current <= 1e-2 * scale)
        // Elimination makes the residual small even where the operator is singular, with a solution so large that rounding in A u outweighs the right-hand side.
        if (name === 'direct' && floor() > 1e-2 * scale) {
          converged = false
          break
        }
        if (converged) break
        if (hasNext && !(expected(current / before, round, current / (tolerance * scale)) <= 2 * trial)) {
          const next = successor(choice + 1)
          if (next) {
            iterate = next
            preferred = ++choice
            continue
          }
        }
        if (round === 0) break
        // Away from rounding, a round that gains nothing and is no single cycle will not gain anything next time either.
        if (current > 0.9 * before && (name === 'cg' || name === 'amg' || name === 'minres' || name === 'direct') && !(hasNext && round === trial)) break
        if (name === 'multigrid' && current > 1e3 * scale) break
      }
    } finally {
      team.arena.release(mark)
    }
    if (singular) removeMean(u)
    return { converged, iterations, residual: current / scale, residuals, solver: choices[choice] }
  }

  /** The next choice, or nothing where it does not fit into the memory or the operator is not what it takes. */
  function successor(choice: number): Iterate | undefined {
    try {
      return createIteration(team, choices[choice], parts)
    } catch (reason) {
      if (reason instanceof FaultError) return undefined
      throw reason
    }
  }
  return { name: choices[0], singular, solve }
}

/** d + σ · volume at the free nodes; the network itself for σ = 0. */
function shifted(team: Team, network: Network, shift: number): Network {
  if (shift === 0) return network
  const widths = network.axes.map(controlLengths)
  const inverse = network.inverse.view()
  const d = team.arena.from(network.d.view().map((value, node) => (inverse[node] === 0 ? value : value + shift * volumeAt(network.shape, widths, node))))
  return createNetwork(team, network.axes, network.kappa, d, network.velocity, node => inverse[node] === 0)
}

/** With advection and nothing else that fixes the level, the right-hand sides that have a solution are known only when the velocity has no sources: then columns add up to 0. */
function checkLeftKernel({ shape, velocity }: Network): void {
  const stride = [1, shape[0], shape[0] * shape[1]]
  const sums = new Float64Array(sizeOf(shape))
  let scale = 0
  velocity.forEach((block, axis) => {
    const n = shape[axis]
    if (n === 1) return
    block.view().forEach((value, node) => {
      const i = Math.floor(node / stride[axis]) % n
      scale = Math.max(scale, Math.abs(value))
      sums[i === n - 1 ? node - (n - 1) * stride[axis] : node + stride[axis]] += value
      sums[i === 0 ? node + (n - 1) * stride[axis] : node - stride[axis]] -= value
    })
  })
  if (sums.some(value => Math.abs(value) > 1e-10 * scale)) {
    throw new FaultError(error('singular', 'The problem determines its solution only up to a constant, and with this velocity it is not known which sources allow a solution.', {
      where: { path: 'problem.boundary' }, tip: 'Give the value of the unknown on a part of the boundary, or add a term c*u with c > 0.',
    }))
  }
}

/** A solver for implicit steps; see interface.ts. Arrays live in the team's arena. */
export function createShiftedSolver(operator: DiscreteOperator, options: ShiftedSolverOptions, team: Team): ShiftedSolver {
  const solver = createLinearSolver(operator, options, team)
  const { size, load, uniformVolume } = operator
  const F = team.arena.f64(size)
  const vectors = createVectors(team, size)
  const weights = uniformVolume === undefined ? freeVolumes(operator, team) : undefined
  return {
    solve(r, u, run) {
      if (weights) team.parallel('vectors.multiply', 0, size, [weights.pointer, r.pointer, F.pointer], { grain: nodeGrain })
      else vectors.scale(uniformVolume!, r.pointer, F.pointer)
      if (load) vectors.axpy(1, load.pointer, F.pointer)
      return solver.solve(F, u, false, run)
    },
  }
}

function freeVolumes(operator: DiscreteOperator, team: Team): Block {
  const block = team.arena.f64(operator.size)
  const free = operator.free.view()
  const volumes = operator.volumes.view()
  block.view().forEach((_, node, all) => (all[node] = free[node] * volumes[node]))
  return block
}
