import { error, FaultError } from '../../fault'
import type { Block, Pointer, Team } from '../../kernels/team'
import { createDirect } from '../linear/direct/direct'
import { createBicgstab } from '../linear/krylov/bicgstab'
import { createConjugateGradients } from '../linear/krylov/cg'
import { createGmres, restartLength } from '../linear/krylov/gmres'
import { createMinres } from '../linear/krylov/minres'
import type { KrylovSystem, Round, Watch } from '../linear/krylov/round'
import { mapOf } from '../linear/map'
import { algebraicMultigrid } from '../linear/preconditioner/algebraic'
import { createSor, type Relaxation } from '../linear/sor'
import { createVectors } from '../linear/vectors'
import type { Hierarchy } from './hierarchy'
import type { SolverName } from './interface'
import type { Level } from './level'
import { freeSystem } from './matrix'
import type { Network } from './network'

/**
 * One round of a solver: a multigrid cycle, conjugate gradients until their own residual meets the target, GMRES until its restart, a direct solve.
 * `record` is called after each iteration where a round has several; returns the number of iterations. Improves u for A u = F.
 */
export type Iterate = (u: Pointer, F: Pointer, limit: number, target: number, record: (count: number, norm: number) => void) => number

export interface IterationParts {
  readonly level: Level
  readonly hierarchy: () => Hierarchy
  readonly network: () => Network
  /** A node that keeps its value because the others follow from it (constants in the kernel), or −1. */
  readonly held: number
  readonly relaxation: Relaxation
  /** Looked at while a matrix is factored. */
  readonly throwIfCancelled: () => void
}

/** Vectors and matrices are made now, in the arena. Throws FaultError as the solver itself does. */
export function createIteration(team: Team, name: Exclude<SolverName, 'auto'>, parts: IterationParts): Iterate {
  const { level } = parts
  if (name === 'multigrid') {
    const hierarchy = parts.hierarchy()
    return (u, F) => {
      hierarchy.cycle(u, F)
      return 1
    }
  }
  if (name === 'direct' || name === 'amg' || name === 'sor') return onMatrix(team, name, parts)
  const hierarchy = parts.hierarchy()
  const vectors = createVectors(team, level.size)
  const r = team.arena.f64(level.size).pointer
  const symmetric = name === 'cg' || name === 'minres'
  const method = createRound(team, name, {
    map: { size: level.size, apply: level.apply },
    preconditioner: {
      apply(from, to) {
        vectors.fill(0, to)
        hierarchy.cycle(to, from, { symmetric })
      },
    },
  })
  return (u, F, limit, target, record) => {
    level.residual(u, F, r)
    return runRound(method, name, u, r, limit, target, record)
  }
}

function createRound(team: Team, name: SolverName, system: KrylovSystem): Round {
  if (name === 'cg') return createConjugateGradients(team, system)
  if (name === 'minres') return createMinres(team, system)
  if (name === 'bicgstab') return createBicgstab(team, system)
  return createGmres(team, system, restartLength(team.arena, system.map.size))
}

function runRound(method: Round, name: SolverName, u: Pointer, r: Pointer, limit: number, target: number, record: (count: number, norm: number) => void): number {
  let count = 0
  const watch: Watch = (iteration, norm) => {
    count = iteration
    record(iteration, norm)
    return iteration >= limit || norm <= target || !Number.isFinite(norm)
  }
  if (method(u, r, watch) === 'indefinite') {
    throw new FaultError(error('indefinite-operator', `The operator is not positive definite: the solver "${name}" met a direction p with pᵀAp < 0.`, { where: { path: 'solver' }, tip: 'Use "minres" for a symmetric operator, "gmres", "direct" or "auto".' }))
  }
  return count
}

/** Solvers on the sparse matrix of the free nodes; corrections come back into the grid's vector. */
function onMatrix(team: Team, name: 'direct' | 'amg' | 'sor', { level, network, held, relaxation, throwIfCancelled }: IterationParts): Iterate {
  const { arena } = team
  const { matrix, nodes } = freeSystem(arena, network(), held)
  const r = arena.f64(level.size)
  const [b, x] = [arena.f64(nodes.length), arena.f64(nodes.length)]
  const solve = solverOf()

  /** x ← about A⁻¹ b */
  function solverOf(): (limit: number, target: number, record: (count: number, norm: number) => void) => number {
    if (name === 'direct') {
      const direct = createDirect(team, matrix, { throwIfCancelled })
      return () => {
        direct.solve(b, x)
        return 1
      }
    }
    if (name === 'sor') {
      const sor = createSor(team, matrix, relaxation)
      return (limit, target, record) => sor.solve(b.pointer, x.pointer, (sweep, norm) => {
        record(sweep, norm)
        return sweep >= limit || norm <= target || !Number.isFinite(norm)
      })
    }
    const method = createConjugateGradients(team, { map: mapOf(team, matrix), preconditioner: algebraicMultigrid(team, matrix) })
    return (limit, target, record) => runRound(method, name, x.pointer, b.pointer, limit, target, record)
  }
  return (u, F, limit, target, record) => {
    level.residual(u, F, r.pointer)
    gather(r, nodes, b)
    x.view().fill(0)
    const count = solve(limit, target, record)
    const correction = x.view()
    const view = new Float64Array(arena.memory.buffer, u, level.size)
    nodes.forEach((node, k) => (view[node] += correction[k]))
    return count
  }
}

function gather(from: Block, nodes: Int32Array, to: Block): void {
  const source = from.view()
  const target = to.view()
  nodes.forEach((node, k) => (target[k] = source[node]))
}
