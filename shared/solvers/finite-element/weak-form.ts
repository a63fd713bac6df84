import type { Expression } from '../../expressions/ast'
import { add, differentiate, equalExpressions, freeNames, isNumber, multiply, name, negate, number, simplify, substitute, subtract, zero } from '../../expressions'
import { error, FaultError } from '../../fault'
import { axisNames } from '../../fields/field'
import type { AnalysedProblem, System } from '../../problems/analysed'
import { stressOf, type Stress } from '../../problems/traction'

/**
 * Row i of a system, R_i = Σ A_{il}^{pq} ∂ₚ∂_q u_l + lower, as div F_i + r_i with the flux F_i^p = Σ A_{il}^{pq} ∂_q u_l: multiplied by a test function v and integrated by parts it reads
 * ∫ (−F_i·∇v + r_i v) + ∮ F_i·n v. What comes out of an operator div(a grad(u)) has r free of derivatives of a: they cancel symbolically.
 */
export interface WeakForm {
  readonly dimension: 1 | 2 | 3
  readonly rows: readonly WeakRow[]
  /** Names of values and first derivatives: jets[l][0] is u_l, jets[l][1 + q] its derivative along axis q. */
  readonly jets: readonly (readonly string[])[]
  readonly linear: boolean
  /** Polynomial degree below the given one, per component: 1 for what has no second derivatives and a divergence as its row (a pressure). */
  readonly lowered: readonly (0 | 1)[]
}

export interface WeakRow {
  /** F_i, one per axis. */
  readonly flux: readonly Expression[]
  /** A_{il}^{pq}: tensor[l][p][q], symmetric in p, q unless the row is one of an elastic body whose boundary carries tractions: then σ. */
  readonly tensor: readonly (readonly (readonly Expression[])[])[]
  readonly rest: Expression
  /** The row as stated, with its second derivatives. */
  readonly strong: Expression
  /** Second derivatives that occur in `strong`: [component, p, q]. */
  readonly second: readonly { readonly name: string; readonly component: number; readonly p: number; readonly q: number }[]
  readonly rate: boolean
}

/** Throws FaultError `method-class` for statements that have no such form: order above two, or not linear in the second derivatives with coefficients of x, t and u. */
export function weakForm(problem: AnalysedProblem): WeakForm {
  const { system } = problem
  const dimension = problem.axes.length as 1 | 2 | 3
  const letters = axisNames.slice(0, dimension)
  const jets = system.components.map(({ name: component }) => [component, ...letters.map(letter => `${component}_${letter}`)])
  const elastic = stresses(problem, dimension)
  const rows = system.rows.map((_, i) => weakRow(system, i, jets, dimension, elastic))
  const firstOrder = new Set(jets.flat())
  const linear = rows.every(row => [...row.flux, row.rest].every(e => jets.flat().every(jet => [...freeNames(simplify(differentiate(e, jet))).keys()].every(n => !firstOrder.has(n)))))
  return { dimension, rows, jets, linear, lowered: loweredDegrees(rows, jets) }
}

/** For the components of unknowns with tractions: which components they are, and their stress up to the sign of the row. The flux of their rows is this stress, so that a traction is what integration by parts leaves. */
type Elastic = ReadonlyMap<number, { readonly components: readonly number[]; readonly stress: Stress }>

function stresses({ unknowns, system, pieces }: AnalysedProblem, dimension: number): Elastic {
  const loaded = unknowns.filter(unknown => pieces.some(piece => piece.traction && unknown.components.includes(piece.component)))
  return new Map(loaded.flatMap(({ components }) => {
    const stress = stressOf(components.map(c => system.rows[c].expression), dimension, (l, p, q) => `${system.components[components[l]].name}_${axisNames[Math.min(p, q)]}${axisNames[Math.max(p, q)]}`)
    return components.map(c => [c, { components, stress }] as const)
  }))
}

function weakRow(system: System, i: number, jets: readonly (readonly string[])[], dimension: number, elastic: Elastic): WeakRow {
  const strong = system.rows[i].expression
  const used = freeNames(strong)
  const present = system.jet.filter(jet => used.has(jet.name))
  const order = (jet: (typeof present)[number]): number => jet.orders[0] + jet.orders[1] + jet.orders[2]
  const highest = present.find(jet => order(jet) > 2)
  if (highest) throw refused(`Finite elements of degree 1 and 2 take derivatives up to second order, and ${highest.name} is of order ${order(highest)}.`, 'Split the equation into two of second order with another unknown, or use finite differences or the spectral method.')
  const second = present.filter(jet => order(jet) === 2).map(jet => {
    const axes = jet.orders.flatMap((n, axis) => Array.from({ length: n }, () => axis))
    return { name: jet.name, component: jet.component, p: axes[0], q: axes[1] }
  })
  const tensor: Expression[][][] = jets.map(() => Array.from({ length: dimension }, () => Array.from({ length: dimension }, () => zero)))
  const gradients = new Set(jets.flatMap(list => list.slice(1)))
  for (const { name: jet, component, p, q } of second) {
    const coefficient = simplify(differentiate(strong, jet))
    for (const part of freeNames(coefficient).keys()) {
      if (second.some(s => s.name === part)) throw refused(`The equation is not linear in its second derivatives (the coefficient of ${jet} contains ${part}): finite elements have no weak form for it.`, 'Use finite differences.')
      if (gradients.has(part)) throw refused(`The coefficient of ${jet} depends on the derivative ${part}: finite elements take coefficients of the coordinates, the time and the unknowns.`, 'Use finite differences.')
    }
    if (p === q) tensor[component][p][p] = coefficient
    else tensor[component][p][q] = tensor[component][q][p] = simplify(multiply(number(0.5), coefficient))
  }
  const body = elastic.get(i)
  body?.components.forEach((l, j) => {
    for (let p = 0; p < dimension; p++) for (let q = 0; q < dimension; q++) tensor[l][p][q] = body.stress[body.components.indexOf(i)][p][j][q]
  })
  const flux: Expression[] = Array.from({ length: dimension }, () => zero)
  let rest = substitute(strong, Object.fromEntries(second.map(s => [s.name, zero])))
  tensor.forEach((block, l) => block.forEach((line, p) => line.forEach((a, q) => {
    if (isNumber(a, 0)) return
    flux[p] = add(flux[p], multiply(a, name(jets[l][1 + q])))
    // ∂ₚ A, through the unknowns too.
    let slope = differentiate(a, axisNames[p])
    for (const list of jets) slope = add(slope, multiply(differentiate(a, list[0]), name(list[1 + p])))
    rest = subtract(rest, multiply(slope, name(jets[l][1 + q])))
  })))
  return { flux: flux.map(simplify), tensor, rest: simplify(rest), strong, second, rate: system.rows[i].kind === 'rate' }
}

const refused = (message: string, tip: string): FaultError => new FaultError(error('method-class', message, { where: { path: 'problem.equations[0]' }, tip }))

/** A component nowhere differentiated twice whose row is a constraint on first derivatives of others: the pressure of Stokes' equations and its like. */
function loweredDegrees(rows: readonly WeakRow[], jets: readonly (readonly string[])[]): (0 | 1)[] {
  return rows.map((row, c) => {
    if (row.rate || rows.some(other => other.second.some(s => s.component === c)) || row.second.length > 0) return 0
    const used = [...freeNames(row.rest).keys()]
    const others = jets.some((list, l) => l !== c && used.some(n => list.slice(1).includes(n)))
    return others && !used.some(n => jets[c].includes(n)) ? 1 : 0
  })
}

/** Names of the outward normal in boundary integrands; no text can declare them. */
export const normalNames = ['$nx', '$ny', '$nz'] as const

/** What a component satisfies on a facet: its normal derivative, or the flux of its row (a traction), as an expression of its value; or nothing that the boundary integral has to know (Dirichlet). */
export type NaturalCondition = { readonly slope: Expression } | { readonly flux: Expression } | undefined

/**
 * F_i·n on the boundary: given by a traction, or with normal derivatives from the conditions: F_i·n = Σ_l (n·A n) ∂ₙu_l + n·A ∇ₜu_l. The tangential part is left out where A is a multiple of the identity;
 * components without a condition on the derivative keep their own gradient.
 */
export function boundaryFlux(form: WeakForm, i: number, conditions: readonly NaturalCondition[]): Expression {
  const given = conditions[i]
  if (given && 'flux' in given) return given.flux
  const { dimension, rows, jets } = form
  const normal = normalNames.slice(0, dimension).map(n => name(n))
  let total: Expression = zero
  rows[i].tensor.forEach((block, l) => {
    if (block.every(line => line.every(a => isNumber(a, 0)))) return
    const isotropic = block.every((line, p) => line.every((a, q) => (p === q ? equalExpressions(a, block[0][0]) : isNumber(a, 0))))
    const gradient = jets[l].slice(1).map(n => name(n))
    const own = gradient.map((g, q) => multiply(normal[q], g)).reduce(add)
    const stated = conditions[l]
    const condition = stated && 'slope' in stated ? stated.slope : undefined
    if (isotropic) {
      total = add(total, multiply(block[0][0], condition ?? own))
      return
    }
    const along = gradient.map((g, q) => (condition ? add(multiply(normal[q], condition), subtract(g, multiply(normal[q], own))) : g))
    block.forEach((line, p) => line.forEach((a, q) => {
      if (!isNumber(a, 0)) total = add(total, multiply(multiply(normal[p], a), along[q]))
    }))
  })
  return simplify(total)
}

/** An integrand of ∫ (Σ_s D_s v · e_s), D₀ v = v and D_{1+p} v = ∂ₚv: test[s] is e_s. */
export interface Integrand {
  readonly row: number
  readonly test: readonly Expression[]
}

export const cellIntegrands = (form: WeakForm): Integrand[] => form.rows.map((row, i) => ({ row: i, test: [row.rest, ...row.flux.map(f => simplify(negate(f)))] }))

/** ∂e_s/∂(D_t u_l) of an integrand, without the zeros. */
export interface JacobianEntry {
  readonly row: number
  readonly component: number
  readonly test: number
  readonly trial: number
  readonly expression: Expression
}

export function jacobianOf(form: WeakForm, integrands: readonly Integrand[]): JacobianEntry[] {
  return integrands.flatMap(({ row, test }) => test.flatMap((e, s) => {
    const used = freeNames(e)
    return form.jets.flatMap((list, component) => list.flatMap((jet, trial) => {
      if (!used.has(jet)) return []
      const expression = simplify(differentiate(e, jet))
      return isNumber(expression, 0) ? [] : [{ row, component, test: s, trial, expression }]
    }))
  }))
}
