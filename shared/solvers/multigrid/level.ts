import type { Block, Pointer, Team } from '../../kernels/team'
import type { Network } from './network'
import { nodeGrain, rowBlock, rowGrain, sizeOf, tiling, type Shape } from './shape'

/** One grid of the hierarchy with its operator A (equations times control volumes). Vectors are pointers to arrays of the grid's size. */
export interface Level {
  readonly shape: Shape
  readonly size: number
  /** Pointer to 1/diagonal with 0 at fixed nodes; 0 when exactly the boundary of the box is fixed. */
  readonly inverse: Pointer
  /** Largest entry of the diagonal. */
  readonly maximumDiagonal: number
  /** One Gauss–Seidel sweep, red (0) or black (1) first; damped Jacobi where colours clash across a periodic axis. */
  relax(u: Pointer, f: Pointer, first: 0 | 1): void
  /** Solves every second line along an axis (colour 0: those whose other indices add up to an even number). Absent without coefficient arrays and where colours clash across a periodic axis. */
  relaxLines?(u: Pointer, f: Pointer, axis: number, colour: 0 | 1): void
  /** out ← f − A u, 0 at fixed nodes */
  residual(u: Pointer, f: Pointer, out: Pointer): void
  /** out ← A u, 0 at fixed nodes */
  apply(u: Pointer, out: Pointer): void
  /** ‖f − A u‖² over the free nodes */
  residualSquared(u: Pointer, f: Pointer): number
  /** coarse ← Pᵀ(f − A u) with all axes halved, in the plane only right after a red–black sweep that ended with black. Absent where there is no such short cut. */
  restrictResidual?(u: Pointer, f: Pointer, coarse: Pointer): void
  isFixed(node: number): boolean
}

/** A level with one conductance per edge; `withLines` for one whose lines are solved as wholes. */
export function networkLevel(team: Team, network: Network, withLines = false): Level {
  const { shape } = network
  const size = sizeOf(shape)
  const rows = shape[1] * shape[2]
  const { description, inverse } = network
  const { slabs, tile, tiles, grain } = tiling(shape)
  const clashes = network.periodic.some((periodic, axis) => periodic && shape[axis] % 2 === 1)
  const scratch = clashes || withLines ? team.arena.f64(size).pointer : 0
  const residual = (u: Pointer, f: Pointer, out: Pointer) => team.parallel('multigrid.residual', 0, rows, [description, u, f, out], { grain: rowGrain(shape) })
  const dimensions = shape.filter(n => n > 1).length
  return {
    shape, size, residual,
    inverse: inverse.pointer,
    maximumDiagonal: network.maximumDiagonal,
    relax(u, f, first) {
      if (clashes) {
        // Optimal for the upper half of the spectrum of the Laplacian: ω = 2d/(2d + 1).
        residual(u, f, scratch)
        team.parallel('multigrid.jacobi', 0, size, [(2 * dimensions) / (2 * dimensions + 1), inverse.pointer, scratch, u], { grain: nodeGrain })
        return
      }
      team.parallel('multigrid.relaxTiles', 0, tiles, [description, u, f, slabs, tile, first], { grain })
      team.parallel('multigrid.relaxBorders', 0, tiles, [description, u, f, slabs, tile, first], { grain })
    },
    ...(withLines && !clashes && {
      relaxLines(u: Pointer, f: Pointer, axis: number, colour: 0 | 1) {
        const count = size / shape[axis]
        team.parallel('multigrid.relaxLines', 0, count, [description, u, f, axis, colour, scratch], { grain: Math.max(1, Math.ceil(nodeGrain / shape[axis])) })
      },
    }),
    apply: (u, out) => team.parallel('multigrid.apply', 0, rows, [description, u, out], { grain: rowGrain(shape) }),
    residualSquared: (u, f) => team.reduce('multigrid.residualSquared', 0, rows, [description, u, f], { block: rowBlock(shape) }),
    isFixed: node => inverse.view()[node] === 0,
  }
}

/** Conductances of an operator with constant coefficients on a uniform grid, one per axis, and the diagonal's rest d = c · volume. */
export interface ConstantOperator {
  readonly conductance: readonly [number, number, number]
  readonly reaction: number
}

/**
 * The factor of red–black overrelaxation. With μ the largest eigenvalue of Jacobi's iteration on the waves that a coarser grid cannot hold (2/3 for −Δ in space), many sweeps damp those best with 2/(1 + √(1 − μ²)); the two
 * sweeps of a cycle with a factor that exceeds 1 by a quarter more (measured for coefficients 1, 1, 1 to 1, 1, 0.26: 7 cycles instead of 12, and 13 instead of 31). In the plane the gain is small, and a residual that vanishes
 * at black nodes worth more. I. Yavneh, SIAM J. Sci. Comput. 17 (1996), doi:10.1137/0917013.
 */
function overrelaxation(conductance: ConstantOperator['conductance'], diagonal: number): number {
  const strongest = Math.max(...conductance)
  // Axes that couple less are not coarsened: smoothing need not see to waves along them alone.
  const weakest = Math.min(...conductance.filter(kappa => kappa >= 0.25 * strongest))
  const mu = (2 * (conductance[0] + conductance[1] + conductance[2] - weakest)) / diagonal
  return 1 + 1.25 * (2 / (1 + Math.sqrt(1 - mu * mu)) - 1)
}

/** A level with constant coefficients whose fixed nodes are exactly the boundary of the box. Two or three dimensions. */
export function constantLevel(team: Team, shape: Shape, operator: ConstantOperator): Level {
  const [nx, ny, nz] = shape
  const [kx, ky, kz] = operator.conductance
  const diagonal = 2 * (kx + ky + kz) + operator.reaction
  const rows = ny * nz
  const { slabs, tile, tiles, grain } = tiling(shape)
  const description = [nx, ny, nz, kx, ky, kz]
  const rowOptions = { grain: rowGrain(shape) }
  const omega = nz === 1 ? 1 : overrelaxation(operator.conductance, diagonal)
  return {
    shape,
    size: sizeOf(shape),
    inverse: 0,
    maximumDiagonal: diagonal,
    relax(u: Block['pointer'], f, first) {
      const args = [...description, 1 / diagonal, omega, u, f, slabs, tile, first]
      team.parallel('laplacian.relaxTiles', 0, tiles, args, { grain })
      team.parallel('laplacian.relaxBorders', 0, tiles, args, { grain })
    },
    residual: (u, f, out) => team.parallel('laplacian.residual', 0, rows, [...description, diagonal, u, f, out, 1], rowOptions),
    apply: (u, out) => team.parallel('laplacian.residual', 0, rows, [...description, diagonal, u, 0, out, 0], rowOptions),
    residualSquared: (u, f) => team.reduce('laplacian.residualSquared', 0, rows, [...description, diagonal, u, f], { block: rowBlock(shape) }),
    restrictResidual: (u: Pointer, f: Pointer, coarse: Pointer) => (nz === 1
      ? team.parallel('laplacian.restrictRed', 0, (ny + 1) / 2, [nx, ny, kx, ky, diagonal, u, f, coarse], { grain: Math.max(1, rowGrain(shape) >> 1) })
      : team.parallel('laplacian.restrictResidual', 0, (nz + 1) / 2, [nx, ny, nz, kx, ky, kz, diagonal, u, f, coarse], { grain: Math.max(1, Math.ceil(nodeGrain / (2 * nx * ny))) })),
    isFixed(node) {
      const i = node % nx
      const j = Math.floor(node / nx) % ny
      const k = Math.floor(node / (nx * ny))
      return i === 0 || i === nx - 1 || j === 0 || j === ny - 1 || (nz > 1 && (k === 0 || k === nz - 1))
    },
  }
}
