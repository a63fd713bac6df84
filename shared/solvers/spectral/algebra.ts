import { differentiate, freeNames, simplify, type Expression } from '../../expressions'
import { error, FaultError } from '../../fault'
import type { System } from '../../problems/analysed'
import { modalInverse, type NullRow } from './modal-inverse'
import { entryOf, identity, largestEntry, modalMatrix, product, pruned, rowsWhere, sum, type ModalMatrix } from './modal-matrix'
import type { ModeAxis } from './wavenumbers'

/** Which components evolve (their rows are rates) and which are determined by constraints at every time. Indices into `system.components`. */
export interface Partition {
  readonly evolving: readonly number[]
  readonly algebraic: readonly number[]
}

export function partitionOf(system: System): Partition {
  const all = system.components.map((_, i) => i)
  return { evolving: all.filter(i => system.rows[i].kind === 'rate'), algebraic: all.filter(i => system.rows[i].kind === 'constraint') }
}

/**
 * The system with its constraints eliminated, mode by mode. With e the evolving and a the algebraic components, the statement is
 * e' = L e + G a + N(e, a, x, t) and 0 = D e + C a + g(e, x, t). Constraint rows with a part in C determine a directly; rows without (div v = 0) do so through their time derivative
 * 0 = D e' + ∂ₜg. Both together give a = fromState e + fromRates N̂ + fromSources ĝ and e' = symbol e + projection N̂ + coupling ĝ.
 */
export interface Algebra extends Partition {
  readonly symbol: ModalMatrix
  readonly fromState: ModalMatrix
  readonly fromRates: ModalMatrix
  readonly fromSources: ModalMatrix
  /** Absent: the identity. */
  readonly projection?: ModalMatrix
  readonly coupling: ModalMatrix
  /** g of every constraint row; of rows without algebraic components its time derivative. */
  readonly sources: readonly Expression[]
  /** Right-hand sides −(D e + ĝ) that the constraints cannot meet. */
  readonly nullRows: readonly NullRow[]
  /** D, of rows that contain algebraic components. */
  readonly direct: ModalMatrix
  /** D and g of the rows without algebraic components, which the initial value must meet. */
  readonly invariants: { readonly matrix: ModalMatrix; readonly sources: readonly Expression[]; readonly rows: readonly number[] } | undefined
}

export const isZeroExpression = (e: Expression): boolean => e.kind === 'number' && e.value === 0

/** Throws FaultError `unsupported-constraint` when the constraints do not determine their components by constant-coefficient equations. */
export function eliminateConstraints(system: System, axes: readonly ModeAxis[]): Algebra {
  const { evolving, algebraic } = partitionOf(system)
  const matrix = (rows: readonly number[], components: readonly number[], magnitude = false): ModalMatrix => modalMatrix(axes, system.linear, rows, components, magnitude)
  const [L, G, D, C] = [matrix(evolving, evolving), matrix(evolving, algebraic), matrix(algebraic, evolving), matrix(algebraic, algebraic)]
  const sizes = [matrix(evolving, algebraic, true), matrix(algebraic, evolving, true), matrix(algebraic, algebraic, true)]
  const differentiated = algebraic.map((_, q) => !algebraic.some((__, a) => entryOf(C, q, a)))
  const undifferentiated = differentiated.map(d => !d)
  const hidden = rowsWhere(D, differentiated)
  const direct = rowsWhere(D, undifferentiated)
  const B = sum(C, product(hidden, G))
  const { inverse, nullRows } = modalInverse(B, sum(sizes[2], product(rowsWhere(sizes[1], differentiated), sizes[0])))
  algebraic.forEach((component, a) => {
    // Determined nowhere: the component's row of the inverse is empty at every mode.
    if (!algebraic.some((_, q) => inverse.entries[a * algebraic.length + q]?.some(v => v !== 0))) {
      throw new FaultError(error('unsupported-constraint', `The Fourier method cannot find ${system.components[component].name} from the constraints: it needs an equation that is linear in it with constant coefficients.`, {
        where: { path: 'problem.equations' }, tip: 'State the equation that determines it, for example -lap(p) = … for a pressure.',
      }))
    }
  })
  const minus = (m: ModalMatrix): ModalMatrix => ({ ...m, entries: m.entries.map(entry => entry?.map(v => -v)) })
  const fromSources = pruned(minus(inverse))
  const fromState = pruned(product(fromSources, sum(direct, product(hidden, L))))
  const fromRates = pruned(product(fromSources, hidden))
  const projected = differentiated.some(Boolean) && evolving.length > 0
  const projection = projected ? sum(identity(evolving.length, L.modes), product(G, fromRates)) : undefined
  const expressions = algebraic.map((row, q) => (differentiated[q] ? simplify(differentiate(system.remainder[row], 't')) : system.remainder[row]))
  const algebra: Algebra = {
    evolving, algebraic, fromState, fromRates, fromSources, projection, nullRows, direct,
    symbol: projection ? symbolOnInvariants(L, projection) : pruned(sum(L, product(G, fromState)), 1e-13 * largestEntry(L)),
    coupling: pruned(product(G, fromSources)), sources: expressions,
    invariants: projected ? { matrix: hidden, sources: system.remainder.filter((_, i) => algebraic.includes(i)), rows: algebraic.flatMap((_, q) => (differentiated[q] ? [q] : [])) } : undefined,
  }
  checkDependence(system, algebra, differentiated)
  return algebra
}

/** P L, or L itself where P L P = L P: then states that meet the constraint keep meeting it under L alone, and L may be diagonal (−νk² of incompressible flow). */
function symbolOnInvariants(L: ModalMatrix, P: ModalMatrix): ModalMatrix {
  const LP = product(L, P)
  const difference = sum(product(P, LP), LP, -1)
  return largestEntry(difference) <= 1e-12 * largestEntry(LP) ? L : product(P, L)
}

/** Constraints may not be nonlinear in algebraic components, and rates nonlinear in algebraic components need those without knowing the rates. */
function checkDependence(system: System, algebra: Algebra, differentiated: readonly boolean[]): void {
  const { algebraic } = algebra
  const uses = (e: Expression, component: number): boolean => {
    const names = freeNames(e)
    return system.jet.some(entry => entry.component === component && names.has(entry.name))
  }
  const refuse = (component: number, what: string): never => {
    throw new FaultError(error('unsupported-constraint', `The Fourier method needs constraints that are linear with constant coefficients in the components they determine, and ${system.components[component].name} ${what}.`, {
      where: { path: 'problem.equations' }, tip: 'Use "finite-difference", or give the component an evolution equation.',
    }))
  }
  algebraic.forEach((row, q) => algebraic.forEach((component, a) => {
    if (uses(system.remainder[row], component)) refuse(component, 'stands in a constraint with a factor that varies or in a nonlinear term')
    if (differentiated[q] && system.jet.some(entry => uses(system.remainder[row], entry.component))) refuse(component, 'is determined through a constraint that is nonlinear in the others')
    const implicit = algebra.fromRates.entries.slice(a * algebra.fromRates.columns, (a + 1) * algebra.fromRates.columns).some(entry => entry !== undefined)
    if (implicit && system.rows.some((r, i) => r.kind === 'rate' && uses(system.remainder[i], component))) refuse(component, 'follows from the rates that it enters nonlinearly')
  }))
}
