import { differentiate, evaluate, freeNames, isNumber, simplify } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import type { Libm } from '../../../expressions/libm'
import type { Block, Pointer, Run, Team } from '../../../kernels/team'
import type { BoundarySide, LinearOperator } from '../../../problems/analysed'
import { samplePoints } from '../../../problems/sampling'
import { createKrylov } from '../../linear/krylov/solver'
import type { ShiftedSolver } from '../../multigrid/interface'
import { createEllipticOperator, type DiscreteOperator } from '../../multigrid/operator'
import { createShiftedSolver } from '../../multigrid/solver'
import type { JetSystem } from './jet-system'
import { directAlways, type ShiftedMatrix } from './shifted'

const zero: Expression = { kind: 'number', value: 0 }
const grain = { grain: 1024 }

/**
 * (I − cL)δ = r for linear diffusion L of one or several components on a whole box in the plane or in space, of either order: GMRES without a matrix, preconditioned by one multigrid cycle per component on
 * its own second derivatives, differenced as a flux with order 2 (defect correction: W. Hackbusch, *Multi-Grid Methods and Applications*, Springer 1985, § 14, doi:10.1007/978-3-662-02427-0). The number of iterations does
 * not depend on the grid. Undefined where L is of another kind, and for small systems, which elimination solves faster.
 *
 * @param rows one per component: Σ a(x) · (derivative), 0 for components without diffusion
 */
export function createDiffusionSolver(system: JetSystem, rows: readonly Expression[], team: Team, libm: Libm, run: Run): ShiftedMatrix | undefined {
  const { size, nodes, operators, grid } = system
  const { arena } = team
  if (!operators.whole || grid.axes.length < 2 || size <= directAlways || operators.couplings.length > 0) return undefined
  const parts = rows.map((row, c) => (isNumber(row, 0) ? 'none' : componentOperator(system, row, c, team, libm)))
  if (parts.includes(undefined)) return undefined
  const multiply = system.homogeneous(rows)
  const work = arena.f64(size)
  const [source, result] = [arena.f64(nodes), arena.f64(nodes)]
  const outputs = rows.map((_, c) => work.pointer + 8 * nodes * c)
  const watch = { throwIfCancelled: () => run.throwIfCancelled() }
  let factor = 0
  let solvers: readonly (ShiftedSolver | undefined)[] = []
  // Those of the last two factors: step doubling alternates between dt and dt/2. Older ones give their memory back.
  let kept: { readonly c: number; readonly solvers: readonly (ShiftedSolver | undefined)[] }[] = []
  let mark: number | undefined
  const krylov = createKrylov(team, {
    method: 'gmres',
    map: {
      size,
      apply(from, to) {
        multiply(from, outputs)
        team.parallel('stepping.addScaled', 0, size, [from, -factor, work.pointer, to], grain)
        system.free(at(to, size))
      },
    },
    preconditioner: {
      apply(from, to) {
        solvers.forEach((solver, c) => {
          const offset = 8 * nodes * c
          if (!solver) {
            team.parallel('vectors.copy', 0, nodes, [from + offset, to + offset], grain)
            return
          }
          // I − cL is c times (1/c − L).
          team.parallel('stepping.scale', 0, nodes, [1 / factor, from + offset, source.pointer], grain)
          team.parallel('vectors.fill', 0, nodes, [0, result.pointer], grain)
          solver.solve(source, result)
          team.parallel('vectors.copy', 0, nodes, [result.pointer, to + offset], grain)
        })
        system.free(at(to, size))
      },
    },
  })
  return {
    assemble(c) {
      factor = c
      let entry = kept.find(candidate => candidate.c === c)
      if (!entry) {
        mark ??= arena.mark()
        if (kept.length === 2) {
          arena.release(mark)
          kept = []
        }
        entry = { c, solvers: parts.map(part => (part === 'none' || !part ? undefined : createShiftedSolver(part, { shift: 1 / c, tolerance: 1e-14, maximumIterations: 1, solver: 'multigrid' }, team))) }
        kept.push(entry)
      }
      solvers = entry.solvers
    },
    solve(residual, correction, tolerance) {
      team.parallel('vectors.fill', 0, size, [0, correction.pointer], grain)
      const report = krylov.solve(residual, correction, { tolerance, maximumIterations: 100, run: watch })
      return report.converged || report.residual <= 10 * tolerance
    },
  }

  function at(pointer: Pointer, length: number): Block {
    return { pointer, length, view: () => new Float64Array(arena.memory.buffer, pointer, length) }
  }
}

/** −Σ∂ᵢ(aᵢ∂ᵢu) + Σ(∂ᵢaᵢ)∂ᵢu with the conditions of the component, data left out: what the row says about its own component. Undefined where that is no diffusion. */
function componentOperator({ problem, grid }: JetSystem, row: Expression, component: number, team: Team, libm: Libm): DiscreteOperator | undefined {
  const { jet } = problem.system
  const names = freeNames(row)
  const used = jet.filter(({ name }) => names.has(name))
  if (used.some(({ orders: [x, y, z] }) => x + y + z !== 2)) return undefined
  const points = [...samplePoints(problem.axes, grid.axes.length === 3 ? 5 : 9)]
  const diffusion = grid.axes.map((_, a) => {
    const entry = used.find(candidate => candidate.component === component && candidate.orders[a] === 2)
    return entry ? simplify(differentiate(row, entry.name)) : zero
  })
  if (!diffusion.every(e => points.every(point => evaluate(e, point, libm) > 0))) return undefined
  const advection = diffusion.map((e, a) => simplify(differentiate(e, grid.axes[a].name)))
  const boundary = problem.boundary.map((side): BoundarySide => ({ ...side, pieces: side.pieces.filter(piece => piece.component === component).map(piece => ({ ...piece, component: 0, data: zero })) }))
  if (boundary.some(side => side.pieces.length === 0 || side.pieces.some(piece => piece.coupled || piece.traction))) return undefined
  const linear: LinearOperator = { diffusion, advection, reaction: zero, symmetric: advection.every(e => isNumber(e, 0)) }
  return createEllipticOperator({ linear, boundary, grid }, team, libm)
}
