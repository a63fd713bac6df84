import { error, type Fault } from '../fault'
import { gridShape, type Field } from '../fields/field'
import { Cancelled, type Checkpoint, type Run } from '../kernels/team'
import type { Feed } from '../learning/training/feed'
import { curveName } from '../learning/training/form'
import type { Advance, TrainingMethod } from '../learning/training/method'

/** What a training leaves: curves over its steps, and the arrays of the network. */
export interface History {
  readonly done: number
  readonly loss: readonly number[]
  /** By array name: `loss_equation_u`, …, `weight_equation_u`, …, `causal_reach`. */
  readonly terms: Readonly<Record<string, readonly number[]>>
  readonly errorSteps: readonly number[]
  readonly errors: readonly number[]
  /** Seconds that the optimizer had worked at `errorSteps`, without what measures and shows it: for provenance, never for results. */
  readonly seconds: readonly number[]
  /** Curves of diagnostics, taken at `observedSteps`. */
  readonly observedSteps: readonly number[]
  readonly observed: Readonly<Record<string, readonly number[]>>
  /** Set where `parameters` are not those of the last step but the best before it failed. */
  readonly kept?: { readonly step: number; readonly loss: number }
  /** Why the optimizer ended by itself, in one sentence. */
  readonly stalled?: string
  readonly parameters: Readonly<Record<string, Float64Array>>
  readonly faults: readonly Fault[]
  /** Stop was pressed, after a checkpoint. */
  readonly stopped: boolean
}

export interface Watched {
  /** The solution as it is now, for the live picture. */
  readonly picture: (() => Promise<Field>) | undefined
  /** The distance to the exact solution now. */
  readonly error: (() => Promise<number>) | undefined
  /** Curves of diagnostics at the network as it is now, asked for at the steps at which errors are measured. */
  readonly observe?: ((step: number) => Promise<Readonly<Record<string, number>>>) | undefined
}

/** Milliseconds between two pictures. */
const pictureInterval = 500
/** Networks of more parameters are copied at every tenth step only: a copy should cost nothing beside a step. */
const largeNetwork = 20_000
const keepingInterval = 10
/** A training whose loss grew this much has failed. */
const ruined = 10

/** Errors are measured at steps 1, 2, …, then at every sixth part more: a result's arrays must not depend on how fast the machine is. */
const nextMeasured = (last: number | undefined): number => (last === undefined ? 1 : last + Math.max(1, Math.floor(last / 6)))

const prefix = 'history_'
const observedPrefix = `${prefix}observed_`
const feedPrefix = 'feed_'
const goodPrefix = 'good_'
/** What the loop itself keeps. */
const ownScalars = ['elapsed', 'threads', 'working', `${goodPrefix}step`]

const keysOf = <T>(named: Readonly<Record<string, T>>, wanted: (name: string) => boolean, cut = 0): Record<string, T> => Object.fromEntries(Object.entries(named).filter(([name]) => wanted(name)).map(([name, value]) => [name.slice(cut), value]))

/** What belongs to the optimizer in a checkpoint of the step. */
export function methodCheckpoint({ scalars, arrays }: Checkpoint): Checkpoint {
  const own = (name: string): boolean => ![prefix, feedPrefix, goodPrefix].some(start => name.startsWith(start)) && !ownScalars.includes(name)
  return { scalars: keysOf(scalars, own), arrays: keysOf(arrays, own) }
}

/** What belongs to the feed. */
export function feedCheckpoint({ scalars, arrays }: Checkpoint): Checkpoint {
  const own = (name: string): boolean => name.startsWith(feedPrefix)
  return { scalars: keysOf(scalars, own, feedPrefix.length), arrays: keysOf(arrays, own, feedPrefix.length) }
}

/** A term's name as an array's: `u on left` → `loss_u_on_left`. */
export const termArray = (name: string): string => curveName('loss', name)

/**
 * Steps until the budget is spent, Stop is pressed, nothing improves, or numbers leave the finite ones: then the last good parameters stay and a fault says where it went wrong.
 * A budget in steps gives the same bits, interrupted or not. Stopped before its first step it throws `Cancelled`.
 */
export async function trainingLoop({ run, now, threads }: { readonly run: Run; now(): number; readonly threads?: number }, budget: { readonly steps?: number; readonly seconds?: number }, method: TrainingMethod, feed: Pick<Feed, 'store'>, watched: Watched): Promise<History> {
  const stored = (name: string): number[] => [...(run.resumed?.arrays[`${prefix}${name}`] ?? [])]
  const curves = { loss: stored('loss'), errorSteps: stored('error_steps'), errors: stored('errors'), seconds: stored('seconds'), observedSteps: stored('steps_observed') }
  const observed: Record<string, number[]> = Object.fromEntries(Object.keys(run.resumed?.arrays ?? {}).filter(name => name.startsWith(observedPrefix)).map(name => [name.slice(observedPrefix.length), stored(name.slice(prefix.length))]))
  const terms: Record<string, number[]> = Object.fromEntries(Object.keys(run.resumed?.arrays ?? {}).filter(name => name.startsWith(`${prefix}loss_`) || isKept(name.slice(prefix.length))).map(name => [name.slice(prefix.length), stored(name.slice(prefix.length))]))
  const faults: Fault[] = []
  const { steps = Infinity, seconds = Infinity } = budget
  const started = now() - 1000 * Number(run.resumed?.scalars.elapsed ?? 0)
  const elapsed = (): number => (now() - started) / 1000
  const checkpoint = (): Checkpoint => {
    const { scalars, arrays } = method.store()
    const brought = feed.store()
    const named = <T>(values: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(Object.entries(values).map(([name, value]) => [feedPrefix + name, value]))
    const listed = { ...terms, loss: curves.loss, error_steps: curves.errorSteps, errors: curves.errors, seconds: curves.seconds, steps_observed: curves.observedSteps }
    const seen = Object.fromEntries(Object.entries(observed).map(([name, values]) => [observedPrefix + name, Float64Array.from(values)]))
    const kept = Object.fromEntries(Object.entries(good.parameters).map(([name, values]) => [goodPrefix + name, values]))
    return { scalars: { ...scalars, ...named(brought.scalars), elapsed: elapsed(), working, [`${goodPrefix}step`]: good.step, [`${goodPrefix}loss`]: good.loss, ...(threads === undefined ? {} : { threads }) }, arrays: { ...arrays, ...named(brought.arrays), ...kept, ...seen, ...Object.fromEntries(Object.entries(listed).map(([name, values]) => [prefix + name, Float64Array.from(values)])) } }
  }
  let done = Number(run.resumed?.scalars.done ?? 0)
  const { resumed } = run
  /** The network of the smallest loss so far. */
  let good = resumed?.scalars[`${goodPrefix}loss`] === undefined
    ? { step: done, loss: Infinity, parameters: copied(method.parameters()) }
    : { step: Number(resumed.scalars[`${goodPrefix}step`]), loss: Number(resumed.scalars[`${goodPrefix}loss`]), parameters: keysOf(resumed.arrays, name => name.startsWith(goodPrefix), goodPrefix.length) }
  if (resumed && threads !== undefined && resumed.scalars.threads !== undefined && resumed.scalars.threads !== threads) {
    run.log('info', `The checkpoint was written on ${threadsText(Number(resumed.scalars.threads))} and goes on on ${threadsText(threads)}: the last digits may differ from those of an uninterrupted run.`)
  }
  const isLarge = Object.values(good.parameters).reduce((sum, values) => sum + values.length, 0) > largeNetwork
  let working = Number(resumed?.scalars.working ?? 0)
  let stalled: string | undefined
  let stopped = false
  let pictureAt = -Infinity
  // One step at least: a budget that compiling has used up would leave no loss to show.
  while (done < steps && (done === 0 || elapsed() < seconds)) {
    try {
      run.throwIfCancelled()
    } catch (reason) {
      if (!(reason instanceof Cancelled)) throw reason
      run.checkpoint(checkpoint, true)
      if (curves.loss.length === 0) throw reason
      stopped = true
      break
    }
    // A step tells the loss of the network that it began with.
    const before = isLarge && done % keepingInterval !== 0 ? undefined : copied(method.parameters())
    const from = now()
    const advance = await method.advance()
    working += (now() - from) / 1000
    done = advance.step
    if (!Number.isFinite(advance.loss)) {
      faults.push(diverged(advance, curves.loss.at(-1), good.step))
      break
    }
    if (before && advance.loss <= good.loss) good = { step: done - 1, loss: advance.loss, parameters: before }
    record(run, advance, curves.loss, terms)
    run.progress({ step: done, ...(steps < Infinity ? { steps } : {}), fraction: Math.min(1, Math.max(done / steps, elapsed() / seconds)), loss: advance.loss, stage: 'training' })
    if (watched.error && done >= nextMeasured(curves.errorSteps.at(-1))) {
      const distance = await watched.error()
      curves.errorSteps.push(done)
      curves.errors.push(distance)
      curves.seconds.push(working)
      run.series('relative_l2_curve', done, distance)
    }
    if (watched.observe && done >= nextMeasured(curves.observedSteps.at(-1))) {
      curves.observedSteps.push(done)
      for (const [name, value] of Object.entries(await watched.observe(done))) {
        ;(observed[name] ??= []).push(value)
        run.series(name, done, value)
      }
    }
    if (watched.picture && now() - pictureAt > pictureInterval) {
      const { name, grid, values, times } = await watched.picture()
      pictureAt = now()
      const shape = gridShape(grid)
      run.frame(() => ({ name, shape, values: values.subarray(0, shape.reduce((n, m) => n * m, 1)), ...(times ? { time: times[0] } : {}) }))
    }
    run.checkpoint(checkpoint)
    if (advance.stalled !== undefined) {
      run.log('info', (stalled = advance.stalled))
      break
    }
  }
  const [first, last] = [curves.loss[0], curves.loss.at(-1)!]
  if (stopped) faults.push({ severity: 'info', code: 'stopped', message: `Stopped after ${done} ${done === 1 ? 'step' : 'steps'}${steps < Infinity ? ` of ${steps}` : ''}: this is what the training had reached.` })
  if (faults.length === 0 && last - first > (ruined - 1) * Math.abs(first)) faults.push(worse(first, last, good))
  const failed = faults.some(f => f.severity !== 'info') ? { kept: { step: good.step, loss: good.loss }, parameters: good.parameters } : { parameters: method.parameters() }
  return { done, ...curves, terms, observed, ...failed, ...(stalled === undefined ? {} : { stalled }), faults, stopped }
}

/** Curves of a method that are stored, beside those that are only shown while it trains. */
const isKept = (name: string): boolean => name.startsWith('weight_') || name === 'causal_reach'

function record(run: Run, { step, loss, terms, curves }: Advance, losses: number[], all: Record<string, number[]>): void {
  losses.push(loss)
  run.series('loss', step - 1, loss)
  const entries = Object.entries(terms)
  for (const [name, value] of entries) {
    const array = termArray(name)
    ;(all[array] ??= []).push(value)
    if (entries.length > 1) run.series(array, step - 1, value)
  }
  for (const [name, value] of Object.entries(curves ?? {})) {
    if (isKept(name)) (all[name] ??= []).push(value)
    run.series(name, step, value)
  }
}

const threadsText = (count: number): string => `${count} ${count === 1 ? 'thread' : 'threads'}`

const worse = (first: number, last: number, good: { readonly step: number; readonly loss: number }): Fault => ({
  severity: 'warning', code: 'learning-worse', message: `The loss ended at ${last.toPrecision(3)}, far above ${first.toPrecision(3)} where it began. The network of step ${good.step}, with ${good.loss.toPrecision(3)}, is kept.`,
  where: { path: 'optimizer' }, tip: 'Lower the learning rate.',
})

const copied = (parameters: Readonly<Record<string, Float64Array>>): Record<string, Float64Array> => Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, values.slice()]))

function diverged({ step, loss, terms, curves }: Advance, last: number | undefined, kept: number): Fault {
  const became = Number.isNaN(loss) ? 'not a number' : 'infinite'
  const guilty = Object.keys(terms).filter(name => !Number.isFinite(terms[name]))
  // Nothing was updated before the first loss: the statement itself has no value somewhere.
  if (last === undefined && guilty.length > 0) {
    return error('learning-diverged', `The loss is ${became} before the first step, in ${guilty.map(name => `"${name}"`).join(', ')}. The network as it began is kept.`, {
      where: { path: 'problem' }, tip: 'Look there for divisions by zero, logarithms and roots of negative numbers, and factors or weights beyond 1e150.',
    })
  }
  return error('learning-diverged', `The loss became ${became} at step ${step}${last === undefined ? '' : `; it was ${last.toPrecision(3)} before`}. The network of step ${kept} is kept.`, {
    where: { path: 'optimizer' }, tip: `${curves?.rate === undefined ? 'Take Adam with a small learning rate first' : 'Lower the learning rate'}, or train in double precision.`,
  })
}
