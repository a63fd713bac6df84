import { freeNames } from '../../expressions'
import { error, type Fault } from '../../fault'
import { meshCells } from '../../fields/mesh'
import type { Run, Team } from '../../kernels/team'
import type { AnalysedProblem } from '../../problems/analysed'
import type { Solution, SolveRequest } from '../method'
import { createAdditiveRungeKutta } from '../time/additive'
import { createBdf, type BdfOrder } from '../time/bdf'
import { createCrankNicolson } from '../time/crank-nicolson'
import { evolveKeeping, failureFaults, type StepChoice } from '../time/evolve'
import { readTimeOptions } from '../time/options'
import { evolvedFields, fieldsOf, meshOutput, storedComponents } from '../time/request'
import { ark436 } from '../time/tableaux'
import { readOptions } from './descriptor'
import { Discretisation } from './discretisation'
import { createFiniteElementSystem } from './evolution-system'
import { meshOfDomain } from './mesh/domain'
import { weakForm } from './weak-form'

/**
 * Finite elements in space, implicit steps in time: BDF with error control (to order 5), for equations of second order in time the singly diagonally implicit Runge–Kutta method of order 4, whose stability has no gap along the imaginary
 * axis; Crank–Nicolson, which keeps quadratic energies, when asked for. Time errors are kept below those in space by default.
 */
export function solveEvolution(request: SolveRequest, team: Team, run: Run): Solution {
  const { problem, times, libm } = request
  const options = readOptions(request.options)
  const form = weakForm(problem)
  const domain = meshOfDomain(problem, request.resolution, libm)
  const mark = team.arena.mark()
  try {
    run.progress({ stage: 'assembling' })
    const discretisation = new Discretisation(team, problem, form, domain, options.order, libm)
    const { space } = discretisation
    // What is kept comes in the order of the declared unknowns, velocities of second-order unknowns last.
    const declared = fieldsOf(problem)
    const stored = storedComponents(problem)
    const hidden = problem.system.components.map((_, c) => c).filter(c => !stored.includes(c))
    const order = [...stored, ...hidden]
    const system = createFiniteElementSystem(discretisation, options, times, order, team, run)
    const time = readTimeOptions(request.options)
    const waves = isUndamped(problem)
    const method = time.method === 'auto' ? (waves && time.order === undefined ? 'esdirk' : 'bdf') : time.method
    const stepper = method === 'bdf' ? createBdf({ order: (time.order ?? 5) as BdfOrder }, system, team) : method === 'esdirk' ? createAdditiveRungeKutta(ark436, system, team) : createCrankNicolson(system, team)
    const duration = times[times.length - 1] - times[0]
    const finest = Math.min(...request.resolution.map((n, a) => (problem.axes[a].periodic ? 1 / n : 1 / (n - 1))))
    const tolerance = time.tolerance ?? Math.max(1e-8, 0.3 * finest ** (options.order + 1))
    const choice: StepChoice = time.dt !== undefined ? { kind: 'fixed', dt: time.dt } : stepper.embedded ? { kind: 'embedded', tolerance, first: (method === 'bdf' ? 1e-4 : 1e-3) * duration } : { kind: 'tolerance', tolerance, first: duration / 256 }
    run.log('info', `Finite elements of degree ${options.order}, ${space.unknowns} unknowns; ${stepper.name}${time.method === 'auto' ? (waves ? ', which damps waves little and bounds no step' : ', whose steps no stability limit bounds') : ', as asked'}.`)
    const output = meshOutput(space.mesh, [...declared, ...hidden.map(c => ({ name: problem.system.components[c].name }))])
    const evolved = evolveKeeping({ unknown: problem.unknown, times, choice, output }, stepper, team, run)
    const perTime = order.length * space.nodes
    const conserved = problem.properties.conserved.flatMap(({ name, density }) => {
      if (![...freeNames(density).keys()].every(n => form.jets.flat().includes(n) || problem.axes.some(a => a.name === n) || n === 't' || n === 'pi' || n === 'e')) return []
      const totals = Array.from(evolved.times, (t, k) => {
        const all = new Float64Array(perTime)
        order.forEach((c, i) => all.set(evolved.values.subarray(k * perTime + i * space.nodes, k * perTime + (i + 1) * space.nodes), c * space.nodes))
        return discretisation.integralWithSize(density, all, libm, [t, ...space.floating.map(() => 0)])
      })
      return [{ name, values: Float64Array.from(totals, total => total.sum), size: totals[0].size }]
    })
    const faults: Fault[] = failureFaults(evolved)
    return {
      fields: evolvedFields(evolved, output.fields, { mesh: space.mesh }).slice(0, declared.length), arrays: conserved.map(({ name, values }) => ({ name, values })),
      metrics: {
        unknowns: space.unknowns, cells: meshCells(space.mesh), steps: evolved.steps,
        ...(evolved.steps > 0 && { dt: evolved.smallestStep, dt_largest: evolved.largestStep }),
        ...Object.fromEntries(conserved.map(({ name, values, size }) => [`drift_${name}`, drift(values, size)])),
      },
      converged: !evolved.failure, faults,
    }
  } finally {
    team.arena.release(mark)
  }
}

/** Largest change of a conserved quantity beside ∫ |density| at the start, so that a quantity that is zero has a scale too. */
function drift(values: Float64Array, size: number): number {
  const change = values.reduce((most, v) => Math.max(most, Math.abs(v - values[0])), 0)
  return size > 0 ? change / size : change
}

/** Faults of time options that finite elements do not take. */
export function checkTime(request: SolveRequest): Fault[] {
  const { method } = readTimeOptions(request.options)
  return ['auto', 'bdf', 'crank-nicolson'].includes(method) ? [] : [error('method-time', `Finite elements take implicit steps ("bdf" or "crank-nicolson"), not "${method}".`, { where: { path: 'time.method' }, tip: 'Use "auto".' })]
}

/**
 * Nothing in the statement damps short waves: second order in time, or rates of which none contains second derivatives of its own component (Schrödinger's equation in its two parts, transport).
 * Eigenvalues lie near the imaginary axis, where BDF of orders 3 to 5 is unstable for steps that are not short.
 */
const isUndamped = ({ properties, system: { rows, jet } }: AnalysedProblem): boolean =>
  properties.orderInTime === 2 ||
  rows.every((row, c) => row.kind === 'rate' && !jet.some(({ name, component, orders: [x, y, z] }) => component === c && x + y + z >= 2 && freeNames(row.expression).has(name)))
