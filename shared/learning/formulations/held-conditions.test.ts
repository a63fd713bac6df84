import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { evaluate } from '../../expressions'
import { analyse } from '../../problems/analyse'
import type { AnalysedProblem } from '../../problems/analysed'
import { compile } from '../compile'
import { evaluateGraph } from '../graph/evaluate'
import { createNetwork, distanceInPolygon, type Parameters } from '../networks'
import { createRandom } from '../random'
import { atTime, boundaryPoints, interiorPoints, membership, sampledDomain } from '../sampling'
import { derivativeSpace, valueSpace } from '../taylor'
import { networkStatement } from './formulation'
import { holdConditions, type HeldConditions } from './held-conditions'
import { piecesOn } from './held-parts'

const libm = loadLibm(readKernels())
const box = (...bounds: number[][]) => ({ shape: 'box', bounds })
const statement = (given: object): AnalysedProblem => {
  const { problem, faults } = analyse(given as never, libm)
  if (!problem) throw new Error(JSON.stringify(faults))
  return problem
}
const catalogue = (id: string): AnalysedProblem => statement({ catalogue: id })
const poisson = (domain: object, boundary: object[]) => statement({ domain, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary })

async function wrapped(problem: AnalysedProblem, held: HeldConditions) {
  const { coordinates, outputs } = networkStatement(problem)
  const network = held.wrap(await createNetwork('mlp', { width: 6, depth: 1, activation: 'tanh' }, { inputs: coordinates.length, outputs: outputs.length }))
  const parameters = network.initialise(createRandom(4, libm, 'held'))
  // Far from zero, so that nothing vanishes by itself.
  const moved: Parameters = Object.fromEntries(Object.entries(parameters).map(([name, { shape, values }]) => [name, { shape, values: Float64Array.from(values as Float64Array, (v, i) => v + 0.3 + 0.1 * (i % 5)) }]))
  return (points: Float64Array, orders?: readonly number[]): Float64Array => {
    const count = points.length / coordinates.length
    const shapes = Object.fromEntries(Object.entries(moved).map(([name, { shape }]) => [name, shape]))
    const program = compile((_, given) => {
      const space = orders ? derivativeSpace(coordinates.length, [orders]) : valueSpace(coordinates.length)
      return { outputs: { u: space.derivative(network.propagate(given, space.seed(given.x)), orders ?? coordinates.map(() => 0)) } }
    }, { precision: 'float64', inputs: { ...shapes, x: [count, coordinates.length] }, libm })
    return Float64Array.from(evaluateGraph(program.graph, { x: points, ...Object.fromEntries(Object.entries(moved).map(([name, { values }]) => [name, values as Float64Array])) }, libm).outputs.u)
  }
}

const square = box([0, 1], [0, 1])
const sides = [{ on: ['left', 'right'], condition: 'u = y*(1 - y)' }, { on: ['bottom', 'top'], condition: 'u = sin(pi*x)' }]
const cases: readonly [string, () => AnalysedProblem][] = [
  ...['poisson-1d', 'poisson-2d', 'poisson-3d', 'poisson-disk', 'poisson-holes', 'poisson-l-shape', 'diffusion-variable', 'elasticity', 'poisson-5d', 'heat-1d', 'heat-2d', 'wave-1d', 'burgers-1d', 'allen-cahn-1d', 'kdv'].map(id => [id, () => catalogue(id)] as [string, () => AnalysedProblem]),
  ['four sides with values of their own', () => poisson(square, sides)],
  ['a side that an inequality names', () => poisson(square, [{ on: 'all', condition: 'dn(u) = 0' }, { on: 'x < 1e-6', condition: 'u = exp(y)' }])],
  ['one side, the others free', () => poisson(square, [{ on: 'all', condition: 'dn(u) = 0' }, { on: 'left', condition: 'u = exp(y)' }])],
  ['a disk with a triangle out', () => poisson({ shape: 'disk', center: [0, 0], radius: 1, holes: [{ polygon: { points: [[0.1, -0.4], [0.5, -0.3], [0.2, 0.3]] } }] }, [{ on: 'all', condition: 'u = 1 + x' }, { on: 'holes', condition: 'u = y' }])],
  ['a ball', () => poisson({ shape: 'ball', center: [0, 0, 0], radius: 2 }, [{ on: 'all', condition: 'u = x*y + z' }])],
  ['a pentagon with two pockets', () => poisson({ shape: 'polygon', points: [[0, 0], [0.5, 0.3], [1, 0], [1, 1], [0.6, 0.7], [0.4, 0.7], [0.3, 0.9], [0, 1]] }, [{ on: 'all', condition: 'u = x - y' }])],
  ['a wave with moving ends', () => statement({ domain: box([0, 1]), time: [0, 1], unknowns: ['u'], equations: ['dtt(u) = dxx(u)'], boundary: [{ on: 'left', condition: 'u = sin(t)' }, { on: 'right', condition: 'u = 1 + t' }], initial: { u: 'x', 'dt(u)': '1' } })],
]

describe('a network that holds conditions has their values to rounding, whatever its parameters are', () => {
  it.each(cases)('%s', async (_, make) => {
    const problem = make()
    const { held, faults } = holdConditions(problem, libm)
    expect(faults).toEqual([])
    const evaluated = await wrapped(problem, held)
    const { coordinates, outputs } = networkStatement(problem)
    const domain = sampledDomain(problem)
    const options = { sequence: 'sobol' as const, stream: createRandom(2, libm, 'points'), libm }
    const edge = boundaryPoints(domain, 60, { ...options, ...(problem.time ? { time: problem.time } : {}) })
    const values = edge.count > 0 ? evaluated(edge.points) : new Float64Array(0)
    let looked = 0
    for (let k = 0; k < edge.count; k++) {
      const at = Object.fromEntries(coordinates.map((c, i) => [c, edge.points[k * coordinates.length + i]]))
      outputs.forEach((component, o) => {
        const own = piecesOn(problem, component, edge.parts[edge.partOf[k]], libm)[0] as { piece: number } | undefined
        if (!own || problem.pieces[own.piece].kind !== 'dirichlet') return
        const { data, value } = problem.pieces[own.piece]
        const expected = evaluate(data, { t: 0, ...at }, libm) / evaluate(value, { t: 0, ...at }, libm)
        expect(Math.abs(values[k * outputs.length + o] - expected)).toBeLessThan(problem.time ? 2e-11 : 3e-13)
        looked++
      })
    }
    expect(looked > 0).toBe(problem.pieces.some(p => p.kind === 'dirichlet'))
    const inside = interiorPoints(domain, 40, options)
    expect(evaluated(problem.time ? atTime(inside, 0.5 * (problem.time[0] + problem.time[1])).points : inside.points).every(Number.isFinite)).toBe(true)
    if (!problem.time) return
    const start = atTime(inside, problem.time[0])
    for (const [rate, when] of [[false, evaluated(start.points)], ...(problem.system.components.some(c => c.part === 't') ? [[true, evaluated(start.points, coordinates.map(c => (c === 't' ? 1 : 0)))] as const] : [])] as const) {
      outputs.forEach((component, o) => {
        const name = problem.system.components[component].name
        const own = rate ? problem.system.components.findIndex(c => c.name === `${name}__t`) : component
        const given = own < 0 ? undefined : problem.system.initial[own]
        if (!given) return
        for (let k = 0; k < start.count; k++) {
          const at = Object.fromEntries(coordinates.map((c, i) => [c, start.points[k * coordinates.length + i]]))
          expect(Math.abs(when[k * outputs.length + o] - evaluate(given, at, libm))).toBeLessThan(1e-12)
        }
      })
    }
  })

  it('slopes too in equations of fourth order', async () => {
    const problem = catalogue('biharmonic')
    const { held, faults } = holdConditions(problem, libm)
    expect(faults).toEqual([])
    expect(held.pieces.size).toBe(problem.pieces.length)
    const evaluated = await wrapped(problem, held)
    const edge = boundaryPoints(sampledDomain(problem), 30, { sequence: 'sobol', stream: createRandom(2, libm, 'points'), libm })
    for (const slope of [[0, 0], [1, 0], [0, 1]]) evaluated(edge.points, slope).forEach(v => expect(Math.abs(v)).toBeLessThan(1e-13))
  })

  it('a polygon’s function is positive inside, negative outside, and rises with slope 1 from its edges', () => {
    const points = [[0, 0], [0.5, 0.3], [1, 0], [1, 1], [0.6, 0.7], [0.5, 0.8], [0.4, 0.7], [0.3, 0.9], [0, 1], [0, 0.5]]
    const inside = membership({ coordinates: ['x', 'y'], lower: [0, 0], upper: [1, 1], periodic: [false, false], geometry: { outer: { kind: 'polygon', points: points as never }, holes: [] } }, libm)
    const at = Float64Array.from(createRandom(1, libm, 'square').uniform(800))
    const program = compile((_, given) => ({ outputs: { value: distanceInPolygon(points)(valueSpace(2).seed(given.x)).value } }), { precision: 'float64', inputs: { x: [400, 2] }, libm })
    const { value } = evaluateGraph(program.graph, { x: at }, libm).outputs
    for (let k = 0; k < 400; k++) expect(value[k] > 0).toBe(inside(at.subarray(2 * k, 2 * k + 2)))
    const near = compile((_, given) => ({ outputs: { value: distanceInPolygon(points)(valueSpace(2).seed(given.x)).value } }), { precision: 'float64', inputs: { x: [1, 2] }, libm })
    expect(evaluateGraph(near.graph, { x: Float64Array.of(1e-6, 0.3) }, libm).outputs.value[0] / 1e-6).toBeCloseTo(1, 4)
  })
})

describe('what cannot be held is said', () => {
  it.each<[string, AnalysedProblem]>([
    ['conditions-where', poisson(square, [{ on: 'all', condition: 'dn(u) = 0' }, { on: 'y < 0.5', condition: 'u = 0' }])],
    ['conditions-cut', poisson({ shape: 'mask', bounds: [[0, 1], [0, 1]], where: 'x + y < 1.5' }, [{ on: 'all', condition: 'u = 0' }])],
    ['conditions-edges', poisson({ shape: 'l-shape', bounds: [[0, 1], [0, 1]] }, [{ on: 'all', condition: 'dn(u) = 0' }, { on: 'left', condition: 'u = 0' }])],
    ['conditions-meet', poisson(square, [{ on: ['left', 'right'], condition: 'u = 0' }, { on: ['bottom', 'top'], condition: 'u = 1' }])],
    ['conditions-dimensions', catalogue('poisson-100d')],
    ['conditions-start', statement({ domain: box([0, 1]), time: [0, 1], unknowns: ['u'], equations: ['dt(u) = dxx(u)'], boundary: [{ on: 'all', condition: 'u = 0' }], initial: { u: '1' } })],
  ])('%s', (code, problem) => expect([...new Set(holdConditions(problem, libm).faults.map(f => f.code))]).toEqual([code]))

  it('values that agree where sides meet are no contradiction', () => {
    expect(holdConditions(poisson(square, [{ on: ['left', 'right'], condition: 'u = x*y' }, { on: ['bottom', 'top'], condition: 'u = y*x^2' }]), libm).faults).toEqual([])
  })
})
