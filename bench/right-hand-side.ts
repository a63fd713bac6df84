/**
 * One evaluation of the right-hand side of an evolution by finite differences: the fused sweep that solvers run, and for comparison every derivative into an array of its own with a compiled program over the arrays
 * after them (two sweeps and more). Median of several rounds, both in turn.
 */
import { loadLibm, readKernels } from '../electron/engine/kernels'
import { createThreadTeam } from '../electron/engine/threads/team'
import { freeNames } from '../shared/expressions'
import type { Libm } from '../shared/expressions/libm'
import type { Team } from '../shared/kernels/team'
import { analyse } from '../shared/problems/analyse'
import { createJetSystem } from '../shared/solvers/finite-difference/evolution/jet-system'
import { coordinateArrays, uniformGrid } from '../shared/solvers/time/grid'
import { createPointwise } from '../shared/solvers/time/pointwise'

interface Case {
  readonly name: string
  readonly nodes: readonly number[]
  readonly order: 2 | 4
  readonly periodic: boolean
  readonly equations: Readonly<Record<string, string>>
  readonly initial: Readonly<Record<string, string>>
}

const wave = (dimensions: number): string => ['x', 'y', 'z'].slice(0, dimensions).map(axis => `sin(2*pi*${axis})`).join('*')
const cases: readonly Case[] = [
  { name: 'heat with a source', nodes: [1025, 1025], order: 2, periodic: false, equations: { u: 'lap(u) + sin(pi*x)*sin(pi*y)*exp(-t)' }, initial: { u: wave(2) } },
  { name: 'heat with a source', nodes: [257, 257], order: 2, periodic: false, equations: { u: 'lap(u) + sin(pi*x)*sin(pi*y)*exp(-t)' }, initial: { u: wave(2) } },
  { name: 'Burgers', nodes: [1024, 1024], order: 4, periodic: true, equations: { u: '1e-3*lap(u) - u*dx(u) - u*dy(u)' }, initial: { u: wave(2) } },
  { name: 'Gray–Scott', nodes: [512, 512], order: 2, periodic: true, equations: { u: '2e-5*lap(u) - u*v^2 + 0.04*(1 - u)', v: '1e-5*lap(v) + u*v^2 - 0.1*v' }, initial: { u: `1 - 0.5*${wave(2)}^2`, v: `0.25*${wave(2)}^2` } },
  { name: 'Allen–Cahn', nodes: [129, 129, 129], order: 2, periodic: false, equations: { u: '1e-3*lap(u) + u - u^3' }, initial: { u: wave(3) } },
  { name: 'Allen–Cahn', nodes: [128, 128, 128], order: 4, periodic: true, equations: { u: '1e-3*lap(u) + u - u^3' }, initial: { u: wave(3) } },
]

const rounds = 15

function measure({ nodes, order, periodic, equations, initial }: Case, team: Team, libm: Libm): { readonly fused: number; readonly separate: number } {
  const mark = team.arena.mark()
  const bounded = !periodic
  const { problem } = analyse({
    domain: { shape: 'box', bounds: nodes.map(() => [0, 1]), periodic: nodes.map(() => periodic) }, time: [0, 1], unknowns: Object.keys(equations), parameters: {},
    equations: Object.entries(equations).map(([u, right]) => `dt(${u}) = ${right}`), initial,
    ...(bounded ? { boundary: Object.keys(equations).map(u => ({ on: 'all', condition: `${u} = 0` })) } : {}),
  }, libm)
  if (!problem) throw new Error('the statement of the benchmark has faults')
  const grid = uniformGrid(problem.axes, nodes)
  const system = createJetSystem(problem, grid, order, team, libm, 0)
  const { operators, initial: state, count, size } = system
  const out = team.arena.f64(size)

  const rows = problem.system.rows.map(row => row.expression)
  const names = new Set(rows.flatMap(row => [...freeNames(row).keys()]))
  const jets = problem.system.jet.map(({ orders, name }) => (names.has(name) && orders.some(m => m > 0) ? team.arena.f64(system.nodes) : undefined))
  const inputs: Record<string, number> = Object.fromEntries(Object.entries(coordinateArrays(team, grid, names)).map(([name, block]) => [name, block.pointer]))
  problem.system.components.forEach(({ name }, c) => names.has(name) && (inputs[name] = state.pointer + 8 * system.nodes * c))
  problem.system.jet.forEach(({ name }, j) => jets[j] && (inputs[name] = jets[j].pointer))
  const program = createPointwise(team, rows, inputs, ['t'], Array.from({ length: count }, (_, c) => out.pointer + 8 * system.nodes * c))

  const seconds = (work: () => void): number => {
    const repetitions = Math.max(1, Math.round(4e6 / size))
    const started = performance.now()
    for (let k = 0; k < repetitions; k++) work()
    return (performance.now() - started) / 1000 / repetitions
  }
  const times: { fused: number[]; separate: number[] } = { fused: [], separate: [] }
  for (let round = 0; round < rounds; round++) {
    times.fused.push(seconds(() => system.rows(0, state, out)))
    times.separate.push(seconds(() => {
      operators.evaluate(state, 0, jets)
      program.run(0, system.nodes, [0])
      operators.imposeRates(out, 0)
    }))
  }
  team.arena.release(mark)
  const median = (list: number[]): number => list.sort((a, b) => a - b)[Math.floor(list.length / 2)]
  return { fused: median(times.fused), separate: median(times.separate) }
}

export async function bench(): Promise<void> {
  const kernels = readKernels()
  const libm = loadLibm(kernels)
  console.log('| right-hand side | nodes | order | threads | fused, ms | separate, ms | separate / fused | ns per node and component |\n|---|---|---|---|---|---|---|---|')
  for (const threads of [1, 2]) {
    const team = createThreadTeam({ threads, kernels, budgetBytes: 2e9 })
    await team.ready
    for (const one of cases) {
      const { fused, separate } = measure(one, team, libm)
      const values = one.nodes.reduce((n, m) => n * m, Object.keys(one.equations).length)
      console.log(`| ${one.name} | ${one.nodes.join('×')} | ${one.order} | ${threads} | ${(1000 * fused).toPrecision(3)} | ${(1000 * separate).toPrecision(3)} | ${(separate / fused).toPrecision(2)} | ${((1e9 * fused) / values).toPrecision(3)} |`)
    }
    await team.dispose()
  }
}
