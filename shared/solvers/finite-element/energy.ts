import { add, differentiate, divide, name, negate, one, simplify, zero } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import { basisDerivatives, basisValues, barycentricGradients, simplexFacets } from '../../fields/mesh-element'
import type { MeshField } from '../../fields/mesh'
import { meshCells, nodesPerCell } from '../../fields/mesh'
import type { PointFunction } from '../../fields/norms'
import { simplexQuadrature } from '../../fields/simplex-quadrature'
import type { AnalysedProblem, BoundaryPiece, LinearOperator } from '../../problems/analysed'
import { boundaryFacets } from './boundary'
import { meshOfDomain } from './mesh/domain'
import { facetsOf } from './mesh/topology'

/**
 * Energies of a finite element function u_N beside those of the exact solution u*, for −∇·(a∇u) + c u = f with energy
 * Σ(v) = ∫ ½a|∇v|² + ½c v² − f v + ∫_Γ aₙ(½β v² − g v) over the part of Γ with ∂ₙv + β v = g, and e = u_N − u*.
 */
export interface EnergyErrors {
  /** Σ(u_N) − Σ(u*), by one rule for both, so that nothing cancels. */
  readonly gap: number
  /** ½ a(e, e) = ½∫ a|∇e|² + c e² + ½∫ aₙβ e². */
  readonly half: number
  /** ∫_{Γ_D} aₙ e ∂ₙu*: what interpolated boundary values add to the identity gap = half + boundary. */
  readonly boundary: number
  /** ½ a(u* − Iu*, u* − Iu*) for the nodal interpolant Iu*: above the infimum over the space. */
  readonly interpolant: number
  /** ∫ e². */
  readonly squared: number
  /** ∫ |∇e|². */
  readonly gradient: number
  /** Least a and c at the quadrature points. */
  readonly leastDiffusion: number
  readonly leastReaction: number
}

export interface EnergyStatement {
  readonly problem: AnalysedProblem
  readonly operator: LinearOperator
  readonly source: Expression
  readonly exact: Expression
}

/** Compiles an expression over the axes into a function of many points. */
export type Compile = (expression: Expression) => PointFunction

const batch = 1 << 14

export function energyErrors({ problem, operator, source, exact }: EnergyStatement, field: MeshField, resolution: readonly number[], compile: Compile, libm: Libm, pause: () => void): EnergyErrors {
  const { mesh } = field
  const { dimension, degree, points, cells } = mesh
  const names = problem.axes.map(a => a.name)
  const corners = dimension + 1
  const nodes = nodesPerCell(mesh)
  const slopes = names.map(x => simplify(differentiate(exact, x)))
  const evaluate = [exact, operator.reaction, source, ...operator.diffusion, ...slopes].map(compile)
  const exactAt = compile(exact)
  const total = points.length / dimension
  const interpolated = exactAt({ x: column(points, dimension, 0, total), y: dimension > 1 ? column(points, dimension, 1, total) : undefined, z: dimension > 2 ? column(points, dimension, 2, total) : undefined }, 0)

  const rule = simplexQuadrature(dimension, degree + 3)
  const shapes = new Float64Array(rule.points * nodes)
  const slopesOf = new Float64Array(rule.points * nodes * corners)
  for (let q = 0; q < rule.points; q++) {
    const lambda = rule.lambda.subarray(q * corners, (q + 1) * corners)
    basisValues(dimension, degree, lambda, shapes, q * nodes)
    basisDerivatives(dimension, degree, lambda, slopesOf, q * nodes * corners)
  }
  const gradients = new Float64Array(corners * dimension)
  let [gap, half, interpolant, squared, gradient, leastDiffusion, leastReaction] = [0, 0, 0, 0, 0, Infinity, Infinity]
  const count = meshCells(mesh)
  const perBatch = Math.max(1, Math.floor(batch / rule.points))
  for (let from = 0; from < count; from += perBatch) {
    const to = Math.min(count, from + perBatch)
    const size = (to - from) * rule.points
    const at = names.map(() => new Float64Array(size))
    const weights = new Float64Array(size)
    const [own, nodal] = [new Float64Array(size), new Float64Array(size)]
    const ownSlopes = names.map(() => new Float64Array(size))
    const nodalSlopes = names.map(() => new Float64Array(size))
    for (let c = from, i = 0; c < to; c++) {
      const measure = barycentricGradients(dimension, points, cells, c * nodes, gradients)
      for (let q = 0; q < rule.points; q++, i++) {
        weights[i] = rule.weights[q] * Math.abs(measure)
        for (let a = 0; a < dimension; a++) {
          for (let k = 0; k < corners; k++) at[a][i] += rule.lambda[q * corners + k] * points[cells[c * nodes + k] * dimension + a]
        }
        for (let n = 0; n < nodes; n++) {
          const node = cells[c * nodes + n]
          own[i] += shapes[q * nodes + n] * field.values[node]
          nodal[i] += shapes[q * nodes + n] * interpolated[node]
          for (let a = 0; a < dimension; a++) {
            let slope = 0
            for (let k = 0; k < corners; k++) slope += slopesOf[(q * nodes + n) * corners + k] * gradients[k * dimension + a]
            ownSlopes[a][i] += slope * field.values[node]
            nodalSlopes[a][i] += slope * interpolated[node]
          }
        }
      }
    }
    const [u, c, f, ...rest] = evaluate.map(at_ => at_({ x: at[0], y: at[1], z: at[2] }, 0))
    const diffusion = rest.slice(0, dimension)
    const exactSlopes = rest.slice(dimension)
    for (let i = 0; i < size; i++) {
      const e = own[i] - u[i]
      const d = nodal[i] - u[i]
      squared += weights[i] * e * e
      half += 0.5 * weights[i] * c[i] * e * e
      interpolant += 0.5 * weights[i] * c[i] * d * d
      gap += weights[i] * (0.5 * c[i] * (own[i] + u[i]) - f[i]) * e
      leastReaction = Math.min(leastReaction, c[i])
      for (let a = 0; a < dimension; a++) {
        const s = exactSlopes[a][i]
        const g = ownSlopes[a][i] - s
        const h = nodalSlopes[a][i] - s
        half += 0.5 * weights[i] * diffusion[a][i] * g * g
        interpolant += 0.5 * weights[i] * diffusion[a][i] * h * h
        gradient += weights[i] * g * g
        gap += 0.5 * weights[i] * diffusion[a][i] * g * (ownSlopes[a][i] + s)
        leastDiffusion = Math.min(leastDiffusion, diffusion[a][i])
      }
    }
    pause()
  }
  const onBoundary = boundaryTerms({ problem, operator, source, exact }, field, resolution, compile, slopes, libm)
  return { gap: gap + onBoundary.gap, half: half + onBoundary.half, boundary: onBoundary.boundary, interpolant, squared, gradient, leastDiffusion, leastReaction }
}

const column = (points: Float64Array, dimension: number, axis: number, count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => points[i * dimension + axis])

/** The integrals over Γ: Dirichlet facets give `boundary`, the others their part of the energy. */
function boundaryTerms({ problem, operator, exact }: EnergyStatement, { mesh, values }: MeshField, resolution: readonly number[], compile: Compile, slopes: readonly Expression[], libm: Libm): { gap: number; half: number; boundary: number } {
  const { dimension, degree, points, cells } = mesh
  const corners = dimension + 1
  const nodes = nodesPerCell(mesh)
  const domain = meshOfDomain(problem, resolution, libm)
  const facets = boundaryFacets(problem, domain, facetsOf(domain), [true], libm)
  const rule = dimension === 1 ? { points: 1, lambda: Float64Array.of(1), weights: Float64Array.of(1) } : simplexQuadrature((dimension - 1) as 1 | 2, degree + 3)
  const gradients = new Float64Array(corners * dimension)
  const shape = new Float64Array(nodes)
  const lambda = new Float64Array(corners)
  const groups = new Map<BoundaryPiece, { at: number[][]; weights: number[]; own: number[]; normal: number[][] }>()
  for (const { cell, local, pieces } of facets) {
    const piece = pieces[0]!
    if (!groups.has(piece)) groups.set(piece, { at: problem.axes.map(() => []), weights: [], own: [], normal: problem.axes.map(() => []) })
    const group = groups.get(piece)!
    // Facet i of a cell lies opposite to corner i: its outward normal is −∇λᵢ/|∇λᵢ|, its measure d·|cell|·|∇λᵢ|.
    const measure = Math.abs(barycentricGradients(dimension, points, cells, cell * nodes, gradients))
    let length = 0
    for (let a = 0; a < dimension; a++) length += gradients[local * dimension + a] * gradients[local * dimension + a]
    length = Math.sqrt(length)
    const facetCorners = simplexFacets[dimension][local]
    for (let q = 0; q < rule.points; q++) {
      lambda.fill(0)
      facetCorners.forEach((corner, k) => (lambda[corner] = rule.lambda[q * dimension + k]))
      basisValues(dimension, degree, lambda, shape)
      let own = 0
      for (let n = 0; n < nodes; n++) own += shape[n] * values[cells[cell * nodes + n]]
      group.own.push(own)
      group.weights.push(rule.weights[q] * dimension * measure * length)
      for (let a = 0; a < dimension; a++) {
        let x = 0
        for (let k = 0; k < corners; k++) x += lambda[k] * points[cells[cell * nodes + k] * dimension + a]
        group.at[a].push(x)
        group.normal[a].push(-gradients[local * dimension + a] / length)
      }
    }
  }
  const sums = { gap: 0, half: 0, boundary: 0 }
  let through = 0
  const compiled = [exact, ...operator.diffusion, ...slopes].map(compile)
  for (const [piece, { at, weights, own, normal }] of groups) {
    const place = { x: Float64Array.from(at[0]), y: at[1] && Float64Array.from(at[1]), z: at[2] && Float64Array.from(at[2]) }
    const [u, ...rest] = compiled.map(f => f(place, 0))
    const natural = piece.kind === 'dirichlet' ? undefined : [divide(piece.value, piece.normal), divide(piece.data, piece.normal)].map(e => compile(simplify(e))(place, 0))
    for (let i = 0; i < weights.length; i++) {
      const e = own[i] - u[i]
      let [flux, across] = [0, 0]
      for (let a = 0; a < dimension; a++) {
        flux += rest[a][i] * rest[dimension + a][i] * normal[a][i]
        across += rest[a][i] * normal[a][i] * normal[a][i]
      }
      if (!natural) {
        sums.boundary += weights[i] * e * flux
        through += weights[i] * Math.abs(flux)
      } else {
        const [beta, data] = [natural[0][i], natural[1][i]]
        sums.half += 0.5 * weights[i] * across * beta * e * e
        sums.gap += weights[i] * across * (0.5 * beta * (own[i] + u[i]) - data) * e
      }
    }
  }
  // Boundary values that are exact but for rounding add nothing.
  return Math.abs(sums.boundary) <= 1e-15 * through ? { ...sums, boundary: 0 } : sums
}

/** C in C‖e‖² ≤ ½a(e, e): ½(a₀ λ + c₀) with the least coefficients and λ from `poincareConstant`; NaN where that is no bound. */
export function coercivity(poincare: number, leastDiffusion: number, leastReaction: number): number {
  const constant = 0.5 * (leastDiffusion * poincare + leastReaction)
  return constant > 0 ? constant : NaN
}

/**
 * λ of `coercivity`, below the first eigenvalue of −Δ with the statement's kinds of conditions.
 * λ = π² Σ 1/Lᵢ² for Dirichlet conditions all around (for any domain inside a box with sides Lᵢ: eigenvalues grow as domains shrink), with 1/(4Lᵢ²) for an axis of the box with one end free and 0 with both;
 * (π/diameter)² for Neumann conditions all around a convex domain and errors of mean zero (L. E. Payne, H. F. Weinberger 1960, doi:10.1007/BF00252910). NaN where none of these applies.
 */
export function poincareConstant({ axes, boundary, pieces, geometry }: AnalysedProblem): number {
  const square = (x: number): number => x * x
  const lengths = axes.map(a => a.upper - a.lower)
  if (pieces.length > 0 && pieces.every(p => p.kind === 'dirichlet')) {
    return Math.PI * Math.PI * axes.reduce((sum, a, i) => sum + (a.periodic ? 0 : 1 / square(lengths[i])), 0)
  }
  if (pieces.length > 0 && pieces.every(p => p.kind === 'neumann')) {
    const convex = !geometry || (geometry.holes.length === 0 && !geometry.where && geometry.outer.kind !== 'polygon')
    const ball = geometry?.outer.kind === 'ball'
    return convex && axes.every(a => !a.periodic) ? square(Math.PI) / (ball ? square(lengths[0]) : lengths.reduce((sum, l) => sum + square(l), 0)) : NaN
  }
  if (geometry || boundary.some(side => side.pieces.some(p => p.where))) return NaN
  // The last piece of a side holds there; a Robin condition counts as free, which only lowers λ (β ≥ 0).
  const fixed = (axis: number): number => boundary.filter(side => side.axis === axis && side.pieces[side.pieces.length - 1]?.kind === 'dirichlet').length
  const lambda = lengths.reduce<number>((sum, l, i) => sum + [0, 0.25, 1][fixed(i)] * square(Math.PI / l), 0)
  return lambda > 0 ? lambda : NaN
}

/**
 * The statement whose finite element solution is the best approximation w of u* in |·|_{H¹} among functions with the same Dirichlet values: −Δw = −Δu*, ∂ₙw = ∂ₙu* elsewhere.
 * Undefined where conditions other than Dirichlet hold off the sides of a box.
 */
export function bestApproximation(problem: AnalysedProblem, exact: Expression): AnalysedProblem | undefined {
  const natural = problem.pieces.some(p => p.kind !== 'dirichlet')
  if (natural && problem.geometry) return undefined
  const names = problem.axes.map(a => a.name)
  const [component] = problem.system.components
  const second = (x: string): string => `${component.name}_${x}${x}`
  const laplacian = names.map(x => differentiate(differentiate(exact, x), x)).reduce(add)
  const residual = simplify(add(negate(names.map(x => name(second(x))).reduce((a, b) => add(a, b))), laplacian))
  const jet = names.map((x, a) => ({ name: second(x), component: 0, orders: [0, 1, 2].map(i => (i === a ? 2 : 0)) as [number, number, number] }))
  const replaced = (piece: BoundaryPiece, axis: number, end: 'lower' | 'upper'): BoundaryPiece => {
    if (piece.kind === 'dirichlet') return piece
    const along = simplify(differentiate(exact, names[axis]))
    return { ...piece, on: [sideOf(axis, end)], kind: 'neumann', normal: one, value: zero, data: end === 'upper' ? along : simplify(negate(along)) }
  }
  const boundary = problem.boundary.map(side => ({ ...side, pieces: side.pieces.map(p => replaced(p, side.axis, side.end)) }))
  const pieces = natural ? boundary.flatMap(side => side.pieces.map(p => ({ ...p, on: [sideOf(side.axis, side.end)] }))) : problem.pieces
  return {
    ...problem, boundary, pieces,
    system: {
      ...problem.system, jet, rows: [{ kind: 'constraint', expression: residual }], linear: jet.map(({ orders }) => ({ row: 0, component: 0, orders, coefficient: -1 })), remainder: [simplify(laplacian)],
    },
    equation: { kind: 'elliptic', operator: { diffusion: names.map(() => one), advection: names.map(() => zero), reaction: zero, symmetric: true }, source: simplify(negate(laplacian)) },
  }
}

const sideOf = (axis: number, end: 'lower' | 'upper') => (['left', 'right', 'bottom', 'top', 'back', 'front'] as const)[2 * axis + (end === 'upper' ? 1 : 0)]
