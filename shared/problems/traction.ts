import type { Expression } from '../expressions/ast'
import { add, differentiate, evaluate, freeNames, multiply, number, simplify, subtract, zero } from '../expressions'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { error } from '../fault'
import { domainPoints } from './inside'
import type { Jets } from './jets'
import type { ParsedStatement, ParsedUnknown } from './parsed'
import type { RawSystem } from './system'

/** The name that traction(u) leaves in a condition for one component of u. */
export const tractionName = (component: string): string => `${component}_traction`

/** σ_ip = Σ C[i][p][l][q] ∂_q u_l, as a row of the system holds it (up to the sign of the row). */
export type Stress = readonly (readonly (readonly (readonly Expression[])[])[])[]

/**
 * The stress tensor of linear elasticity behind rows that hold only its divergence. A row R_i = Σ A_il^pq ∂ₚ∂_q u_l shows the part of C_ipjq = C_piql = C_jqip that is symmetric in p and q, and Born's formula gives the rest back,
 *
 *     C_ipjq = A_ij^pq + A_pj^iq − A_ip^jq     (M. Born, K. Huang, Dynamical Theory of Crystal Lattices, Oxford 1954, § 27)
 *
 * for any anisotropy; for −μΔu − (λ + μ)∇ div u it gives −σ with σ = λ div u + μ(∇u + ∇uᵀ).
 *
 * @param rows of the components, in their order
 * @param nameOf the second derivative of a component along two axes
 */
export function stressOf(rows: readonly Expression[], axes: number, nameOf: (component: number, p: number, q: number) => string): Stress {
  const used = rows.map(row => freeNames(row))
  const half = number(0.5)
  const A = rows.map((row, i) => rows.map((_, l) => range(axes, p => range(axes, q => {
    const jet = nameOf(l, p, q)
    if (!used[i].has(jet)) return zero
    const coefficient = differentiate(row, jet)
    return simplify(p === q ? coefficient : multiply(half, coefficient))
  }))))
  return range(axes, i => range(axes, p => range(axes, j => range(axes, q => simplify(subtract(add(A[i][j][p][q], A[p][j][i][q]), A[i][p][j][q]))))))
}

const range = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i))

export interface ElasticRows {
  /** Indices of the components of the unknown, in the order of the axes. */
  readonly components: readonly number[]
  readonly stress: Stress
  /** σ = sign · stress. */
  readonly sign: 1 | -1
}

/** The stress of a vector unknown, or why its rows are not those of an elastic body at rest. */
export function elasticRows(unknown: ParsedUnknown, statement: ParsedStatement, { components, rows, jets }: RawSystem, libm: Libm): ElasticRows | Fault {
  const refused = (why: string, tip: string): Fault => error('no-traction', `traction(${unknown.name}) is the stress on the boundary of an elastic body, and ${why}.`, { tip })
  const general = `Use dn(${unknown.name}), or write the equations as -div(s) = f with a stress s of the gradient of ${unknown.name}.`
  if (unknown.type !== 'vector') return refused(`${unknown.name} is no vector`, `For a number write dn(${unknown.name}) = g.`)
  if (statement.time || statement.eigenvalue) return refused(statement.time ? 'the statement is an evolution' : 'the statement is an eigenproblem', 'State the equilibrium, without "time".')
  const own = unknown.components.map(name => components.findIndex(c => c.name === name))
  const block = own.map(i => rows[i].expression)
  const axes = statement.axes.length
  const foreign = block.flatMap(row => jets.in(row)).find(jet => jet.along.length > 0 && !own.includes(jet.component))
  if (foreign) return refused(`its equations hold derivatives of ${components[foreign.component].unknown}, of which the stress may depend too`, general)
  if (block.some(row => jets.in(row).some(jet => jet.along.length > 2))) return refused('its equations are of an order above two', general)
  const stress = stressOf(block, axes, (l, p, q) => secondName(jets, own[l], [statement.axes[p].name, statement.axes[q].name]))
  const entries = stress.flat(3)
  if (entries.some(e => jets.occursIn(e))) return refused('the factors of its second derivatives depend on the solution', general)
  const signs = new Set<number>()
  for (const point of domainPoints(statement, axes === 3 ? 5 : 17, 0, libm)) signs.add(definiteness(stress, point, libm))
  const [sign] = signs
  if (signs.size !== 1 || sign === 0) return refused('its equations are not those of one: no positive elastic tensor has them as the divergence of its stress', general)
  return { components: own, stress, sign: sign as 1 | -1 }
}

const secondName = (jets: Jets, component: number, along: readonly string[]): string => jets.nameOf(component, along)

/** 1 or −1 where C is symmetric and ±C positive definite on symmetric strains, else 0. */
function definiteness(stress: Stress, point: Readonly<Record<string, number>>, libm: Libm): 1 | -1 | 0 {
  const axes = stress.length
  const pairs = range(axes, p => range(p + 1, q => [p, q] as const)).flat()
  const matrix = pairs.map(([i, p]) => pairs.map(([j, q]) => evaluate(stress[i][p][j][q], point, libm)))
  const size = Math.max(...matrix.flat().map(Math.abs))
  if (!Number.isFinite(size) || matrix.some((row, a) => row.some((v, b) => Math.abs(v - matrix[b][a]) > 1e-9 * size))) return 0
  const sign = matrix[0][0] > 0 ? 1 : -1
  // Cholesky: shear strains count twice in both, which scales rows and columns alike.
  const L = matrix.map(row => row.map(v => sign * v))
  for (let k = 0; k < L.length; k++) {
    if (!(L[k][k] > 1e-9 * size)) return 0
    for (let i = k + 1; i < L.length; i++) for (let j = k + 1; j < L.length; j++) L[i][j] -= (L[i][k] * L[k][j]) / L[k][k]
  }
  return sign
}
