import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { differentiate, evaluate, simplify } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import { analyse } from '../../problems/analyse'
import type { AnalysedProblem } from '../../problems/analysed'
import { problems } from '../../problems/catalogue'
import { compile } from '../compile'
import { evaluateGraph } from '../graph/evaluate'
import { createRandom } from '../random'
import { atTime, boundaryPoints, interiorPoints, sampledDomain, type PointSet } from '../sampling'
import { constant } from '../tf'
import { activePieces, strongFormulation, type ResidualTerm } from './strong'
import { strongFaults } from './strong-faults'

const libm = loadLibm(readKernels())
const count = 12

/** The residual of the exact solution, whose derivatives are taken symbolically. */
function residualOfExact(problem: AnalysedProblem, term: ResidualTerm, set: PointSet, coordinates: readonly string[], outputs: readonly number[], normals?: Float64Array): Float64Array {
  const exact = problem.exact!
  const at = (e: Expression) => Float64Array.from({ length: set.count }, (_, k) => evaluate(e, Object.fromEntries(coordinates.map((name, i) => [name, set.points[k * set.dimension + i]])), libm))
  const columns = (values: Float64Array) => constant(values, [set.count, 1])
  const program = compile(() => ({
    outputs: {
      residual: term.residual({
        coordinate: name => columns(Float64Array.from({ length: set.count }, (_, k) => set.points[k * set.dimension + coordinates.indexOf(name)])),
        derivative: (output, orders) => columns(at(simplify(orders.reduce((e, n, axis) => Array.from({ length: n }).reduce<Expression>(d => differentiate(d, coordinates[axis]), e), exact[outputs[output]])))),
        normal: axis => columns(Float64Array.from({ length: set.count }, (_, k) => normals![k * (normals!.length / set.count) + axis])),
      }),
    },
  }), { precision: 'float64', libm })
  return evaluateGraph(program.graph, {}, libm).outputs.residual as Float64Array
}

const solved = problems.flatMap(entry => {
  const { problem } = analyse({ catalogue: entry.descriptor.id }, libm)
  return problem?.exact && strongFaults(problem).length === 0 && !(problem.cube && problem.cube.dimension > 10) ? [[entry.descriptor.id, problem] as const] : []
})

describe('the exact solution has no strong residual', () => {
  it('in most of the catalogue', () => expect(solved.length).toBeGreaterThan(25))
  it.each(solved)('%s', (_, problem) => {
    const { terms, coordinates, outputs } = strongFormulation(problem)
    const domain = sampledDomain(problem)
    const options = { sequence: 'sobol' as const, stream: createRandom(7, libm, 'strong'), libm, ...(problem.time ? { time: problem.time } : {}) }
    const inside = interiorPoints(domain, count, options)
    const sides = boundaryPoints(domain, problem.cube ? 40 : 3 * count, options)
    const { time: _time, ...still } = options
    const start = problem.time ? atTime(interiorPoints(domain, count, still), problem.time[0]) : undefined
    const active = activePieces(problem, sides, libm)
    for (const term of terms) {
      const set = term.kind === 'equation' ? inside : term.kind === 'boundary' ? sides : start!
      if (set.count === 0) continue
      const residual = residualOfExact(problem, term, set, coordinates, outputs, term.kind === 'boundary' ? sides.normals : undefined)
      residual.forEach((r, k) => {
        if (term.piece !== undefined && active[term.piece * sides.count + k] === 0) return
        expect(Math.abs(r), `${term.name} at point ${k}`).toBeLessThan(1e-7)
      })
    }
  })
})
