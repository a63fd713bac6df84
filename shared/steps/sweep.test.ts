import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import type { ExperimentDocument, StepEnvelope } from '../experiment/document'
import { error, FaultError } from '../fault'
import { createSerialTeam } from '../kernels/serial-team'
import { Cancelled, type Checkpoint, type Run } from '../kernels/team'
import { analyse } from '../problems/analyse'
import { stepKeyMaterial } from './key'
import { stepKind } from './registry'
import type { StepContext, StepKind, StepOutput } from './step-kind'
import { sweepOf } from './sweep'
import { planSweep } from './sweep-plan'
import { validateDocument } from './validate'

const kernels = readKernels()
const libm = loadLibm(kernels)
const quiet: Run = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }

/** x ← x/2 + seed so often; all of it stands in the result. Steps of length 13 fail. */
const halve: StepKind = {
  descriptor: { id: 'halve', name: 'Halve', summary: 'Halves.' }, inputs: () => [], files: () => [],
  check: step => (typeof step.length === 'number' && step.length < 0 ? [error('negative', 'The length is negative.', { where: { path: 'length' } })] : []),
  load: async () => ({
    run({ step, seed, run }) {
      const { length = 4, factor = 0.5 } = step as { length?: number; factor?: number }
      if (length === 13) throw new FaultError(error('unlucky', 'Thirteen is refused.'))
      const loss: number[] = [...(run.resumed?.arrays.loss ?? [])]
      while (loss.length < length) {
        try {
          run.throwIfCancelled()
        } catch (reason) {
          run.checkpoint(() => ({ scalars: { length: loss.length }, arrays: { loss: Float64Array.from(loss) } }), true)
          throw reason
        }
        loss.push((loss.at(-1) ?? 1 + seed) * factor)
      }
      return { fields: [], arrays: [{ name: 'loss', values: Float64Array.from(loss) }], metrics: { loss: loss.at(-1)!, iterations: length }, converged: true, faults: [] }
    },
  }),
}
const kind = sweepOf([halve])
const documentOf = (...steps: StepEnvelope[]): ExperimentDocument => ({ format: 'residuum/1', title: 't', seed: 7, steps })
const context = (document: ExperimentDocument, run: Partial<Run>): StepContext => ({ document, step: document.steps.at(-1)!, run: { ...quiet, ...run }, libm, seed: document.seed, team: createSerialTeam({ kernels }), learning: createLearningRuntime({ threads: 1 }), now: () => 0 } as unknown as StepContext)
const swept = async (document: ExperimentDocument, run: Partial<Run> = {}): Promise<StepOutput> => {
  const faults = kind.check(document.steps.at(-1)!, document, undefined, libm)
  if (faults.length > 0) throw new Error(faults.map(f => `${f.where?.path}: ${f.message}`).join('\n'))
  return (await kind.load()).run(context(document, run))
}
const array = (output: StepOutput, name: string) => output.arrays.find(a => a.name === name)!
const list = (output: StepOutput, name: string): number[] => [...array(output, name).values]

describe('the table of a sweep', () => {
  const document = documentOf({ id: 'a', kind: 'halve' }, { id: 'b', kind: 'halve', factor: 0.25 }, { id: 's', kind: 'sweep', of: ['a', 'b'], over: { 'a.length': [2, 3], 'a.how': ['fast', 'slow'] }, seeds: 2 })

  it('has a row for every combination and seed of every step', async () => {
    const output = await swept(document)
    expect(array(output, 'group').labels).toEqual(['a, length 2, how fast', 'a, length 2, how slow', 'a, length 3, how fast', 'a, length 3, how slow', 'b'])
    expect(list(output, 'group')).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    expect(list(output, 'seed')).toEqual([7, 8, 7, 8, 7, 8, 7, 8, 7, 8])
    expect(list(output, 'length')).toEqual([2, 2, 2, 2, 3, 3, 3, 3, NaN, NaN])
    expect([array(output, 'how').labels, list(output, 'how')]).toEqual([['fast', 'slow'], [0, 0, 1, 1, 0, 0, 1, 1, NaN, NaN]])
    expect([array(output, 'swept').title, list(output, 'swept')]).toEqual(['length', list(output, 'length')])
    expect(array(output, 'series').labels).toEqual(['a, how fast', 'a, how slow', 'b'])
    expect(list(output, 'loss')).toEqual([2, 2.25, 2, 2.25, 1, 1.125, 1, 1.125, 8 / 256, 9 / 256])
    expect(array(output, 'loss_curves')).toMatchObject({ shape: [10, 4] })
    expect([...array(output, 'loss_curves').values.subarray(0, 8)]).toEqual([4, 2, NaN, NaN, 4.5, 2.25, NaN, NaN])
    expect(list(output, 'loss_steps')).toEqual([1, 2, 3, 4])
    expect(output.metrics).toMatchObject({ runs: 10, failed: 0, loss_median_b: 17 / 512, loss_least_b: 8 / 256, loss_greatest_a_length_2_how_fast: 2.25 })
  })

  it('keeps few points of long curves, at the same steps for all', async () => {
    const output = await swept(documentOf({ id: 'a', kind: 'halve', factor: 0.999 }, { id: 's', kind: 'sweep', over: { 'a.length': [500, 5000] } }))
    const [steps, curves] = [array(output, 'loss_steps').values, array(output, 'loss_curves').values]
    expect(steps.length).toBeLessThan(120)
    expect([...steps.subarray(0, 5), steps.at(-1)! > 4500]).toEqual([1, 2, 3, 4, 5, true])
    const at = steps.findIndex(step => step > 400)
    expect([curves[at], curves[steps.length + at]]).toEqual([curves[steps.length + at], curves[at]])
    expect(curves[steps.length - 1]).toBeNaN()
  })

  it('goes on after a run that fails, and fails where all do', async () => {
    const output = await swept(documentOf({ id: 'a', kind: 'halve' }, { id: 's', kind: 'sweep', over: { 'a.length': [2, 13, 3] } }))
    expect(output).toMatchObject({ converged: false, metrics: { runs: 3, failed: 1 }, faults: [{ severity: 'warning', message: 'length 13 failed: Thirteen is refused.' }] })
    expect(list(output, 'loss')).toEqual([2, NaN, 1])
    await expect(swept(documentOf({ id: 'a', kind: 'halve', length: 13 }, { id: 's', kind: 'sweep', of: 'a', seeds: 3 }))).rejects.toThrow('All 3 runs failed')
  })

  it.each([1, 2, 9, 14, 27])('stopped at look %i it goes on to the same numbers, in the middle of a run', async last => {
    const whole = await swept(document)
    let [looked, kept]: [number, Checkpoint | undefined] = [0, undefined]
    const stopping: Partial<Run> = { throwIfCancelled: () => { if (++looked >= last) throw new Cancelled() }, checkpoint: (make, force) => { if (force) kept = make() } }
    const first = swept(document, stopping)
    if (last <= 3) await expect(first).rejects.toThrow(Cancelled)
    else {
      const output = await first
      const done = Number(kept!.scalars.rows)
      expect(output).toMatchObject({ stopped: true, converged: false, metrics: { runs: done }, faults: [{ code: 'stopped', message: `Stopped after ${done} of 10 runs: the table holds those.` }] })
      expect(list(output, 'loss')).toEqual(list(whole, 'loss').slice(0, done))
    }
    const resumed = await swept(document, { resumed: kept })
    const sorted = (output: StepOutput) => [...output.arrays].sort((a, b) => (a.name < b.name ? -1 : 1))
    expect(sorted(resumed)).toEqual(sorted(whole))
    expect([resumed.metrics, resumed.faults]).toEqual([whole.metrics, whole.faults])
  })
})

describe('what a sweep refuses', () => {
  const a: StepEnvelope = { id: 'a', kind: 'halve' }
  it.each([
    [{}, 'of: The sweep names no step to run.'],
    [{ of: 'b' }, 'of: There is no other step "b". The steps are a.'],
    [{ of: 's', seeds: 2 }, '"s" is a sweep itself, or this one.'],
    [{ of: 'a' }, 'The sweep has a single run.'],
    [{ of: 'a', seeds: [3, 3] }, 'A seed is listed twice.'],
    [{ over: { 'a.length': [] } }, 'over'],
    [{ over: { a: [1, 2] } }, 'over.a: "a" names no option. Write step and option, for example "a.resolution".'],
    [{ over: { 'a.kind': ['solve', 'train'] } }, '"a.kind" names no option.'],
    [{ over: { 'a.__proto__.x': [1, 2] } }, '"a.__proto__.x" names no option.'],
    [{ over: { 'problem.domain.shape': ['disk'], 'a.length': [1, 2] } }, '"problem.domain.shape" is no parameter of the problem.'],
    [{ of: 'a', over: { 'b.length': [1, 2] } }, '"b.length" belongs to "b", which the sweep does not run.'],
    [{ over: { 'a.length': Array.from({ length: 60 }, (_, i) => i) }, seeds: 10 }, 'The sweep has 600 runs; 512 are possible.'],
    [{ over: { 'a.length': [1, 2, -1] } }, 'over.a.length[2]: The length is negative.'],
    [{ of: 'a', sedes: 5 }, 'Unknown key "sedes".'],
  ])('%j', (options, message) => {
    const document = documentOf(a, { id: 's', kind: 'sweep', ...options } as StepEnvelope)
    expect(kind.check(document.steps[1], document, undefined, libm).map(fault => `${fault.where?.path}: ${fault.message} ${fault.tip ?? ''}`).join('\n')).toContain(message)
  })

  it.each([
    ['problem.parameters.kk', [1, 2], 'over.problem.parameters.kk: The problem has no parameter "kk". Did you mean "k"?'],
    ['problem.parameters.k', [1, null], 'over.problem.parameters.k[1]: null is no value of a parameter. Give a number'],
    ['problem.parameters.k', [[1], 2], 'over.problem.parameters.k[0]: [1] is no value of a parameter.'],
    ['a.length', [-1, -2, -3, 4], 'over.a.length[0]: The length is negative.'],
  ])('%s over %j, in one sentence', (key, values, message) => {
    const document: ExperimentDocument = { ...documentOf(a, { id: 's', kind: 'sweep', of: 'a', over: { [key]: values } } as StepEnvelope), problem: { catalogue: 'poisson-1d' } }
    const told = kind.check(document.steps[1], document, undefined, libm).map(fault => `${fault.where?.path}: ${fault.message} ${fault.tip ?? ''}`)
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(message)
  })

  it('seeds beyond what counts exactly', () => {
    const document = { ...documentOf(a, { id: 's', kind: 'sweep', of: 'a', seeds: 3 }), seed: Number.MAX_SAFE_INTEGER - 1 }
    expect(kind.check(document.steps[1], document, undefined, libm).map(fault => fault.code)).toEqual(['seed-range'])
  })

  it('counts before it lists', () => {
    const over = Object.fromEntries(Array.from({ length: 12 }, (_, k) => [`a.o${k}`, Array.from({ length: 100 }, (_, i) => i)]))
    const document = documentOf(a, { id: 's', kind: 'sweep', over })
    expect(kind.check(document.steps[1], document, undefined, libm)[0].code).toBe('too-many-runs')
  })
})

describe('a sweep over trainings', () => {
  const net = (id: string, optimizer: string): StepEnvelope => ({ id, kind: 'train', diagnostics: [], network: { kind: 'mlp', width: 6, depth: 1 }, optimizer: { kind: optimizer }, points: { interior: 20, boundary: 2 }, budget: { steps: 6 }, resolution: [9] })
  const document: ExperimentDocument = { ...documentOf(net('adam', 'adam'), net('gn', 'gauss-newton'), { id: 's', kind: 'sweep', of: ['adam', 'gn'], over: { 'gn.network.width': [8], 'problem.parameters.k': [1, 2] }, seeds: [8] }), problem: { catalogue: 'poisson-1d' } }

  it('gives what the steps themselves give', async () => {
    const { faults, analysis } = validateDocument(document, libm)
    expect(faults).toEqual([])
    const { problem } = analysis!
    const at = (d: ExperimentDocument, step: StepEnvelope, seed: number, p = problem) => ({ ...context(d, {}), step, seed, problem: p }) as StepContext
    const output = await (await stepKind('sweep')!.load()).run(at(document, document.steps[2], 7))
    expect(output.metrics.runs).toBe(4)
    const { runs, groups } = planSweep(document.steps[2], document)
    expect(groups).toEqual(['adam, k 1', 'adam, k 2', 'gn, width 8, k 1', 'gn, width 8, k 2'])
    const row = runs.findIndex(run => run.target.id === 'gn' && run.seed === 8 && groups[run.group] === 'gn, width 8, k 2')
    const alone = { ...document.steps[1], network: { kind: 'mlp', width: 8, depth: 1 } }
    const single = await (await stepKind('train')!.load()).run(at(document, alone, 8, analyse({ catalogue: 'poisson-1d', parameters: { k: 2 } }, libm).problem))
    for (const metric of ['loss', 'relative_l2', 'parameters']) expect(list(output, metric)[row]).toBe(single.metrics[metric])
    const points = array(output, 'relative_l2_steps').values.length
    const own = single.arrays.find(({ name }) => name === 'relative_l2_curve')!.values
    expect([...array(output, 'relative_l2_curves').values.subarray(row * points, row * points + own.length)]).toEqual([...own])
  })

  it('depends on the options of the steps that it runs, and reads what they read', () => {
    const material = (change: object) => JSON.stringify(stepKeyMaterial({ ...document, steps: [{ ...document.steps[0], ...change }, ...document.steps.slice(1)] }, document.steps[2], {}, {}))
    expect(material({ budget: { steps: 7 } })).not.toBe(material({}))
    const chained = { ...document, steps: [document.steps[0], { ...document.steps[1], start: 'adam' }, document.steps[2]] }
    expect(stepKind('sweep')!.inputs(document.steps[2], chained)).toEqual(['adam'])
    const startsVaried = { ...document.steps[2], of: ['gn'], over: { 'gn.start': ['adam', 'third'] } }
    expect(stepKind('sweep')!.inputs(startsVaried, document)).toEqual(['adam', 'third'])
    expect(validateDocument({ ...document, steps: [document.steps[0], document.steps[1], { ...startsVaried, over: { 'gn.start': ['adam'], 'gn.reference': ['s', 'adam'] } }] }, libm).faults.map(fault => fault.code)).toContain('step-cycle')
    const itself = { ...document, steps: [{ ...document.steps[0], start: 'gn' }, { ...document.steps[1], start: 'adam' }, document.steps[2]] }
    expect(validateDocument(itself, libm).faults.map(fault => fault.code)).toContain('step-cycle')
  })
})
