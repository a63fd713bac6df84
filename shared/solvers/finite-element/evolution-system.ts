import { freeNames } from '../../expressions'
import { error, FaultError } from '../../fault'
import { nodesPerCell } from '../../fields/mesh'
import { barycentricGradients, basisValues, simplexRule } from '../../fields/mesh-element'
import type { Block, Run, Team } from '../../kernels/team'
import { createKrylov } from '../linear/krylov/solver'
import { mapOf } from '../linear/map'
import { jacobi } from '../linear/preconditioner/pointwise'
import { asymmetry, type SparseMatrix } from '../linear/sparse'
import { createPointwise } from '../time/pointwise'
import type { ImplicitSystem } from '../time/system'
import type { FiniteElementOptions } from './descriptor'
import type { Discretisation } from './discretisation'
import { LinearSystem } from './linear-solve'
import { placeOf } from './pattern'
import { fillMidpoints, type Space } from './space'
import { directUpTo } from './steady'

/** Newton steps of one implicit stage at most, and the contraction below which an old derivative is kept. */
const stageSteps = 12
const goodContraction = 0.2
/** The first pressure and its like come from two implicit steps of this part of the run. */
const consistentPart = 1e-4
/** A step of this part of the run changes nothing that evolves. */
const instant = 1e-14

export interface FiniteElementSystem extends ImplicitSystem {
  /** `[component, node]` of all components in the order asked for, midpoints of lower degrees filled, floating ones with zero mean. */
  nodalValues(state: Block): Float64Array
}

/**
 * M u' = R(t, u) for the components that evolve, 0 = R(t, u) for the others (a pressure): the state holds all coefficients `[component, node]`. Implicit stages solve M (u − known) − c R(u) = 0 together with the constraints by
 * Newton's method; factors are kept within a stage while they contract, and for linear statements while the step stays the same.
 *
 * @param order of the components in `nodalValues`
 */
export function createFiniteElementSystem(discretisation: Discretisation, options: FiniteElementOptions, times: Float64Array, order: readonly number[], team: Team, run: Run): FiniteElementSystem {
  const { space, matrix } = discretisation
  const { problem } = space
  const { form, nodes, unknownOf, unknowns, componentOf } = space
  const count = form.rows.length
  const size = count * nodes
  const { arena } = team
  const rates = form.rows.map(row => row.rate)
  const mass = massOf(space, matrix)
  const initial = initialState(discretisation, times[0], team)
  const scalarsAt = (time: number): number[] => [time, ...space.floating.map(() => 0)]
  let shifted = NaN
  let stale = true
  let system: LinearSystem | undefined
  let massMatrix: SparseMatrix | undefined
  const givenRate = new Float64Array(size)
  const { curvedIndices } = discretisation
  const curved = curvedIndices.size > 0

  /** Boundary values, beside circles by the polynomials of the cells there (curved.ts). */
  function impose(time: number, u: Float64Array): void {
    discretisation.impose(u, time)
    discretisation.correctCurved(u)
  }

  /** M w for all test functions of evolving components. */
  function applyMass(w: Float64Array): Float64Array {
    const out = new Float64Array(unknowns)
    const perCell = nodesPerCell(space.mesh)
    const { cells } = space.mesh
    const cellCount = cells.length / perCell
    for (let c = 0; c < count; c++) {
      if (!rates[c]) continue
      const width = space.nodesPerCell[c]
      for (let cell = 0; cell < cellCount; cell++) {
        for (let a = 0; a < width; a++) {
          const unknown = unknownOf[c * nodes + cells[cell * perCell + a]]
          if (unknown < 0) continue
          let sum = 0
          for (let b = 0; b < width; b++) sum += mass.reference[width === perCell ? 1 : 0][a * width + b] * w[c * nodes + cells[cell * perCell + b]]
          out[unknown] += mass.measures[cell] * sum
        }
      }
    }
    return out
  }

  /** ∫ u_c / |Ω|, from the row sums of the mass matrix. */
  function meanOf(c: number, u: Float64Array): number {
    const perCell = nodesPerCell(space.mesh)
    const width = space.nodesPerCell[c]
    const reference = mass.reference[width === perCell ? 1 : 0]
    const weights = Float64Array.from({ length: width }, (_, b) => reference.reduce((sum, m, i) => (i % width === b ? sum + m : sum), 0))
    let sum = 0
    for (let cell = 0; cell < mass.measures.length; cell++) for (let b = 0; b < width; b++) sum += mass.measures[cell] * weights[b] * u[c * nodes + space.mesh.cells[cell * perCell + b]]
    return sum / discretisation.measure
  }

  function linearise(time: number, c: number, u: Float64Array): void {
    discretisation.linearise(u, scalarsAt(time), false)
    const [starts, values] = [matrix.starts(), matrix.values.view()]
    for (let i = 0; i < unknowns; i++) {
      if (rates[componentOf[i]]) for (let e = starts[i]; e < starts[i + 1]; e++) values[e] = mass.values[e] - c * values[e]
    }
    system ??= new LinearSystem(team, run, matrix, asymmetry(arena, matrix) < 1e-12, { ...options, tolerance: 1e-11, directUpTo: directUpTo(form.dimension) })
    system.renew()
    shifted = c
    stale = false
  }

  function solveStage(time: number, c: number, known: Block, block: Block, tolerance: number): void {
    const u = block.view()
    impose(time, u)
    const k = known.view()
    let before = Infinity
    // A derivative from an earlier stage would make results depend on where a run was resumed.
    if (!discretisation.linear) stale = true
    for (let step = 0; step < stageSteps; step++) {
      run.throwIfCancelled()
      const fresh = stale || !(Math.abs(c - shifted) <= 1e-12 * Math.abs(c))
      if (fresh) linearise(time, c, u)
      const difference = u.map((v, i) => v - k[i])
      const residual = discretisation.residual(u, scalarsAt(time))
      const inertia = applyMass(difference)
      for (let i = 0; i < unknowns; i++) residual[i] = rates[componentOf[i]] ? c * residual[i] - inertia[i] : -residual[i]
      const { x } = system!.solve(residual)
      discretisation.update(u, x)
      discretisation.correctCurved(u)
      const change = relativeChange(x, u, space)
      if (!Number.isFinite(change)) break
      if (change <= tolerance) return
      // A linear stage is solved by its factors, up to what the solver left; beside circles the boundary values follow the solution, and only repetition settles both.
      if (discretisation.linear && (curved ? step + 1 === stageSteps : step > 0 || !fresh || change < 1)) return
      if (!discretisation.linear && (change > goodContraction * before || (!fresh && step >= 2))) stale = true
      if (change > 2 * before && fresh && step > 2) break
      before = change
    }
    stale = true
    throw new FaultError(error('not-converged', `Newton's method for the implicit step to t = ${Number(time.toPrecision(6))} did not converge.`, { where: { path: 'time' }, tip: 'Use shorter steps or a smaller tolerance.' }))
  }

  function rate(time: number, state: Block, out: Block): void {
    const u = state.view()
    const result = out.view().fill(0)
    discretisation.givenRates(givenRate, time)
    const right = discretisation.residual(u, scalarsAt(time))
    massMatrix ??= massMatrixOf(arena, space, matrix, mass.values, rates)
    const level = arena.mark()
    const [b, x] = [arena.f64(unknowns), arena.f64(unknowns)]
    const krylov = createKrylov(team, { method: 'cg', map: mapOf(team, massMatrix), preconditioner: jacobi(team, massMatrix) })
    // Values beside circles follow those of their cells, and so do their rates.
    const bound = givenRate.slice()
    for (let round = 0; round < (curved ? stageSteps : 1); round++) {
      const moved = applyMass(bound)
      const known = b.view()
      for (let i = 0; i < unknowns; i++) known[i] = rates[componentOf[i]] ? right[i] - moved[i] : 0
      krylov.solve(b, x, { tolerance: 1e-13, maximumIterations: 500 })
      result.set(bound)
      discretisation.update(result, x.view())
      if (!curved || discretisation.correctCurvedRates(result, givenRate) <= 1e-12) break
      for (const index of curvedIndices) bound[index] = result[index]
    }
    arena.release(level)
  }

  const whole: FiniteElementSystem = {
    size, parts: new Array<number>(count).fill(nodes), followers: rates.map(rated => !rated), initial, rate,
    impose: (time, state) => impose(time, state.view()),
    nodalValues(state) {
      const values = state.view().slice()
      for (const c of space.floating) {
        const mean = meanOf(c, values)
        for (let node = 0; node < nodes; node++) values[c * nodes + node] -= mean
      }
      fillMidpoints(space, values)
      const out = new Float64Array(size)
      order.forEach((c, k) => out.set(values.subarray(c * nodes, (c + 1) * nodes), k * nodes))
      return out
    },
    implicit: { rate, solveStage },
  }
  massMatrix = massMatrixOf(arena, space, matrix, mass.values, rates)
  keepStart()
  checkCoefficients()
  if (rates.includes(false)) makeConsistent()
  return whole

  /** Beside circles the start is that of the polynomials too; elsewhere data that do not meet the boundary values stay for the integrators to notice. */
  function keepStart(): void {
    const u = initial.view()
    const stated = u.slice()
    impose(times[0], u)
    const curved = discretisation.curvedIndices
    for (let i = 0; i < size; i++) if (!curved.has(i)) u[i] = stated[i]
  }

  /** Quadrature points lie inside the cells: a factor of second derivatives that is infinite where the start or the boundary values are zero, as 1/u from u*dt(u), has to be looked for at the nodes. */
  function checkCoefficients(): void {
    const evolving = problem.system.components.flatMap(({ name }, c) => (rates[c] ? [name] : []))
    const others = problem.system.components.flatMap(({ name }, c) => (rates[c] ? [] : [name]))
    const factors = form.rows.flatMap(row => row.tensor.flat(2)).filter(e => evolving.some(n => freeNames(e).has(n)) && !others.some(n => freeNames(e).has(n)))
    if (factors.length === 0) return
    const u = initial.view().slice()
    impose(times[0], u)
    const level = arena.mark()
    const state = arena.from(u)
    const { dimension, points } = space.mesh
    const inputs = Object.fromEntries([
      ...problem.system.components.map(({ name }, c) => [name, state.pointer + 8 * c * nodes] as const),
      ...Array.from({ length: dimension }, (_, axis) => ['xyz'[axis], arena.from(Float64Array.from({ length: nodes }, (_unused, i) => points[i * dimension + axis])).pointer] as const),
    ])
    const outputs = factors.map(() => arena.f64(nodes))
    createPointwise(team, factors, inputs, ['t'], outputs.map(block => block.pointer)).run(0, nodes, [times[0]])
    const bad = outputs.some(block => block.view().some(v => !Number.isFinite(v)))
    arena.release(level)
    if (bad) {
      throw new FaultError(error('non-finite', `A factor of second derivatives depends on the solution and is not a number everywhere at t = ${Number(times[0].toPrecision(4))}.`, {
        where: { path: 'problem.equations' }, tip: 'Check for a division by an unknown, or a time derivative times an unknown, where it is zero, initial and boundary values included.',
      }))
    }
  }

  /**
   * First values of components without a rate. Where every constraint contains its own component (−Δψ = ω) they follow from the start as it is stated; else (div v = 0) two short implicit steps give them and move the others onto the
   * constraints.
   */
  function makeConsistent(): void {
    if (problem.system.rows.every((row, c) => row.kind === 'rate' || problem.system.jet.some(({ name, component }) => component === c && freeNames(row.expression).has(name)))) {
      const [known, u] = [arena.from(initial.view()), arena.from(initial.view())]
      solveStage(times[0], instant * (times[times.length - 1] - times[0]), known, u, 1e-10)
      for (let c = 0; c < count; c++) if (!rates[c]) initial.view().set(u.view().subarray(c * nodes, (c + 1) * nodes), c * nodes)
      return
    }
    const dt = consistentPart * (times[times.length - 1] - times[0])
    const [known, u] = [arena.from(initial.view()), arena.from(initial.view())]
    solveStage(times[0], dt, known, u, 1e-10)
    const start = initial.view()
    const first = u.view().slice()
    // A true step: given values that move act on the pressure.
    known.view().set(first)
    solveStage(times[0] + dt, dt, known, u, 1e-10)
    const second = u.view()
    for (let c = 0; c < count; c++) start.set((rates[c] ? first : second).subarray(c * nodes, (c + 1) * nodes), c * nodes)
  }
}

/** The largest of ‖δ_c‖/‖u_c‖ over the components that evolve (a pressure follows them, with rounding errors divided by the step); one far smaller than the rest counts as 1e-8 of it. */
function relativeChange(delta: Float64Array, u: Float64Array, { nodes, componentOf, form }: Space): number {
  const changes = new Float64Array(form.rows.length)
  for (let i = 0; i < delta.length; i++) changes[componentOf[i]] += delta[i] * delta[i]
  const sizes = changes.map((_, c) => u.subarray(c * nodes, (c + 1) * nodes).reduce((sum, v) => sum + v * v, 0))
  const floor = 1e-16 * Math.max(...sizes)
  return changes.reduce((most, change, c) => (change === 0 || !form.rows[c].rate ? most : Math.max(most, Math.sqrt(change / Math.max(sizes[c], floor)))), 0)
}

interface Mass {
  /** ∫ φ_a φ_b / |K| on the reference cell, of degree 1 and of the mesh's degree. */
  readonly reference: readonly [Float64Array, Float64Array]
  readonly measures: Float64Array
  /** On the pattern of the system matrix; zero for components without a rate. */
  readonly values: Float64Array
}

function massOf(space: Space, matrix: SparseMatrix): Mass {
  const { mesh, form, nodes, unknownOf } = space
  const { dimension, degree, points, cells } = mesh
  const perCell = nodesPerCell(mesh)
  const rule = simplexRule(dimension, 5)
  const reference = ([1, degree] as const).map(d => {
    const width = d === 1 ? dimension + 1 : perCell
    const out = new Float64Array(width * width)
    const values = new Float64Array(width)
    for (let p = 0; p < rule.count; p++) {
      basisValues(dimension, d, rule.barycentric.subarray(p * (dimension + 1), (p + 1) * (dimension + 1)), values)
      for (let a = 0; a < width; a++) for (let b = 0; b < width; b++) out[a * width + b] += rule.weights[p] * values[a] * values[b]
    }
    return out
  }) as unknown as readonly [Float64Array, Float64Array]
  const count = cells.length / perCell
  const measures = new Float64Array(count)
  const scratch = new Float64Array(12)
  const values = new Float64Array(matrix.entries)
  const [starts, columns] = [matrix.starts(), matrix.columnNumbers()]
  for (let cell = 0; cell < count; cell++) {
    measures[cell] = barycentricGradients(dimension, points, cells, cell * perCell, scratch)
    form.rows.forEach((row, c) => {
      if (!row.rate) return
      const width = space.nodesPerCell[c]
      const local = reference[width === perCell ? 1 : 0]
      for (let a = 0; a < width; a++) {
        const i = unknownOf[c * nodes + cells[cell * perCell + a]]
        if (i < 0) continue
        for (let b = 0; b < width; b++) {
          const j = unknownOf[c * nodes + cells[cell * perCell + b]]
          if (j >= 0) values[placeOf(starts, columns, i, j)] += measures[cell] * local[a * width + b]
        }
      }
    })
  }
  return { reference, measures, values }
}

/** M with ones on the diagonal of components without a rate. */
function massMatrixOf(arena: Team['arena'], { unknowns, componentOf }: Space, matrix: SparseMatrix, values: Float64Array, rates: readonly boolean[]): SparseMatrix {
  const block = arena.from(values)
  const [starts, columns, out] = [matrix.starts(), matrix.columnNumbers(), block.view()]
  for (let i = 0; i < unknowns; i++) if (!rates[componentOf[i]]) out[placeOf(starts, columns, i, i)] = 1
  return { ...matrix, values: block }
}

function initialState({ space }: Discretisation, time: number, team: Team): Block {
  const { mesh, nodes, problem } = space
  const { dimension, points } = mesh
  const { initial, components } = problem.system
  const state = team.arena.f64(components.length * nodes)
  const level = team.arena.mark()
  const coordinates = Object.fromEntries(Array.from({ length: dimension }, (_, axis) => ['xyz'[axis], team.arena.from(Float64Array.from({ length: nodes }, (_, i) => points[i * dimension + axis])).pointer]))
  initial.forEach((expression, c) => {
    if (!expression) return
    const out = team.arena.f64(nodes)
    createPointwise(team, [expression], coordinates, ['t'], [out.pointer]).run(0, nodes, [time])
    state.view().set(out.view(), c * nodes)
  })
  team.arena.release(level)
  const bad = state.view().findIndex(v => !Number.isFinite(v))
  if (bad >= 0) throw new FaultError(error('non-finite', `The initial value of ${components[Math.floor(bad / nodes)].name} is not a finite number everywhere.`, { where: { path: 'problem.initial' }, tip: 'Check it for a division by zero or a root of a negative number.' }))
  return state
}
