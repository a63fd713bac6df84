import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { parseExpression } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import { analyse } from '../../problems/analyse'
import type { AnalysedProblem } from '../../problems/analysed'
import { problems } from '../../problems/catalogue'
import { compile } from '../compile'
import { valueAndGradients } from '../gradients'
import { evaluateGraph } from '../graph/evaluate'
import { createRandom } from '../random'
import { partLoss, weightedParts, weightsInput, inputsOf } from '../training/form'
import { add } from '../tf'
import { networkStatement } from './formulation'
import { holdConditions } from './held-conditions'
import { line } from './line.testing'
import { choleskyColumns } from './semidefinite'
import { variational } from './variational'
import { variationalFaults } from './variational-faults'

const libm = loadLibm(readKernels())
const statement = (given: object): AnalysedProblem => {
  const { problem, faults } = analyse(given as never, libm)
  if (!problem) throw new Error(JSON.stringify(faults))
  return problem
}
const expression = (text: string): Expression => {
  const parsed = parseExpression(text)
  if (!parsed.ok) throw new Error(text)
  return parsed.value
}

/** dΣ/ds and d²Σ/ds² at s = 0, with ½ of the curvature of the metric, Σ (dm/ds)². */
function variations(problem: AnalysedProblem, exact: readonly Expression[], directions: readonly Expression[], { dirichlet, hard, points = { interior: 900, boundary: 160, initial: 1 } }: { dirichlet: 'penalty' | 'nitsche'; hard: boolean; points?: { interior: number; boundary: number; initial: number } }) {
  const { coordinates } = networkStatement(problem)
  const held = hard ? holdConditions(problem, libm).held : undefined
  const form = variational({ problem, points, sequence: 'sobol', libm, ...(held ? { held } : {}) }, { dirichlet })
  const network = line(exact, directions, coordinates)
  const drawn = { ...form.draw(createRandom(1, libm, 'points')), [weightsInput]: new Float64Array(form.parts.length).fill(1) }
  const program = compile((_, given) => {
    const { value, gradients } = valueAndGradients(all => ({ value: weightedParts(form, network, all, given).map(partLoss).reduce((a, b) => add(a, b)) }), { s: given.s })
    const columns = weightedParts(form, network, { s: given.s }, given).flatMap(part => (part.kind === 'energy' ? part.metric : part.columns))
    return { outputs: { value, slope: gradients.s, ...Object.fromEntries(columns.map((c, k) => [`m${k}`, c])) } }
  }, { precision: 'float64', inputs: { ...inputsOf(form), s: [] }, libm })
  const at = (s: number) => evaluateGraph(program.graph, { ...drawn, s: Float64Array.of(s) }, libm).outputs
  const h = 1e-3
  const [minus, plus, middle] = [at(-h), at(h), at(0)]
  let metric = 0
  for (const key of Object.keys(middle)) {
    if (!/^m\d/.test(key)) continue
    for (let n = 0; n < middle[key].length; n++) metric += ((plus[key][n] - minus[key][n]) / (2 * h)) ** 2
  }
  return { value: middle.value[0], slope: middle.slope[0], curvature: (plus.slope[0] - minus.slope[0]) / (2 * h), metric }
}

/** Functions that vanish nowhere in particular, and the same times what vanishes on the boundary. */
const wave = (coordinates: readonly string[], component: number): Expression => expression(coordinates.map((c, i) => `cos(${1.3 + 0.4 * i + 0.3 * component}*${c} + ${0.4 + i})`).join('*'))

const withEnergy = problems.flatMap(({ descriptor: { id } }) => {
  if (id === 'poisson-100d') return []
  const { problem } = analyse({ catalogue: id }, libm)
  return problem && variationalFaults(problem).length === 0 ? [{ id, problem }] : []
})

describe('the exact solution makes the energy stationary', () => {
  it('in every catalogue statement that has one and is bounded below', () => expect(withEnergy.map(e => e.id)).toEqual([
    'poisson-1d', 'poisson-2d', 'poisson-3d', 'poisson-neumann', 'diffusion-variable', 'darcy', 'anisotropic', 'poisson-disk', 'poisson-l-shape', 'poisson-holes', 'poisson-boltzmann', 'biharmonic', 'elasticity', 'three-formulations', 'poisson-5d', 'poisson-10d',
  ]))
  it.each(withEnergy.filter(e => e.problem.exact && !e.problem.cube && e.id !== 'poisson-l-shape'))('$id: in Nitsche’s form for every direction', ({ id, problem }) => {
    const { coordinates } = networkStatement(problem)
    const directions = problem.exact!.map((_, c) => wave(coordinates, c))
    const points = { interior: coordinates.length === 3 ? 4096 : 1600, boundary: 400, initial: 1 }
    const { slope, curvature, metric } = variations(problem, problem.exact!, directions, { dirichlet: 'nitsche', hard: false, points })
    // Against the size of the single terms; the Gaussians of the anisotropic problem are narrow for 40 points across.
    expect(Math.abs(slope)).toBeLessThan((id === 'anisotropic' || id === 'poisson-boltzmann' ? 1e-4 : 1e-8) * Math.max(1, curvature))
    // The metric lies above the second variation, and not far above.
    expect(2 * metric).toBeGreaterThan(curvature * (1 - 1e-6))
    expect(2 * metric).toBeLessThan(1.5 * curvature)
  })
})

describe('conditions on the normal derivative', () => {
  const manufactured = (equation: string, boundary: object[], exact: string, domain: object = { shape: 'box', bounds: [[0, 1], [0, 2]] }) => statement({ domain, unknowns: ['u'], definitions: { ue: exact }, equations: [equation], boundary, exact: { u: 'ue' } })
  it.each<[string, AnalysedProblem]>([
    ['a variable coefficient is a factor of what dn(u) is', manufactured('-div((1 + x*y)*grad(u)) + 2*u = -div((1 + x*y)*grad(ue)) + 2*ue', [{ on: 'all', condition: 'dn(u) = 0' }, { on: 'right', condition: '3*dn(u) = 3*dx(ue)' }, { on: 'left', condition: 'dn(u) + 2*u = -dx(ue) + 2*ue' }, { on: 'top', condition: 'dn(u) = dy(ue)' }, { on: 'bottom', condition: 'dn(u) = -dy(ue)' }], 'exp(x)*sin(y)')],
    ['signs turned round, and different coefficients along the axes', manufactured('3*dxx(u) + dyy(u) - u = 3*dxx(ue) + dyy(ue) - ue', [{ on: ['left', 'right'], condition: 'dn(u) + 5*u = if(x < 0.5, -1, 1)*dx(ue) + 5*ue' }, { on: ['bottom', 'top'], condition: 'dn(u) = if(y < 1, -1, 1)*dy(ue)' }], 'cos(x)*exp(y/2)')],
    ['on a circle', manufactured('-div((1 + x)*grad(u)) = -div((1 + x)*grad(ue))', [{ on: 'all', condition: 'dn(u) + u = 2*(x*dx(ue) + y*dy(ue)) + ue' }], 'exp(x)*cos(y)', { shape: 'disk', center: [0, 0], radius: 0.5 })],
    ['nonlinear reactions', manufactured('-lap(u) + u^3 + sinh(u) = -lap(ue) + ue^3 + sinh(ue)', [{ on: 'all', condition: 'dn(u) = 0' }, { on: 'right', condition: 'dn(u) + u = dx(ue) + ue' }, { on: 'left', condition: 'u = ue' }, { on: 'top', condition: 'dn(u) = dy(ue)' }, { on: 'bottom', condition: 'dn(u) = -dy(ue)' }], 'x + sin(y)')],
  ])('%s', (_, problem) => {
    const coordinates = ['x', 'y']
    const { slope, curvature, metric } = variations(problem, problem.exact!, [wave(coordinates, 0)], { dirichlet: 'nitsche', hard: false })
    expect(Math.abs(slope)).toBeLessThan(1e-9 * Math.max(1, curvature))
    expect(Math.abs(2 * metric / curvature - 1)).toBeLessThan(2e-2)
    // Held values leave the energy alone: no penalty, and directions that vanish there.
    const inner = expression('(x - 0)*cos(x + y)')
    expect(Math.abs(variations(problem, problem.exact!, [problem.pieces.some(p => p.kind === 'dirichlet') ? inner : wave(coordinates, 0)], { dirichlet: 'penalty', hard: true }).slope)).toBeLessThan(1e-9)
  })

  it('data that do not balance have no least energy', () => {
    const problem = manufactured('-lap(u) = 1', [{ on: 'all', condition: 'dn(u) = 0' }], 'x')
    expect(() => variations(problem, [expression('x')], [expression('1')], { dirichlet: 'penalty', hard: false })).toThrow('must balance')
  })
})

it('the value is the integral that it says: ∫½|∇u|² − f u = −π²/4 for sin πx sin πy', () => {
  const { problem } = withEnergy.find(e => e.id === 'poisson-2d')!
  expect(variations(problem, problem.exact!, [expression('0')], { dirichlet: 'penalty', hard: false }).value).toBeCloseTo(-Math.PI * Math.PI / 4, 12)
})

describe('a statement without an energy says why', () => {
  const plane = { domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], boundary: [{ on: 'all', condition: 'u = 0' }] }
  it.each<[string, object, string]>([
    ['advection', { ...plane, equations: ['-lap(u) + dx(u) = 1'] }, 'first derivatives make the operator unsymmetric'],
    ['time', { catalogue: 'heat-1d' }, 'evolves in time'],
    ['waves', { catalogue: 'helmholtz' }, 'indefinite, so its energy is unbounded below'],
    ['a full tensor with dn(u)', { ...plane, equations: ['-dxx(u) - dyy(u) - dxy(u) + u = 1'], boundary: [{ on: 'all', condition: 'dn(u) = 0' }] }, 'not the natural one of the energy'],
    ['unequal diffusion on a circle', { ...plane, domain: { shape: 'disk', center: [0, 0], radius: 1 }, equations: ['-dxx(u) - 2*dyy(u) + u = 1'], boundary: [{ on: 'all', condition: 'dn(u) = 0' }] }, 'not the natural one of the energy'],
    ['an eigenproblem', { catalogue: 'eigenvalues-square' }, 'stationary for a quotient'],
  ])('%s', (_, given, reason) => expect(variationalFaults(statement(given)).map(f => f.message).join()).toContain(reason))
})

it('leaves negative curvature out of a metric', () => {
  expect(choleskyColumns([[4, 2], [2, 1]])).toEqual([[2, 1], [0, 0]])
  expect(choleskyColumns([[1, 0], [0, -3]])).toEqual([[1, 0], [0, 0]])
  const [first, second] = choleskyColumns([[4, 2], [2, 5]])
  expect([first, second]).toEqual([[2, 1], [0, 2]])
})

