import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { evaluate } from '../../expressions'
import { checkSolve } from '../../steps/solve-options'
import { analyse } from '../analyse'
import { problems } from './index'
import { problemClasses } from './problem'

const libm = loadLibm(readKernels())
const analyses = new Map(problems.map(({ descriptor: { id } }) => [id, analyse({ catalogue: id }, libm)]))
const named = problems.map(problem => [problem.descriptor.id, problem] as const)

describe('the catalogue', () => {
  it('has more than sixty problems with different ids, grouped by class in one stretch each', () => {
    const ids = problems.map(({ descriptor }) => descriptor.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThanOrEqual(60)
    const order = problems.map(({ descriptor }) => problemClasses.find(name => descriptor.supports?.includes(name)))
    const stretches = order.filter((name, i) => name !== order[i - 1])
    expect(new Set(stretches).size).toBe(stretches.length)
    expect([...stretches].sort()).toEqual([...problemClasses].sort())
  })
  it.each(named)('%s is described: one class, a sentence, an equation, a source', (_, { descriptor }) => {
    expect(problemClasses.filter(name => descriptor.supports?.includes(name))).toHaveLength(1)
    expect(descriptor.summary).toMatch(/^[A-ZÀ-Ž½].{40,320}[.!?…]$/u)
    expect(descriptor.equation).toBeTruthy()
    expect(descriptor.reference!.text.length).toBeGreaterThan(20)
    if (descriptor.reference!.doi) expect(descriptor.reference!.doi).toMatch(/^10\.\d{4,9}\/\S+$/)
  })
  it.each(named)('%s is well stated, and its exact solution solves it and meets its data', (id, { descriptor, statement }) => {
    const { faults, problem } = analyses.get(id)!
    expect(faults).toEqual([])
    expect(problem!.exact !== undefined).toBe(statement.exact !== undefined)
    expect(descriptor.supports!.includes('exact')).toBe(statement.exact !== undefined)
  })
  it.each(named.filter(([, { defaults }]) => defaults))('%s: the suggested solve step fits', (id, { defaults }) => {
    const { problem } = analyses.get(id)!
    expect(checkSolve({ id: 'solve', kind: 'solve', ...defaults }, problem, libm).filter(fault => fault.severity === 'error')).toEqual([])
  })
  it.each(named.filter(([, { defaults }]) => !defaults))('%s: every classical method refuses, in a sentence', (id, _) => {
    const { problem } = analyses.get(id)!
    for (const method of ['auto', 'finite-difference', 'finite-element', 'spectral']) {
      const faults = checkSolve({ id: 'solve', kind: 'solve', method }, problem, libm)
      expect(faults.length).toBeGreaterThan(0)
      expect(faults[0].message).toMatch(/dimension/)
    }
  })
  it('solves what its numbers promise: the corner function is harmonic and vanishes on both edges of the corner', () => {
    const exact = analyses.get('poisson-l-shape')!.problem!.exact![0]
    for (const r of [0.1, 0.5, 1]) {
      expect(evaluate(exact, { x: r, y: 0 }, libm)).toBeCloseTo(0, 12)
      expect(evaluate(exact, { x: 0, y: -r }, libm)).toBeCloseTo(0, 12)
      expect(evaluate(exact, { x: -r * Math.SQRT1_2, y: r * Math.SQRT1_2 }, libm)).toBeCloseTo(Math.cbrt(r * r), 12)
    }
  })
})
