import { FaultError, error } from '../../fault'
import type { Grid } from '../../fields/field'
import { gridShape, gridSize } from '../../fields/field'
import { Cancelled, type Checkpoint, type Run, type Team } from '../../kernels/team'
import { nonFiniteFault, placeOf } from './non-finite'
import { firstSchedule, stepOf, stepsFor, type Schedule } from './schedule'
import type { Stepper } from './stepper'

/** Where the step size comes from. */
export type StepChoice =
  /** The user's step; refused where a stability limit is exceeded. */
  | { readonly kind: 'fixed'; readonly dt: number }
  /** The largest stable step times `safety`, looked at again as the solution changes. */
  | { readonly kind: 'stable'; readonly safety: number }
  /** Step doubling: local errors are kept below tolerance · dt / duration, relative to the state's norm. Steps are the output interval halved again and again. */
  | { readonly kind: 'tolerance'; readonly tolerance: number; readonly first: number }

export interface EvolveRequest {
  readonly unknown: string
  readonly grid: Grid
  readonly times: Float64Array
  readonly choice: StepChoice
}

export interface Evolved {
  /** [time, z, y, x] at the output times. */
  readonly values: Float64Array
  readonly steps: number
  /** Smallest and largest step taken. */
  readonly smallestStep: number
  readonly largestStep: number
}

/** Steps between two looks at stability, error estimate and finiteness. */
const judgeEvery = 16
const finiteEvery = 4
const stableEvery = 8
/** Below this part of the duration a step is no longer a step. */
const smallestPart = 1e-10
/** Relative differences of rounding size are no error estimate. */
const roundingFloor = 1e-14

/** Advances a stepper through the output times: step sizes, progress, live frames, checkpoints, cancellation, non-finite values. */
export function evolve(request: EvolveRequest, stepper: Stepper, team: Team, run: Run): Evolved {
  return new Evolution(request, stepper, team, run).run()
}

class Evolution {
  private readonly size: number
  private readonly values: Float64Array
  private readonly duration: number
  private readonly pace: number
  private schedule: Schedule
  private smallest = Infinity
  private largest = 0
  /** Two states for step doubling: where the step began, and the result of the long step. */
  private readonly begun
  private readonly long
  private doubling = false

  constructor(private readonly request: EvolveRequest, private readonly stepper: Stepper, private readonly team: Team, private readonly job: Run) {
    const { grid, times, choice } = request
    this.size = gridSize(grid)
    this.values = new Float64Array(this.size * times.length)
    this.duration = times[times.length - 1] - times[0]
    // About 30 ms of work between two looks at the outside world.
    this.pace = Math.max(1, Math.round(2e5 / this.size))
    this.schedule = firstSchedule(times[0])
    const adaptive = choice.kind === 'tolerance'
    this.begun = adaptive ? team.arena.f64(stepper.state.length) : undefined
    this.long = adaptive ? team.arena.f64(stepper.state.length) : undefined
  }

  run(): Evolved {
    const { times } = this.request
    if (this.job.resumed) this.resume(this.job.resumed)
    else {
      if (!this.stepper.isFinite()) this.reportNonFinite()
      this.store(0)
      this.openInterval()
    }
    try {
      while (this.schedule.interval + 1 < times.length) this.advance()
    } catch (reason) {
      if (reason instanceof Cancelled) {
        if (this.doubling) this.copy(this.begun!.pointer, this.stepper.state.pointer)
        this.job.checkpoint(() => this.checkpoint(), true)
      }
      throw reason
    }
    return { values: this.values, steps: this.schedule.total, smallestStep: this.smallest, largestStep: this.largest }
  }

  private advance(): void {
    const { schedule, job, stepper } = this
    const { choice, times } = this.request
    job.throwIfCancelled()
    if (choice.kind === 'tolerance' && schedule.unjudged === 0) {
      if (!this.judgedStep(choice.tolerance)) return
    } else {
      if (choice.kind !== 'tolerance' && schedule.total % stableEvery === 0) this.checkStability()
      const { time, dt } = stepOf(schedule, times)
      stepper.step(time, dt)
      this.note(dt)
    }
    schedule.done++
    schedule.total++
    schedule.unjudged = (schedule.unjudged + 1) % judgeEvery
    const finished = schedule.done === schedule.count
    if ((finished || schedule.total % finiteEvery === 0) && !stepper.isFinite()) this.reportNonFinite()
    if (finished) this.closeInterval()
    if (finished || schedule.total % this.pace === 0) this.tell()
  }

  /** One step and the same way in two halves. True when the difference allows the step; the state is then the more accurate one. */
  private judgedStep(tolerance: number): boolean {
    const { stepper, schedule } = this
    const { times } = this.request
    const { time, dt } = stepOf(schedule, times)
    const length = stepper.state.length
    this.copy(stepper.state.pointer, this.begun!.pointer)
    this.doubling = true
    stepper.step(time, dt)
    this.copy(stepper.state.pointer, this.long!.pointer)
    this.copy(this.begun!.pointer, stepper.state.pointer)
    stepper.step(time, dt / 2)
    stepper.step(time + dt / 2, dt / 2)
    const difference = this.team.reduce('stepping.differenceSquared', 0, length, [stepper.state.pointer, this.long!.pointer])
    const norm = this.team.reduce('vectors.dot', 0, length, [stepper.state.pointer, stepper.state.pointer])
    const halved = 2 ** stepper.order
    const estimate = norm > 0 ? Math.sqrt(difference / norm) / (halved - 1) : difference > 0 ? Infinity : 0
    const allowed = Math.max(roundingFloor, (tolerance * dt) / this.duration)
    if (estimate <= allowed) {
      this.doubling = false
      this.note(dt)
      // A step twice as long has an error about 2^{order+1} times as large; half of that is left as a margin.
      if (estimate < allowed / (4 * halved) && schedule.count % 2 === 0) {
        if (schedule.done % 2 === 1) {
          // The step just made ends a longer one.
          schedule.count /= 2
          schedule.done = (schedule.done - 1) / 2
        } else schedule.unjudged = -1
      }
      return true
    }
    this.copy(this.begun!.pointer, stepper.state.pointer)
    this.doubling = false
    if (dt < smallestPart * this.duration) this.reportSmallStep(time, dt)
    schedule.count *= 2
    schedule.done *= 2
    return false
  }

  private openInterval(): void {
    const { schedule } = this
    const { times, choice } = this.request
    if (schedule.interval + 1 >= times.length) return
    const length = times[schedule.interval + 1] - times[schedule.interval]
    const previous = schedule.interval > 0 ? (times[schedule.interval] - schedule.start) / schedule.count : 0
    schedule.start = times[schedule.interval]
    schedule.done = 0
    if (choice.kind === 'fixed') schedule.count = stepsFor(length, choice.dt)
    else if (choice.kind === 'tolerance') {
      schedule.count = powerOfTwo(length / (previous || choice.first))
      schedule.unjudged = 0
    } else schedule.count = 1
    if (choice.kind === 'stable') this.fitStableStep(choice.safety)
  }

  private closeInterval(): void {
    this.schedule.interval++
    this.store(this.schedule.interval)
    this.openInterval()
  }

  private checkStability(): void {
    const { choice, times, unknown } = this.request
    const { schedule, stepper } = this
    if (!stepper.stableStep) return
    const { time, dt } = stepOf(schedule, times)
    const limit = stepper.stableStep(time)
    if (dt <= limit.dt * (1 + 1e-9)) return
    if (choice.kind === 'stable') return this.fitStableStep(choice.safety)
    throw new FaultError(error('cfl', `The time step ${short(dt)} is beyond the stability limit ${short(limit.dt)} of ${stepper.name} for ${unknown} at t = ${short(time)}: ${limit.reason}.`, {
      where: { path: 'time.dt' },
      tip: `Choose a time step of at most ${short(limit.dt * 0.9)}, leave it out, or use an implicit method.`,
    }))
  }

  private fitStableStep(safety: number): void {
    const { schedule, stepper } = this
    const { times } = this.request
    const { time } = stepOf(schedule, times)
    const limit = stepper.stableStep?.(time) ?? { dt: Infinity, reason: '' }
    if (limit.dt < smallestPart * this.duration) this.reportSmallStep(time, limit.dt)
    schedule.start = time
    schedule.count = stepsFor(times[schedule.interval + 1] - time, limit.dt * safety)
    schedule.done = 0
  }

  private note(dt: number): void {
    this.smallest = Math.min(this.smallest, dt)
    this.largest = Math.max(this.largest, dt)
  }

  private time(): number {
    const { schedule } = this
    const { times } = this.request
    return schedule.interval + 1 < times.length ? stepOf(schedule, times).time : times[times.length - 1]
  }

  private store(index: number): void {
    this.values.set(this.stepper.nodalValues(), index * this.size)
  }

  private tell(): void {
    const { job, schedule } = this
    const { times, unknown, grid } = this.request
    const time = this.time()
    const fraction = (time - times[0]) / this.duration
    job.progress({ step: schedule.total, steps: Math.max(schedule.total, Math.round(schedule.total / fraction)), time, fraction })
    job.frame(() => ({ name: unknown, time, shape: gridShape(grid), values: this.stepper.nodalValues() }))
    job.checkpoint(() => this.checkpoint())
  }

  private checkpoint(): Checkpoint {
    const { interval, start, count, done, total, unjudged } = this.schedule
    return {
      scalars: { interval, start, count, done, total, unjudged, smallest: this.smallest, largest: this.largest },
      arrays: { state: this.stepper.state.view().slice(), values: this.values.slice(0, (interval + 1) * this.size) },
    }
  }

  private resume({ scalars, arrays }: Checkpoint): void {
    const read = (name: string): number => Number(scalars[name])
    this.schedule = { interval: read('interval'), start: read('start'), count: read('count'), done: read('done'), total: read('total'), unjudged: read('unjudged') }
    this.smallest = read('smallest')
    this.largest = read('largest')
    this.stepper.state.view().set(arrays.state)
    this.values.set(arrays.values)
  }

  private copy(from: number, to: number): void {
    this.team.parallel('vectors.copy', 0, this.stepper.state.length, [from, to])
  }

  private reportNonFinite(): never {
    const { unknown, grid, times } = this.request
    throw new FaultError(nonFiniteFault(unknown, grid, this.stepper.nodalValues(), this.schedule.total, this.time(), times[0]))
  }

  private reportSmallStep(time: number, dt: number): never {
    const { unknown, grid } = this.request
    const values = this.stepper.nodalValues()
    const place = placeOf(grid, values)
    throw new FaultError(error('step-too-small', `The time step of ${unknown} fell to ${short(dt)} at t = ${short(time)} (step ${this.schedule.total}): the solution seems to blow up near ${place.text}, where it is ${short(place.value)}.`, {
      tip: 'Check the sign of the terms that grow, or end the computation earlier.',
    }))
  }
}

function powerOfTwo(atLeast: number): number {
  let n = 1
  while (n < atLeast * (1 - 1e-9)) n *= 2
  return n
}

const short = (value: number): string => Number(value.toPrecision(4)).toString()
