import { error, FaultError } from '../../fault'
import type { Block, Pointer, Team } from '../../kernels/team'
import { createConjugateGradients } from '../linear/krylov/cg'
import { createGmres, restartLength } from '../linear/krylov/gmres'
import type { KrylovSystem } from '../linear/krylov/round'
import { createVectors } from '../linear/vectors'
import { controlLengths } from './axis'
import { hierarchyOfConstants, hierarchyOfNetwork, type Hierarchy } from './hierarchy'
import type { ShiftedSolver, ShiftedSolverOptions, SolverName, SolverReport, SolverRun } from './interface'
import type { Level } from './level'
import { networkLevel } from './level'
import { createNetwork, volumeAt, type Network } from './network'
import type { DiscreteOperator } from './operator'
import { nodeGrain, sizeOf } from './shape'
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

/**
 * Builds the solver for σ u + L u once; `solve` may then be called again and again. Multigrid, alone or as preconditioner of conjugate gradients
 * (symmetric positive definite) or GMRES (anything else); direct elimination on a line.
 */
export function createLinearSolver(operator: DiscreteOperator, options: ShiftedSolverOptions, team: Team): LinearSolver {
  const { shift, solver = 'auto' } = options
  const { discretisation } = operator
  const { shape, axes, dimensions, constant, fixedNodes } = discretisation
  const network = constant ? undefined : shifted(team, discretisation.network!, shift)
  const d = network?.d.view()
  const singular = network !== undefined && fixedNodes.length === 0 && d!.every(value => value === 0)
  const definite = network === undefined || (network.velocity.length === 0 && d!.every(value => value >= 0))
  if (singular && !definite) checkLeftKernel(network!)
  if (dimensions === 1) return createLineSolver(team, network!, fixedNodes, singular)
  if (solver === 'direct') throw new FaultError(error('unsupported-solver', 'The direct solver is for problems in one dimension.', { tip: 'Use "auto" or "cg".' }))
  const name: SolverName = solver !== 'auto' ? solver : constant ? 'multigrid' : definite ? 'cg' : 'gmres'
  const level: Level = network ? networkLevel(team, network) : undefined!
  const hierarchy: Hierarchy = constant
    ? hierarchyOfConstants(team, axes, constant.diffusion, constant.reaction + shift)
    : hierarchyOfNetwork(team, network!, singular)
  const finest = level ?? hierarchy.levels[0]
  const size = sizeOf(shape)
  const vectors = createVectors(team, size)
  const work = team.arena.f64(size)
  const widths = axes.map(controlLengths)
  const measure = widths.reduce((product, w) => product * w.reduce((a, b) => a + b, 0), 1)
  const iterate = createIteration(team, name, finest, hierarchy, size)

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
      return { converged: true, iterations: 0, residual: 0, residuals: [0], solver: name }
    }
    // Below this residual, rounding in A u alone explains it. Beside a singular operator u grows until it explains any: a hundredth of the right-hand side must be gone.
    const floor = () => 4 * machineEpsilon * finest.maximumDiagonal * Math.sqrt(vectors.dot(u.pointer, u.pointer))
    const norm = () => Math.sqrt(finest.residualSquared(u.pointer, F.pointer))
    let current = fresh ? scale : norm()
    record(0, current)
    let iterations = 0
    if (fresh && name === 'multigrid') {
      hierarchy.full(u.pointer, F.pointer, 1)
      current = norm()
      record(++iterations, current)
    }
    let converged = current <= tolerance * scale
    while (!converged && iterations < maximumIterations && Number.isFinite(current)) {
      const before = current
      const round = iterate(u.pointer, F.pointer, maximumIterations - iterations, tolerance * scale, (count, value) => record(iterations + count, value))
      iterations += round
      current = norm()
      if (name === 'multigrid') record(iterations, current)
      else if (round > 0) residuals[residuals.length - 1] = current / scale
      converged = current <= tolerance * scale || (current > 0.5 * before && current <= floor() && current <= 1e-2 * scale)
      if (!converged && round === 0) break
      // Away from rounding, a round that gains nothing and is no single cycle will not gain anything next time either.
      if (!converged && name !== 'multigrid' && current > 0.9 * before && name === 'cg') break
      if (name === 'multigrid' && current > 1e3 * scale) break
    }
    if (singular) removeMean(u)
    return { converged, iterations, residual: current / scale, residuals, solver: name }
  }
  return { name, singular, solve }
}

type Round = (u: Pointer, F: Pointer, limit: number, target: number, record: (count: number, norm: number) => void) => number

/** One round: a multigrid cycle, conjugate gradients until their own residual meets the target, or GMRES until its restart (these record each iteration). Returns the iterations done. */
function createIteration(team: Team, name: SolverName, level: Level, hierarchy: Hierarchy, size: number): Round {
  if (name === 'multigrid') {
    return (u, F) => {
      hierarchy.cycle(u, F)
      return 1
    }
  }
  const vectors = createVectors(team, size)
  const r = team.arena.f64(size).pointer
  const symmetric = name === 'cg'
  const system: KrylovSystem = {
    map: { size, apply: level.apply },
    preconditioner: {
      apply(from, to) {
        vectors.fill(0, to)
        hierarchy.cycle(to, from, { symmetric })
      },
    },
  }
  const method = symmetric ? createConjugateGradients(team, system) : createGmres(team, system, restartLength(team.arena, size))
  return (u, F, limit, target, record) => {
    level.residual(u, F, r)
    let count = 0
    method(u, r, (iteration, norm) => {
      count = iteration
      record(iteration, norm)
      return iteration >= limit || norm <= target || !Number.isFinite(norm)
    })
    return count
  }
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
