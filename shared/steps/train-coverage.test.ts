import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import type { Run } from '../kernels/team'
import { createSerialTeam } from '../kernels/serial-team'
import { analyse } from '../problems/analyse'
import { problems } from '../problems/catalogue'
import type { StepContext } from './step-kind'
import { train } from './train'

const kernels = readKernels()
const libm = loadLibm(kernels)
const quiet: Run = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }
const learning = createLearningRuntime({ threads: 1 })
const team = createSerialTeam({ kernels })

/** Problems whose strong form ends every attempt: the check says so beforehand. */
const refused = { 'formulation-eigen': 'eigenvalue', 'formulation-traction': 'traction' }

describe('every statement of the catalogue', () => {
  // A hundred dimensions are trained by a bench: their graph alone takes seconds to build.
  it.each(problems.map(p => p.descriptor.id).filter(id => !id.endsWith('-100d')))('%s trains, or says why not', async id => {
    const { problem } = analyse({ catalogue: id }, libm)
    if (!problem) throw new Error(`${id} is not understood`)
    const step = {
      id: 'net', kind: 'train', network: { kind: 'mlp', width: 4, depth: 1 }, optimizer: { kind: 'adam', rate: 1e-4, schedule: 'constant' }, points: { interior: 16, boundary: 12, initial: 8 }, budget: { steps: 3 },
      // Their own tests look at them; here they would take most of the time.
      diagnostics: [],
      ...(problem.cube ? {} : { resolution: problem.axes.map(() => 5) }), ...(problem.time ? { times: 2 } : {}),
    }
    const faults = train.check(step, {} as never, problem, libm)
    if (problem.eigenvalue || problem.pieces.some(p => p.traction)) return expect(Object.keys(refused)).toContain(faults[0]?.code)
    expect(faults).toEqual([])
    const output = await (await train.load()).run({ step, problem, run: quiet, libm, seed: 3, team, learning, now: (() => { let t = 0; return () => t++ })() } as unknown as StepContext)
    expect(output.faults).toEqual([])
    expect(output.metrics).toMatchObject({ iterations: 3 })
    for (const [name, value] of Object.entries(output.metrics)) expect(value, name).toSatisfy(Number.isFinite)
    // One field for each unknown, its components beside each other; none where there is no picture.
    expect(output.fields.map(f => f.name)).toEqual(problem.cube ? [] : problem.unknowns.map(u => u.name))
    for (const field of output.fields) expect('grid' in field && field.values.some(Number.isFinite)).toBe(true)
    // Small steps on the same points: the loss goes down at every one.
    const loss = output.arrays.find(a => a.name === 'loss')!.values
    for (let k = 1; k < loss.length; k++) expect(loss[k]).toBeLessThan(loss[k - 1])
  })
})
