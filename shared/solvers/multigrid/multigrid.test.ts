import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import type { FaultError } from '../../fault'
import { parseExpression } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import { uniformAxis, type Axis } from '../../fields/field'
import { createSerialTeam } from '../../kernels/serial-team'
import type { Block } from '../../kernels/team'
import type { BoundarySide } from '../../problems/analysed'
import { absentAxis, axisGeometry, canCoarsen, coarsenAxis, controlLengths } from './axis'
import { factorDense } from './dense'
import type { ShiftedSolverOptions } from './interface'
import { hierarchyOfConstants, hierarchyOfNetwork, type CycleName, type Hierarchy } from './hierarchy'
import { createEllipticOperator, type DiscreteOperator } from './operator'
import type { SmootherName } from './smoother'
import { createShiftedSolver } from './solver'
import { factorTridiagonal } from './tridiagonal'

const kernels = readKernels()
const libm = loadLibm(kernels)
const team = createSerialTeam({ kernels })
const { arena } = team

const expression = (text: string): Expression => {
  const parsed = parseExpression(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}
type Condition = 'dirichlet' | 'neumann' | 'robin'
const condition = (kind: Condition, data = '0'): BoundarySide['pieces'] =>
  [{ component: 0, on: 'all', kind, normal: expression(kind === 'dirichlet' ? '0' : '1'), value: expression(kind === 'neumann' ? '0' : kind === 'robin' ? '2' : '1'), data: expression(data) }]
const box = (nodes: number[], periodic: boolean[] = []): Axis[] => nodes.map((n, a) => uniformAxis((['x', 'y', 'z'] as const)[a], 0, 1, n, periodic[a] ?? false))
function sides(axes: Axis[], kinds: Condition[] = [], data?: string): BoundarySide[] {
  return axes.flatMap((axis, a) => (axis.periodic ? [] : (['lower', 'upper'] as const).map((end, e) => ({ axis: a, end, pieces: condition(kinds[2 * a + e] ?? 'dirichlet', data) }))))
}
interface Coefficients { a?: string; b?: string[]; c?: string }
function operatorOn(axes: Axis[], kinds: Condition[] = [], { a = '1', b, c = '0' }: Coefficients = {}, data?: string): DiscreteOperator {
  const linear = { diffusion: axes.map(() => expression(a)), advection: axes.map((_, i) => expression(b?.[i] ?? '0')), reaction: expression(c), symmetric: !b }
  return createEllipticOperator({ grid: { axes }, boundary: sides(axes, kinds, data), linear }, team, libm)
}
/** Reproducible numbers in (−1, 1). */
function noise(block: Block, seed = 1): Block {
  let state = seed
  block.view().forEach((_, i, all) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    all[i] = state / 2 ** 31
  })
  return block
}
const norm = (hierarchy: Hierarchy, u: Block, f: Block): number => Math.sqrt(hierarchy.levels[0].residualSquared(u.pointer, f.pointer))

/** Asymptotic factor of a stationary iteration: the error of the zero problem, from noise. */
function factor(hierarchy: Hierarchy, symmetric: boolean): number {
  const { size } = hierarchy.levels[0]
  const u = noise(arena.f64(size))
  u.view().forEach((_, node, all) => (all[node] = hierarchy.levels[0].isFixed(node) ? 0 : all[node]))
  const f = arena.f64(size)
  for (let cycle = 0; cycle < 12; cycle++) hierarchy.cycle(u.pointer, f.pointer, { symmetric })
  const before = norm(hierarchy, u, f)
  for (let cycle = 0; cycle < 3; cycle++) hierarchy.cycle(u.pointer, f.pointer, { symmetric })
  return (norm(hierarchy, u, f) / before) ** (1 / 3)
}

const square = (n: number) => [axisGeometry(uniformAxis('x', 0, 1, n, false)), axisGeometry(uniformAxis('y', 0, 1, n, false)), absentAxis] as const
const within = <T>(work: () => T): T => {
  const mark = arena.mark()
  try {
    return work()
  } finally {
    arena.release(mark)
  }
}

describe('V(1,1) on the five-point Laplacian', () => {
  it.each([65, 129, 257, 513, 1025, 2049])('contracts by 0.13 or better at %i², 0.27 in symmetric order', n => {
    within(() => {
      const hierarchy = hierarchyOfConstants(team, square(n), [1, 1, 1], 0)
      expect(factor(hierarchy, false)).toBeLessThanOrEqual(0.13)
      expect(factor(hierarchy, true)).toBeLessThanOrEqual(0.27)
    })
  })

  it.each<[string, number[], boolean[], Condition[]]>([
    ['even numbers of nodes', [106, 64], [], []], ['Neumann and Robin sides', [65, 65], [], ['neumann', 'robin', 'dirichlet', 'neumann']], ['a periodic axis', [64, 65], [true, false], []],
    ['an odd periodic axis', [63, 65], [true, false], []], ['unequal spacings', [33, 257], [], []],
  ])('contracts with coefficient arrays and %s', (_, nodes, periodic, kinds) => {
    within(() => {
      const axes = box(nodes, periodic)
      const operator = operatorOn(axes, kinds, { a: '1 + x*y' })
      expect(factor(hierarchyOfNetwork(team, operator.discretisation.network!, false), false)).toBeLessThan(0.35)
    })
  })

  it.each<[CycleName, SmootherName, number]>([['w', 'red-black', 0.13], ['f', 'red-black', 0.13], ['v', 'line', 0.08], ['v', 'chebyshev', 0.2], ['w', 'chebyshev', 0.2]])('contracts by %s-cycles with %s smoothing', (cycle, smoother, bound) => {
    within(() => expect(factor(hierarchyOfConstants(team, square(257), [1, 1, 1], 0, { cycle, smoother }), false)).toBeLessThanOrEqual(bound))
  })

  it.each<SmootherName>(['red-black', 'line', 'chebyshev'])('is a symmetric map in symmetric order: %s', smoother => {
    within(() => {
      const operator = operatorOn(box([19, 24]), ['neumann', 'robin', 'dirichlet', 'neumann'], { a: '1 + x*y' })
      const hierarchy = hierarchyOfNetwork(team, operator.discretisation.network!, false, { smoother, cycle: 'w' })
      const { size } = hierarchy.levels[0]
      const free = operator.free.view()
      const [f, g] = [3, 4].map(seed => noise(arena.f64(size), seed))
      for (const block of [f, g]) block.view().forEach((_, node, all) => (all[node] *= free[node]))
      const [u, v] = [arena.f64(size), arena.f64(size)]
      hierarchy.cycle(u.pointer, f.pointer, { symmetric: true })
      hierarchy.cycle(v.pointer, g.pointer, { symmetric: true })
      const dot = (a: Block, b: Block): number => a.view().reduce((sum, value, node) => sum + value * b.view()[node], 0)
      expect(dot(u, g) / dot(v, f)).toBeCloseTo(1, 10)
    })
  })

  it('with full multigrid, one cycle per grid, ends within twice the discretization error', () => {
    for (const n of [65, 129, 257, 513]) {
      within(() => {
        const hierarchy = hierarchyOfConstants(team, square(n), [1, 1, 1], 0)
        const f = arena.f64(n * n)
        const u = arena.f64(n * n)
        const h = 1 / (n - 1)
        const exact = (node: number): number => libm.sin(Math.PI * h * (node % n)) * libm.sin(Math.PI * h * Math.floor(node / n))
        f.view().forEach((_, node, all) => (all[node] = 2 * Math.PI ** 2 * h * h * exact(node)))
        hierarchy.full(u.pointer, f.pointer, 1)
        const error = (): number => Math.sqrt(u.view().reduce((sum, value, node) => sum + (value - exact(node)) ** 2, 0))
        const once = error()
        for (let cycle = 0; cycle < 12; cycle++) hierarchy.cycle(u.pointer, f.pointer)
        expect(once / error()).toBeLessThan(2)
      })
    }
  })
})

/** The dense matrix of L on the free nodes, column by column through `apply`, weighted with the control volumes. */
function denseOf(operator: DiscreteOperator): { free: number[]; matrix: Float64Array; weighted: Float64Array; offset: Float64Array } {
  const u = arena.f64(operator.size)
  const out = arena.f64(operator.size)
  operator.imposeDirichlet(u)
  operator.apply(u, out)
  const offset = out.view().slice()
  const free = [...operator.free.view().keys()].filter(node => operator.free.view()[node] === 1)
  const n = free.length
  const matrix = new Float64Array(n * n)
  const weighted = new Float64Array(n * n)
  free.forEach((node, j) => {
    u.view()[node] += 1
    operator.apply(u, out)
    u.view()[node] -= 1
    free.forEach((other, i) => {
      matrix[i * n + j] = out.view()[other] - offset[other]
      weighted[i * n + j] = matrix[i * n + j] * operator.volumes.view()[other]
    })
  })
  return { free, matrix, weighted, offset }
}

const cases: [string, number[], boolean[], Condition[], Coefficients][] = [
  ['Dirichlet, constant', [9, 7], [], [], {}],
  ['Dirichlet, constant, with reaction', [8, 9], [], [], { c: '3' }],
  ['all kinds of sides, variable', [9, 12], [], ['neumann', 'robin', 'dirichlet', 'neumann'], { a: '2 + x*y', c: '1 + x' }],
  ['periodic, odd', [9, 8], [true, false], ['dirichlet', 'dirichlet', 'robin', 'dirichlet'], { a: '1 + y' }],
  ['advection', [9, 8], [], ['neumann', 'robin', 'dirichlet', 'robin'], { b: ['3', '-2*x'], c: '1' }],
  ['a line', [17], [], ['robin', 'neumann'], { a: '1 + x', c: '1' }],
  ['a ring with advection', [12], [true], [], { b: ['4'], c: '2' }],
  ['space', [5, 6, 4], [], ['neumann', 'robin', 'dirichlet', 'neumann', 'robin', 'dirichlet'], { a: '1 + x + z' }],
  ['space with advection', [4, 5, 5], [false, true, false], ['neumann', 'robin', 'dirichlet', 'neumann', 'robin', 'dirichlet'], { a: '1 + x', b: ['1', '2', '-1'] }],
]

describe('the operator', () => {
  it.each(cases)('is symmetric in the weighted product unless there is advection: %s', (_, nodes, periodic, kinds, coefficients) => {
    within(() => {
      const operator = operatorOn(box(nodes, periodic), kinds, coefficients)
      const { weighted, free } = denseOf(operator)
      const n = free.length
      let skew = 0
      let size = 0
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          skew = Math.max(skew, Math.abs(weighted[i * n + j] - weighted[j * n + i]))
          size = Math.max(size, Math.abs(weighted[i * n + j]))
        }
      }
      if (coefficients.b) expect(skew).toBeGreaterThan(1e-3 * size)
      else expect(skew).toBeLessThan(1e-13 * size)
      expect(operator.symmetric).toBe(!coefficients.b)
    })
  })

  it.each(cases)('agrees with a dense solve of σ u + L u = r: %s', (_, nodes, periodic, kinds, coefficients) => {
    for (const shift of [0, 7.5]) {
      within(() => {
        const operator = operatorOn(box(nodes, periodic), kinds, coefficients, 'exp(x) + 1')
        const { free, matrix, offset } = denseOf(operator)
        const n = free.length
        const r = noise(arena.f64(operator.size), 5)
        // L u = offset + matrix · u, with the Dirichlet values and boundary data inside the offset.
        for (let i = 0; i < n; i++) matrix[i * n + i] += shift
        const expected = Float64Array.from(free, node => r.view()[node] - offset[node])
        factorDense(matrix, n).solve(expected)
        const u = arena.f64(operator.size)
        operator.imposeDirichlet(u)
        const report = createShiftedSolver(operator, { shift, tolerance: 1e-12 }, team).solve(r, u)
        expect(report.converged).toBe(true)
        free.forEach((node, i) => expect(u.view()[node]).toBeCloseTo(expected[i], 8))
      })
    }
  })

  it.each(cases)('bounds its spectral radius: %s', (_, nodes, periodic, kinds, coefficients) => {
    within(() => {
      const operator = operatorOn(box(nodes, periodic), kinds, coefficients)
      const { free, matrix } = denseOf(operator)
      const n = free.length
      let x = Float64Array.from(free, (_node, i) => ((i * 7919) % 13) - 6)
      let radius = 0
      for (let k = 0; k < 300; k++) {
        const y = new Float64Array(n)
        for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) y[i] += matrix[i * n + j] * x[j]
        radius = Math.sqrt(y.reduce((s, v) => s + v * v, 0) / x.reduce((s, v) => s + v * v, 0))
        x = y.map(v => v / (radius || 1))
      }
      expect(operator.spectralRadius).toBeGreaterThanOrEqual(radius * (1 - 1e-9))
      expect(operator.spectralRadius).toBeLessThan(3 * radius)
    })
  })

  it.each<[string, Partial<ShiftedSolverOptions>, Coefficients]>([
    ['cg', {}, { a: '1 + x', c: '1' }], ['minres', {}, { c: '-60' }], ['gmres', { smoother: 'line' }, { b: ['30', '-20*x'] }], ['bicgstab', { smoother: 'line' }, { b: ['3', '1'], c: '1' }], ['amg', {}, { a: '50.5 + 49.5*tanh(1e6*(x - 0.48))' }],
    ['direct', {}, { b: ['300', '20'], c: '-60' }], ['sor', { relaxation: 1.7 }, { a: '1 + x' }], ['sor', { relaxation: 'optimal' }, {}], ['cg', { cycle: 'w' }, { a: '1 + x' }], ['cg', { cycle: 'f', smoother: 'line' }, { a: '1 + x' }],
    ['cg', { smoother: 'chebyshev' }, { a: '1 + x' }], ['multigrid', { cycle: 'f', smoother: 'chebyshev' }, {}], ['multigrid', { cycle: 'w', smoother: 'line' }, {}],
  ])('gives the same solution by %s %o', (solver, rest, coefficients) => {
    within(() => {
      const operator = operatorOn(box([33, 30]), coefficients.c === '-60' ? [] : ['dirichlet', 'robin'], coefficients, 'x*y')
      const solve = (options: Partial<ShiftedSolverOptions>): Float64Array => {
        const u = arena.f64(operator.size)
        operator.imposeDirichlet(u)
        const report = createShiftedSolver(operator, { shift: 0, tolerance: 1e-11, maximumIterations: 3000, ...options }, team).solve(noise(arena.f64(operator.size), 5), u)
        expect(report.converged).toBe(true)
        return u.view()
      }
      const reference = solve({ solver: 'direct' })
      const u = solve({ solver: solver as ShiftedSolverOptions['solver'], ...rest })
      let largest = 0
      u.forEach((value, node) => (largest = Math.max(largest, Math.abs(value - reference[node]))))
      expect(largest).toBeLessThan(1e-8 * reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0))
    })
  })

  it.each<[string, number[], Coefficients]>([
    ['a jump of 1e4 across curves', [129, 129], { a: '5001 + 5000*tanh(1e6*sin(23*x)*sin(17*y))' }], ['a ball of conductivity 1e4', [33, 33, 33], { a: '5001 + 5000*tanh(1e6*(0.04 - (x - 0.47)^2 - (y - 0.41)^2 - (z - 0.55)^2))' }],
    ['Helmholtz, k = 50', [129, 129], { c: '-2500' }], ['Helmholtz in space, k = 15', [33, 33, 33], { c: '-225' }],
    ['advection with cell Péclet number 30', [129, 129], { b: ['4000', '2000'] }], ['a strong vortex', [129, 129], { b: ['4000*(y - 0.5)', '-4000*(x - 0.5)'] }],
  ])('converges by itself: %s', (_, nodes, coefficients) => {
    within(() => {
      const operator = operatorOn(box(nodes), [], coefficients)
      const u = arena.f64(operator.size)
      const r = noise(arena.f64(operator.size), 3)
      const report = createShiftedSolver(operator, { shift: 0, tolerance: 1e-8, maximumIterations: 200 }, team).solve(r, u)
      expect(report.converged).toBe(true)
      expect(report.residuals).toHaveLength(report.iterations + 1)
    })
  })

  it('refuses conjugate gradients where the operator is indefinite, MINRES where it has advection', () => {
    const codeOf = (solver: 'cg' | 'minres', coefficients: Coefficients): string => within(() => {
      try {
        const operator = operatorOn(box([33, 33]), [], coefficients)
        createShiftedSolver(operator, { shift: 0, tolerance: 1e-8, solver }, team).solve(noise(arena.f64(operator.size)), arena.f64(operator.size))
      } catch (reason) {
        return (reason as FaultError).faults[0].code
      }
      return 'none'
    })
    expect(codeOf('cg', { c: '-400' })).toBe('indefinite-operator')
    expect(codeOf('minres', { b: ['1', '1'] })).toBe('unsymmetric-operator')
  })

  it('follows boundary data in time', () => {
    within(() => {
      const axes = box([9, 9])
      const operator = operatorOn(axes, ['dirichlet', 'robin'], {}, 't + x')
      expect(operator.timeDependentBoundary).toBe(true)
      const u = arena.f64(operator.size)
      const out = arena.f64(operator.size)
      operator.updateBoundary(2)
      operator.imposeDirichlet(u)
      expect([u.view()[0], u.view()[9 * 4]]).toEqual([2, 2])
      u.view().fill(0)
      operator.apply(u, out)
      // ∂ₙu = g − βu = 3 at the right side: L u = −2 a ∂ₙu / h.
      expect(out.view()[9 * 4 + 8]).toBeCloseTo((-2 * 3) / (1 / 8), 10)
    })
  })
})

describe('one axis', () => {
  it('coarsens to a grid with the same ends whose intervals stay alike, and interpolates linear functions exactly', () => {
    for (let n = 3; n < 200; n++) {
      for (const periodic of [false, true]) {
        let axis = axisGeometry(uniformAxis('x', 0, 1, n, periodic))
        while (canCoarsen(axis)) {
          const t = coarsenAxis(axis)
          const place = (lengths: Float64Array, i: number): number => lengths.subarray(0, i).reduce((a, b) => a + b, 0)
          expect(t.coarse.lengths.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
          expect(Math.max(...t.coarse.lengths) / Math.min(...t.coarse.lengths)).toBeLessThan(4.01)
          const fine = axis
          const weights = controlLengths(fine)
          // Pᵀ of the control lengths are the coarse control lengths; P of x is x (without the ring's seam).
          const coarseWeights = controlLengths(t.coarse)
          for (let I = 0; I < t.coarse.nodes; I++) {
            const i = t.at[I]
            const total = weights[i] + t.before[I] * weights[(i + fine.nodes - 1) % fine.nodes] + t.after[I] * weights[(i + 1) % fine.nodes]
            expect(total).toBeCloseTo(coarseWeights[I], 12)
          }
          for (let i = 0; i < fine.nodes; i++) {
            if (t.right[i] < t.left[i]) continue
            expect(t.toLeft[i] * place(t.coarse.lengths, t.left[i]) + t.toRight[i] * place(t.coarse.lengths, t.right[i])).toBeCloseTo(place(fine.lengths, i), 12)
          }
          axis = t.coarse
        }
      }
    }
  })

  it.each([[false, 1], [true, 1], [false, -3], [true, -3]])('factors tridiagonal matrices (cyclic: %s, diagonal shift %i)', (cyclic, shift) => {
    const n = 11
    const lower = Float64Array.from({ length: n }, (_, i) => -1 - 0.1 * i)
    const upper = Float64Array.from({ length: n }, (_, i) => -1 + 0.3 * i)
    const diagonal = Float64Array.from({ length: n }, (_, i) => 0.5 * i + shift)
    const x = Float64Array.from({ length: n }, (_, i) => ((i * 5) % 7) - 3)
    const b = Float64Array.from({ length: n }, (_, i) => diagonal[i] * x[i] + (cyclic || i > 0 ? lower[i] * x[(i + n - 1) % n] : 0) + (cyclic || i < n - 1 ? upper[i] * x[(i + 1) % n] : 0))
    factorTridiagonal(lower, diagonal, upper, cyclic).solve(b)
    b.forEach((value, i) => expect(value).toBeCloseTo(x[i], 9))
  })
})
