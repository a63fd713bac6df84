import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import type { ProblemEntry, StepEnvelope } from '../../experiment/document'
import { createSerialTeam } from '../../kernels/serial-team'
import { compareRunner } from '../../steps/compare-runner'
import { solveRequests } from '../../steps/solve-options'
import { solveAndMeasure } from '../../steps/solve-runner'
import type { StepContext, StepOutput } from '../../steps/step-kind'
import { quietRun } from '../../solvers/time/solving.testing'
import { analyse } from '../analyse'
import type { AnalysedProblem } from '../analysed'
import { agreements, type Agreement, type SolveOptions } from './agreements.testing'
import { knownAnswers } from './known-answers.testing'
import { cataloguePage } from './page.testing'
import { problems } from './index'

const kernels = readKernels()
const libm = loadLibm(kernels)
const measured = new Map<string, number>()

const analysed = (entry: ProblemEntry): AnalysedProblem => {
  const { problem, faults } = analyse(entry, libm)
  expect(faults).toEqual([])
  return problem!
}

async function solve(problem: AnalysedProblem, options: SolveOptions, time: number | undefined): Promise<StepOutput> {
  const step = { id: 's', kind: 'solve', ...options, ...(problem.time ? { times: [time ?? problem.time[1]] } : {}) } as unknown as StepEnvelope
  const [{ method, request }] = solveRequests(step, problem, libm)
  return solveAndMeasure(method, request, createSerialTeam({ kernels }), quietRun())
}

async function distance({ problem: id, a, b, time, eigenvalues, restated, field }: Agreement): Promise<number> {
  const problem = analysed({ catalogue: id })
  const results = { a: await solve(restated ? analysed(restated.statement) : problem, a, time), b: await solve(problem, b, time) }
  for (const result of Object.values(results)) expect(result.converged).toBe(true)
  if (eigenvalues !== undefined) {
    const [ours, theirs] = [results.a, results.b].map(result => result.arrays.find(({ name }) => name === 'eigenvalues')!.values)
    return Math.max(...Array.from({ length: eigenvalues }, (_, i) => Math.abs(ours[i] - theirs[i]) / Math.abs(theirs[i])))
  }
  const step = { id: 'difference', kind: 'compare', a: 'a', b: 'b', ...(field ? { field } : {}) }
  const { metrics } = await compareRunner.run({ step, run: quietRun(), libm, team: createSerialTeam({ kernels }), input: (name: 'a' | 'b') => results[name] } as unknown as StepContext)
  return metrics.relative_l2
}

describe('two methods that share no code agree on', () => {
  it.each(agreements.map(agreement => [agreement.problem, agreement] as const))('%s', async (id, agreement) => {
    const apart = await distance(agreement)
    measured.set(id, apart)
    expect(apart).toBeLessThan(agreement.within)
    // Equal to the last digit would mean that one code stands behind both.
    expect(apart).toBeGreaterThan(1e-14)
  })
})

const place = join(import.meta.dirname, '../../../docs/catalogue.md')
const distanceColumn = /\| (\d\.\de[+-]\d+) \|$/gm

describe('the method agrees with a known answer on', () => {
  it.each(knownAnswers.map(answer => [answer.problem, answer] as const))('%s', async (id, { options, time, within, distance }) => {
    const result = await solve(analysed({ catalogue: id }), options, time)
    expect(result.converged).toBe(true)
    const apart = distance(result)
    measured.set(id, apart)
    expect(apart).toBeLessThan(within)
    expect(apart).toBeGreaterThan(1e-14)
  })
})

describe('every problem that a grid reaches', () => {
  it('is solved by two methods, or held against a known answer', () => {
    const held = [...agreements, ...knownAnswers].map(({ problem }) => problem)
    expect(problems.filter(({ defaults }) => defaults).map(({ descriptor }) => descriptor.id).sort()).toEqual([...held].sort())
  })
})

describe('docs/catalogue.md', () => {
  it('lists the catalogue and what was measured (written anew by vitest --update)', async () => {
    expect(measured.size).toBe(agreements.length + knownAnswers.length)
    const page = cataloguePage(problems, agreements, knownAnswers, measured)
    const kept = existsSync(place) ? readFileSync(place, 'utf8') : ''
    // A solver that changes in its third digit is no reason to write the page again; one that changes by half is.
    const numbers = (text: string): number[] => [...text.matchAll(distanceColumn)].map(found => Number(found[1]))
    const written = numbers(kept)
    const same = numbers(page).every((value, i) => value < 2 * written[i] && written[i] < 2 * value) && page.replaceAll(distanceColumn, '') === kept.replaceAll(distanceColumn, '')
    await expect(same ? kept : page).toMatchFileSnapshot(place)
  })
})
