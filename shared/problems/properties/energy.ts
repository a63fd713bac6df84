import type { Expression } from '../../expressions/ast'
import { add, antiderivative, differentiate, divide, evaluate, freeNames, multiply, name, negate, number, simplify, substitute, subtract, zero } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import { FaultError } from '../../fault'
import type { BoundaryPiece, Properties } from '../analysed'
import { domainPoints } from '../inside'
import type { Jets } from '../jets'
import { isZero } from '../operators'
import type { ParsedStatement } from '../parsed'
import type { RawSystem } from '../system'
import type { Linearisation } from './linearisation'

/**
 * The density of Σ(u) = ∫ density whose Euler–Lagrange equations are the rows: ½ of the quadratic form with its derivatives split evenly, and a potential V of the undifferentiated rest, ∂V/∂uᵢ = Nᵢ;
 * where that is not enough the homotopy ∫₀¹ Σ uᵢ Rᵢ(λu) dλ (P. J. Olver, Applications of Lie Groups to Differential Equations, 1993, theorem 5.92, DOI 10.1007/978-1-4612-4350-2). What is found is held
 * against the rows by the Euler operator. `signs` make the linearised rows symmetric (the Helmholtz conditions).
 */
export function energyOf(signs: readonly (1 | -1)[] | undefined, pieces: readonly BoundaryPiece[], linearisation: Linearisation, raw: RawSystem, statement: ParsedStatement, libm: Libm): Properties['energy'] {
  if (statement.time) return { refused: 'The statement evolves in time; an energy belongs to a steady statement.' }
  if (statement.eigenvalue) return { refused: 'An eigenproblem is stationary for a quotient of energies, not for one energy.' }
  if (statement.coordinates.length > 200) return { refused: `An energy in ${statement.coordinates.length} dimensions is not looked for.` }
  if (pieces.some(p => p.traction)) return { refused: 'Its boundary carries tractions, whose work is no part of the energies that are looked for.' }
  if (pieces.some(p => p.coupled)) return { refused: 'A boundary condition ties components together, so that no energy holds the conditions too.' }
  if (!signs) {
    const first = raw.components.length === 1 && linearisation.isLinear && linearisation.entries.some(e => e.along.length === 1)
    return { refused: first ? 'The first derivatives make the operator unsymmetric, so the statement is not the Euler–Lagrange equation of an energy.' : 'The linearised operator is not its own adjoint, so the statement is not the Euler–Lagrange equation of an energy.' }
  }
  const rows = turned(signs, linearisation, raw, statement, libm)
  try {
    for (const density of [quadraticEnergy(rows, raw), homotopy(rows, raw)]) {
      if (density && isEnergyOf(density, rows, raw, statement, libm)) return { density }
    }
  } catch (reason) {
    if (!(reason instanceof FaultError)) throw reason
  }
  return { refused: 'The statement is symmetric, but its energy has no antiderivative that was found in closed form.' }
}

/** The rows with their signs, all of them turned round if that makes the leading quadratic form positive. */
function turned(signs: readonly (1 | -1)[], { entries }: Linearisation, raw: RawSystem, statement: ParsedStatement, libm: Libm): Expression[] {
  const order = Math.max(...entries.map(e => e.along.length))
  const leading = entries.find(e => e.row === e.component && e.along.length === order && e.along.every(c => c === e.along[0])) ?? entries.find(e => e.row === e.component && e.along.length === 2)
  let flip = 1
  if (leading && !raw.jets.occursIn(leading.coefficient)) {
    const [point] = [...domainPoints(statement, 3, 0, libm)].slice(-1)
    const value = signs[leading.row] * evaluate(leading.coefficient, { ...point, t: 0 }, libm)
    flip = value * (leading.along.length % 4 === 2 ? -1 : 1) < 0 ? -1 : 1
  }
  return raw.rows.map((row, i) => simplify(signs[i] * flip > 0 ? row.expression : negate(row.expression)))
}

function quadraticEnergy(rows: readonly Expression[], { jets, components }: RawSystem): Expression | undefined {
  let density: Expression = zero
  const rest = rows.map((row, i) => {
    let left = row
    for (const jet of jets.in(row)) {
      if (jet.along.length === 0) continue
      const coefficient = differentiate(row, jet.name)
      if (jets.occursIn(coefficient)) return undefined
      left = subtract(left, multiply(coefficient, name(jet.name)))
      const half = Math.floor(jet.along.length / 2)
      const even = jet.along.length % 2 === 0
      // First derivatives of a symmetric scalar operator come from its coefficients and are in the split form already.
      if (!even && jet.component === i) continue
      const [mine, theirs] = [jets.nameOf(i, jet.along.slice(0, half)), jets.nameOf(jet.component, jet.along.slice(half))]
      const term = multiply(divide(coefficient, number(2)), multiply(name(mine), name(theirs)))
      density = half % 2 === 0 ? add(density, term) : subtract(density, term)
    }
    return simplify(left)
  })
  let potential: Expression = zero
  for (const [i, remaining] of rest.entries()) {
    if (!remaining) return undefined
    const force = simplify(subtract(remaining, differentiate(potential, components[i].name)))
    const part = isZero(force) ? zero : antiderivative(force, components[i].name)
    if (!part) return undefined
    potential = simplify(add(potential, part))
  }
  return simplify(add(density, potential))
}

const parameter = 'homotopy'

function homotopy(rows: readonly Expression[], { jets, components }: RawSystem): Expression | undefined {
  const integrand = rows.reduce<Expression>((sum, row, i) => {
    const scaled = substitute(row, Object.fromEntries(jets.in(row).map(jet => [jet.name, multiply(name(parameter), name(jet.name))])))
    return add(sum, multiply(name(components[i].name), scaled))
  }, zero)
  const primitive = antiderivative(integrand, parameter)
  return primitive && simplify(subtract(substitute(primitive, { [parameter]: number(1) }), substitute(primitive, { [parameter]: zero })))
}

/** Whether Σ_α (−D)^α ∂ρ/∂(∂^α uᵢ) is the row of every component, at points where all jets have arbitrary values. */
function isEnergyOf(density: Expression, rows: readonly Expression[], { jets, components }: RawSystem, statement: ParsedStatement, libm: Libm): boolean {
  const points = [...domainPoints(statement, 4, 0, libm)]
  return components.every((_, i) => {
    const difference = subtract(eulerOperator(density, i, jets), rows[i])
    const names = [...freeNames(difference).keys()]
    return [0.2, 0.5, 0.8].every((s, k) => {
      const scope = { ...Object.fromEntries(names.map((n, j) => [n, 0.6 + 0.5 * libm.sin(1.1 * j + 2.9 * k)])), ...points[Math.floor(s * points.length)] }
      const size = Math.abs(evaluate(rows[i], scope, libm))
      const value = Math.abs(evaluate(difference, scope, libm))
      return value <= 1e-8 * Math.max(1, size)
    })
  })
}

export function eulerOperator(density: Expression, component: number, jets: Jets): Expression {
  return jets.in(density).filter(jet => jet.component === component).reduce<Expression>((sum, jet) => {
    const part = jet.along.reduce<Expression>((e, c) => jets.derivative(e, c), differentiate(density, jet.name))
    return jet.along.length % 2 === 0 ? add(sum, part) : subtract(sum, part)
  }, zero)
}

