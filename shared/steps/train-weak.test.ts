import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { createLearningRuntime } from '../../electron/engine/learning/runtime'
import type { Json } from '../json'
import { Cancelled, type Checkpoint, type Run } from '../kernels/team'
import { createSerialTeam } from '../kernels/serial-team'
import { analyse } from '../problems/analyse'
import type { StepContext, StepOutput } from './step-kind'
import { train } from './train'

const kernels = readKernels()
const libm = loadLibm(kernels)
const quiet: Run = { progress: () => undefined, log: () => undefined, frame: () => undefined, series: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined }
const learning = createLearningRuntime({ threads: 1 })

async function trained(problem: Json, options: Record<string, unknown>, run: Partial<Run> = {}): Promise<StepOutput> {
  const { problem: analysed, faults } = analyse(problem as never, libm)
  if (!analysed) throw new Error(JSON.stringify(faults))
  const step = { id: 'net', kind: 'train', formulation: 'weak', diagnostics: [], resolution: analysed.axes.map(() => 9), ...(analysed.time ? { times: 2 } : {}), ...options }
  const wrong = train.check(step, {} as never, analysed, libm)
  if (wrong.length > 0) throw new Error(wrong.map(f => f.message).join(' '))
  const runner = await train.load()
  return runner.run({ step, problem: analysed, run: { ...quiet, ...run }, libm, seed: 5, team: createSerialTeam({ kernels }), learning, now: (() => { let t = 0; return () => t++ })() } as unknown as StepContext)
}

const array = (output: StepOutput, name: string) => output.arrays.find(a => a.name === name)!.values

/** a jumps from 1 to 4 at x = ½, and so does the slope: a u′ = 0.35 − x on both sides. */
const kink = {
  domain: { shape: 'box', bounds: [[0, 1]] }, unknowns: ['u'], definitions: { a: 'if(x < 0.5, 1, 4)' }, equations: ['-div(a*grad(u)) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }],
  exact: { u: 'if(x < 0.5, 0.35*x - x^2/2, (1 - x^2)/8 - 0.0875*(1 - x))' },
}

describe('training on the weak form', () => {
  it('Gauss–Newton on moments solves Poisson’s equation on a square to six digits', async () => {
    const output = await trained({ catalogue: 'poisson-2d' }, { test: { kind: 'elements', functions: 16 }, budget: { steps: 45 } })
    expect(output.metrics.relative_l2).toBeLessThan(1e-6)
    const [loss, equation, boundary] = ['loss', 'loss_equation_u', 'loss_u_on_the_boundary'].map(name => array(output, name))
    loss.forEach((l, k) => expect(Math.abs(equation[k] + boundary[k] - l)).toBeLessThanOrEqual(1e-12 * l + 1e-18))
  })

  it('patches of test functions do so where the domain is no box', async () => {
    const output = await trained({ catalogue: 'poisson-disk' }, { network: { kind: 'mlp', width: 40, depth: 1 }, test: { kind: 'patches', patches: 40, quadrature: 4 }, points: { boundary: 80 }, budget: { steps: 45 } })
    expect(output.metrics.relative_l2).toBeLessThan(1e-5)
  })

  it('a flux is kept across a jump of its coefficient, which the strong form does not see', async () => {
    const network = { kind: 'mlp', width: 20, depth: 2 }
    const weak = await trained(kink, { network, test: { kind: 'elements', elements: 2, functions: 30 }, budget: { steps: 60 } })
    const strong = await trained(kink, { network, formulation: 'strong', budget: { steps: 60 } })
    expect(weak.metrics.relative_l2).toBeLessThan(0.1)
    expect(strong.metrics.relative_l2).toBeGreaterThan(0.3)
  })

  const against = {
    test: { kind: 'adversarial', width: 12, depth: 1, rate: 1e-2 }, network: { kind: 'mlp', width: 8, depth: 1 }, optimizer: { kind: 'adam', rate: 1e-2 }, points: { interior: 64, boundary: 16, resample: 0 }, budget: { steps: 120 },
  }

  it('a test function that looks for the worst finds it where the solution stands still', async () => {
    const output = await trained({ catalogue: 'poisson-2d' }, { ...against, optimizer: { kind: 'adam', rate: 1e-12 } })
    const equation = array(output, 'loss_equation_u')
    // 10⁻³ log(1 + 10¹² q): the quotient has grown tenfold.
    expect(equation.at(-1)! - equation[0]).toBeGreaterThan(1e-3 * Math.log(10))
    // It stays below the mean of the residual's square (Cauchy and Schwarz), (2π² sin πx sin πy)² and what the network that began adds.
    const strong = await trained({ catalogue: 'poisson-2d' }, { network: against.network, formulation: 'strong', points: { interior: 4096, boundary: 16 }, optimizer: { kind: 'adam', rate: 1e-12 }, budget: { steps: 1 } })
    expect(Math.exp(1e3 * equation.at(-1)!) * 1e-12).toBeLessThan(1.3 * array(strong, 'loss_equation_u')[0])
  })

  it('both networks go on to the same bits', async () => {
    const whole = await trained({ catalogue: 'poisson-2d' }, { ...against, precision: 'float32' })
    let kept: Checkpoint | undefined
    let calls = 0
    const stopped = await trained({ catalogue: 'poisson-2d' }, { ...against, precision: 'float32' }, { throwIfCancelled: () => { if (++calls > 40) throw new Cancelled() }, checkpoint: (make, force) => { if (force) kept = make() } })
    expect(stopped.stopped).toBe(true)
    expect(kept!.scalars.done).toBe(40)
    expect(Object.keys(kept!.arrays)).toContain('opponent.adversary.dense0.kernel')
    const resumed = await trained({ catalogue: 'poisson-2d' }, { ...against, precision: 'float32' }, { resumed: kept })
    for (const name of ['parameters', 'loss']) expect(array(resumed, name)).toEqual(array(whole, name))
  })
})

describe('statements in many shapes train on the weak form', () => {
  it.each(['burgers-2d', 'nls-soliton', 'wave-1d', 'biharmonic', 'poisson-holes', 'lid-driven-cavity'])('%s', async id => {
    const output = await trained({ catalogue: id }, { network: { kind: 'mlp', width: 4, depth: 1 }, optimizer: { kind: 'adam', rate: 1e-4, schedule: 'constant' }, test: id === 'poisson-holes' ? { kind: 'patches', patches: 6 } : { kind: 'elements', functions: 2, quadrature: 3 }, points: { boundary: 12, initial: 8 }, budget: { steps: 3 } })
    expect(output.faults).toEqual([])
    const loss = array(output, 'loss')
    for (let k = 1; k < loss.length; k++) expect(loss[k]).toBeLessThan(loss[k - 1])
  })
})

describe('what has no weak form is told before', () => {
  it.each([
    ['poisson-5d', {}, 'exist in up to three dimensions of space, and this problem has 5.'],
    ['poisson-disk', { test: { kind: 'elements' } }, 'Test functions on elements need a box, and this domain is none.'],
    ['heat-1d', { test: { kind: 'elements', elements: [2, 2, 2] } }, 'The elements have 3 entries, but there are 2 coordinates, the time among them.'],
    ['poisson-2d', { test: { kind: 'elements', elements: 100, functions: 10, quadrature: 12 } }, 'These test functions need 1440000 quadrature points; 262144 are the most.'],
    ['poisson-l-shape', { test: { kind: 'adversarial' }, optimizer: { kind: 'adam' } }, 'needs a smooth factor that vanishes on the boundary'],
    ['poisson-2d', { test: { kind: 'adversarial' } }, 'An adversarial test function changes the loss at every step, and "gauss-newton" needs one that stands still.'],
    ['poisson-2d', { formulation: 'strong', test: { kind: 'elements' } }, '"test" belongs to the formulation "weak", and this step trains on "strong".'],
    ['eigenvalues-square', {}, 'An eigenproblem has no weak form with one solution'],
  ])('%s with %j', (id, options, message) => {
    const { problem } = analyse({ catalogue: id }, libm)
    const faults = train.check({ id: 'net', kind: 'train', formulation: 'weak', ...options }, {} as never, problem, libm)
    expect(faults.map(f => f.message).join('\n')).toContain(message)
  })
})
