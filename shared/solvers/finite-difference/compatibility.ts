import { evaluate, toText } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import { error, FaultError } from '../../fault'
import type { Block, Team } from '../../kernels/team'
import type { EllipticEquation } from '../../problems/analysed'
import type { SideNodes } from '../multigrid/boundary'
import type { DiscreteOperator } from '../multigrid/operator'
import { sample, type Coordinates } from '../multigrid/sample'

/** Gauss–Legendre points and weights on [−1, 1], order 8. */
const points = [-0.8611363115940526, -0.33998104358485626, 0.33998104358485626, 0.8611363115940526]
const weights = [0.34785484513745385, 0.6521451548625461, 0.6521451548625461, 0.34785484513745385]

/**
 * A problem without anything that fixes the level of u has a solution only if source and boundary fluxes balance: ∫ f + ∮ a ∂ₙu = 0. The trapezoidal
 * sum of the grid misses a balanced problem by O(h²), so the defect is integrated by Gauss–Legendre quadrature of order 8 on two meshes, whose
 * difference says how well it is known. Throws FaultError `incompatible` with the defect.
 */
export function checkCompatible(operator: DiscreteOperator, equation: EllipticEquation, F: Block, team: Team, libm: Libm): void {
  const { dimensions } = operator.discretisation
  const cells = [256, 64, 16][dimensions - 1]
  const fine = balance(operator, equation, cells, team, libm)
  const coarse = balance(operator, equation, cells / 2, team, libm)
  const uncertainty = 4 * Math.abs(fine.defect - coarse.defect)
  // The grid's own sum knows what lies between quadrature points; a defect that halves the mesh away is no defect.
  if (Math.abs(fine.defect) <= Math.max(1e-9 * fine.size, uncertainty)) return
  const discrete = F.view().reduce((a, b) => a + b, 0)
  if (Math.abs(discrete) <= 1e-12 * fine.size) return
  const value = Number(fine.defect.toPrecision(6))
  const flux = operator.discretisation.sides.length > 0
  throw new FaultError(error('incompatible', flux
    ? `The problem has no solution: nothing fixes the level of the unknown, so source and boundary fluxes must balance, but ∫ f + ∮ a dn(u) = ${value} for f = ${toText(equation.source)}.`
    : `The problem has no solution: on a periodic domain without a term c*u the source must have zero mean, but ∫ f = ${value} for f = ${toText(equation.source)}.`, {
    where: { path: 'problem.equations[0]' }, tip: 'Subtract the mean from the source, change the fluxes, or fix the unknown by a Dirichlet condition or a term c*u.',
  }))
}

/** ∫ f + ∮ a g/α, and the integral of the absolute values as its size. */
function balance(operator: DiscreteOperator, equation: EllipticEquation, cells: number, team: Team, libm: Libm): { defect: number; size: number } {
  const { grid, discretisation: { dimensions, sides } } = operator
  const lines = grid.axes.map(axis => quadrature(axis.lower, axis.upper, cells))
  const none = { nodes: new Float64Array(1), weights: Float64Array.of(1) }
  const [x, y, z] = [lines[0], lines[1] ?? none, lines[2] ?? none]
  const mark = team.arena.mark()
  const values = team.arena.f64(x.nodes.length * y.nodes.length * z.nodes.length)
  const coordinates: Coordinates = [x.nodes, y.nodes, z.nodes]
  sample(team, equation.source, coordinates, dimensions, 0, libm, 'source', values)
  const view = values.view()
  let defect = 0
  let size = 0
  let at = 0
  for (const wz of z.weights) {
    for (const wy of y.weights) {
      for (const wx of x.weights) {
        const part = wx * wy * wz * view[at++]
        defect += part
        size += Math.abs(part)
      }
    }
  }
  team.arena.release(mark)
  for (const side of sides) {
    const flux = sideFlux(operator, equation, side, lines, libm)
    defect += flux.defect
    size += flux.size
  }
  return { defect, size }
}

interface Line {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

function quadrature(lower: number, upper: number, cells: number): Line {
  const nodes = new Float64Array(4 * cells)
  const out = new Float64Array(4 * cells)
  const half = (upper - lower) / (2 * cells)
  for (let cell = 0; cell < cells; cell++) {
    points.forEach((p, i) => {
      nodes[4 * cell + i] = lower + half * (2 * cell + 1 + p)
      out[4 * cell + i] = half * weights[i]
    })
  }
  return { nodes, weights: out }
}

function sideFlux({ grid, discretisation: { dimensions } }: DiscreteOperator, equation: EllipticEquation, side: SideNodes, lines: readonly Line[], libm: Libm): { defect: number; size: number } {
  const end = side.end === 'lower' ? grid.axes[side.axis].lower : grid.axes[side.axis].upper
  const across = [0, 1, 2].filter(axis => axis < dimensions && axis !== side.axis)
  const diffusion = equation.operator.diffusion[side.axis]
  let defect = 0
  let size = 0
  const total = across.reduce((n, axis) => n * lines[axis].nodes.length, 1)
  const point: Record<string, number> = { x: 0, y: 0, z: 0, t: 0 }
  point['xyz'[side.axis]] = end
  for (let k = 0; k < total; k++) {
    let rest = k
    let weight = 1
    for (const axis of across) {
      const i = rest % lines[axis].nodes.length
      rest = Math.floor(rest / lines[axis].nodes.length)
      point['xyz'[axis]] = lines[axis].nodes[i]
      weight *= lines[axis].weights[i]
    }
    const piece = [...side.pieces].reverse().find(p => !p.where || evaluate(p.where, point, libm) !== 0)
    if (!piece || (piece.data.kind === 'number' && piece.data.value === 0)) continue
    const part = (weight * evaluate(diffusion, point, libm) * evaluate(piece.data, point, libm)) / evaluate(piece.normal, point, libm)
    defect += part
    size += Math.abs(part)
  }
  return { defect, size }
}
