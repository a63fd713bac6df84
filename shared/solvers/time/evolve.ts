import { FaultError, error, type Fault } from '../../fault'
import { Cancelled, type Run, type Team } from '../../kernels/team'
import { acceptedFactor, rejectedFactor } from './controller'
import { EvolutionState, reserveOf } from './evolution-state'
import { nonFinite, short } from './failure'
import { EvolutionFault, type EvolveRequest, type Evolved } from './request'
import { canonicalStep, scheduleNames, stepOf, stepsFor } from './schedule'
import type { Stepper } from './stepper'

export type { EvolveRequest, Evolved, StepChoice } from './request'

/**
 * The driver of all evolutions. A method gives a `Stepper` (stepper.ts; ready-made ones from a semi-discrete system: system.ts) and says what its nodal values are:
 *
 *     const output = gridOutput(grid, fieldsOf(problem))                    // or meshOutput(mesh, fieldsOf(problem))
 *     const evolved = evolveKeeping({ unknown, times, choice, output }, stepper, team, run)
 *     return { fields: evolvedFields(evolved, output.fields, { grid }), converged: !evolved.failure, faults: failureFaults(evolved), … }
 *
 * It takes care of step sizes, progress, live frames, checkpoints (a resumed run has the same bits), cancellation and failures: values that are no longer finite are noticed within four steps.
 */

/** Steps from one judgement to the next at most; after a rejection every step is judged, then every second, fourth … */
const longestWindow = 16
/** Steps between two looks at finiteness and stability when no tolerance is asked for. */
const finiteEvery = 4
const stableEvery = 8
/** Part of the stability limit that tolerance-controlled steps may take. */
const stablePart = 0.9
/** A rough step may spend this part of the reserve. */
const reserveParts = 32
/** Below this part of the duration a step is no longer a step. */
const smallestPart = 1e-10
/** Implicit steps may begin shorter: a transient far shorter than the run ends within this many steps, or the run does. */
const smallestFirstPart = 1e-16
const firstSteps = 1000
/** Relative differences of rounding size are no error estimate. */
const roundingFloor = 1e-14
/** Implicit steps grow by this factor or not at all, and shrink by the other one or not until they are rejected. */
const leastGrowth = 1.2
const leastShrinkage = 0.9

/** Advances a stepper through the output times. Throws EvolutionFault, with what was reached, when a run ends early; FaultError when it cannot begin; and Cancelled. */
export function evolve(request: EvolveRequest, stepper: Stepper, team: Team, run: Run): Evolved {
  return new Evolution(request, stepper, team, run).run()
}

/** As `evolve`, but a run that ends early gives its last good state as the last output, and its `failure`. */
export function evolveKeeping(request: EvolveRequest, stepper: Stepper, team: Team, run: Run): Evolved {
  try {
    return evolve(request, stepper, team, run)
  } catch (reason) {
    if (!(reason instanceof EvolutionFault)) throw reason
    run.log('warning', reason.failure.message)
    return reason.evolved
  }
}

/** The faults of a kept failure: warnings, since there is a result; it is marked not converged. */
export const failureFaults = ({ failure }: Evolved): Fault[] => (failure ? [{ ...failure, severity: 'warning' }] : [])

class Evolution extends EvolutionState {
  run(): Evolved {
    const { times } = this.request
    // A checkpoint that an older version wrote lacks what this one needs: the run then starts anew.
    if (this.job.resumed && [...scheduleNames, 'control.time'].every(name => name in this.job.resumed!.scalars)) this.resume(this.job.resumed)
    else {
      if (!this.stepper.isFinite()) throw new FaultError(nonFinite(this.output, this.stepper.nodalValues(), undefined, 0, times[0], times[0]))
      this.store(0)
      this.openInterval()
      this.accept()
      this.noteGood(times[0])
    }
    const first = this.values.subarray(0, this.size)
    this.outside = first.some(Number.isNaN) ? first.slice() : undefined
    try {
      while (this.schedule.interval + 1 < times.length) this.advance()
    } catch (reason) {
      // Nothing was computed yet: what was asked for is refused.
      if (reason instanceof FaultError && this.schedule.total > 0) throw new EvolutionFault(reason.faults[0], this.reached(reason.faults[0]))
      if (reason instanceof Cancelled) {
        if (this.doubling) this.copy(this.begun!.pointer, this.stepper.state.pointer)
        this.job.checkpoint(() => this.checkpoint(), true)
      }
      throw reason
    }
    return { times: times.slice(), values: this.values, steps: this.schedule.total, smallestStep: this.smallest, largestStep: this.largest }
  }

  private advance(): void {
    const { schedule, job, stepper } = this
    const { choice, times } = this.request
    job.throwIfCancelled()
    if (choice.kind === 'tolerance') {
      this.advanceWithTolerance(choice.tolerance)
      return
    }
    if (choice.kind === 'embedded') {
      this.advanceEmbedded(choice.tolerance)
      return
    }
    if (schedule.total % stableEvery === 0) this.checkStability()
    const { time, dt } = stepOf(schedule, times)
    stepper.step(time, dt)
    this.note(dt)
    schedule.done++
    schedule.total++
    const finished = schedule.done === schedule.count
    if (finished || schedule.total % finiteEvery === 0) {
      const now = finished ? times[schedule.interval + 1] : time + dt
      if (!stepper.isFinite()) this.reportNonFinite(now)
      this.noteGood(now)
    }
    if (finished) this.closeInterval()
    if (finished || schedule.total % this.pace === 0) this.tell()
  }

  /** One attempt with the method's own error estimate. Steps end on output times, or at the last one only where the method interpolates. */
  private advanceEmbedded(tolerance: number): void {
    const { schedule, stepper, control } = this
    const { times } = this.request
    const embedded = stepper.embedded!
    const target = embedded.interpolate ? times[times.length - 1] : times[schedule.interval + 1]
    const left = target - control.time
    // Equal steps to the target rather than a splinter at the end; rounded, so that implicit methods meet the same step again.
    const steps = Math.ceil(left / control.next - 1e-9)
    const dt = steps <= 1 ? left : embedded.interpolate ? Math.min(control.next, left) : canonicalStep(left / steps)
    // A stability limit of zero leaves no step: canonicalStep then is not a number.
    if (!(dt >= this.leastPart() * this.duration) && !(dt >= left)) this.reportSmallStep(control.time, dt > 0 ? dt : 0)
    const allowed = Math.max(roundingFloor, embedded.control === 'per-step' ? tolerance : (tolerance * dt) / this.duration)
    const exponent = embedded.estimateOrder + (embedded.control === 'per-step' ? 1 : 0)
    let part: number
    try {
      part = embedded.attempt(control.time, dt, allowed) / allowed
    } catch (reason) {
      if (!(reason instanceof FaultError) || reason.faults[0]?.code !== 'not-converged') throw reason
      part = Infinity
    }
    if (!(part <= 1)) {
      control.next = dt * rejectedFactor(part, exponent)
      control.rejected = 1
      return
    }
    const suggested = embedded.accept()
    const wished = suggested ?? acceptedFactor(part, control.previous, exponent)
    // A new step is a new linear system.
    const factor = embedded.control === 'per-step' && wished >= leastShrinkage && wished < leastGrowth ? 1 : wished
    // A step that was cut to end on an output time does not shorten the next one.
    const cut = dt < control.next
    const next = dt * (control.rejected === 1 ? Math.min(1, factor) : factor)
    control.next = cut && control.rejected === 0 ? Math.max(control.next, next) : next
    control.previous = part
    control.rejected = 0
    control.time = dt === left ? target : control.time + dt
    this.note(dt)
    schedule.total++
    while (schedule.interval + 1 < times.length && times[schedule.interval + 1] <= control.time) {
      schedule.interval++
      this.store(schedule.interval, times[schedule.interval] < control.time ? embedded.interpolate!(times[schedule.interval]) : undefined)
    }
    this.tell()
  }

  /** A step that stands until the next judgement, or the judged step that ends a window: then everything since the last one is accepted or taken back. */
  private advanceWithTolerance(tolerance: number): void {
    const { schedule, stepper } = this
    const { times } = this.request
    if (schedule.unjudged === 0) this.fitToLimit()
    const { time, dt } = stepOf(schedule, times)
    const last = schedule.interval + 2 === times.length && schedule.done + 1 === schedule.count
    const judged = last || schedule.unjudged + 1 >= schedule.window
    let part: number
    try {
      if (judged) part = this.judgedStep(tolerance)
      else {
        stepper.step(time, dt)
        part = 0
      }
    } catch (reason) {
      // A linear system that is not solved is a failure of the step: a shorter one has an easier system.
      if (!(reason instanceof FaultError) || reason.faults[0]?.code !== 'not-converged') throw reason
      this.doubling = false
      part = Infinity
    }
    // NaN is a failure too.
    if (!(part <= 1)) {
      this.reject()
      return
    }
    this.note(dt)
    schedule.done++
    schedule.total++
    schedule.unjudged++
    if (judged) {
      schedule.reserve = Math.max(0, schedule.reserve - schedule.unjudged * Math.max(0, this.judgedError - this.regularPart(dt)))
      schedule.unjudged = 0
      schedule.window = Math.min(longestWindow, 2 * schedule.window)
      // A step twice as long has an error about 2^{order+1} times as large; half of that is left as a margin.
      const longer = part < 1 / (4 * 2 ** stepper.order) && schedule.count % 2 === 0 && (schedule.limit === 0 || 2 * dt <= stablePart * schedule.limit)
      if (longer) {
        schedule.window = 1
        if (schedule.done % 2 === 0) {
          schedule.count /= 2
          schedule.done /= 2
        }
      }
    }
    const finished = schedule.done === schedule.count
    if (finished) this.closeInterval()
    if (judged) this.accept()
    if (finished || schedule.total % this.pace === 0) this.tell()
  }

  /** One step and the same way in two halves: the estimated error as a part of what is allowed. The state is then the more accurate one. */
  private judgedStep(tolerance: number): number {
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
    this.doubling = false
    const difference = this.team.reduce('stepping.differenceSquared', 0, length, [stepper.state.pointer, this.long!.pointer])
    const norm = this.team.reduce('vectors.dot', 0, length, [stepper.state.pointer, stepper.state.pointer])
    const estimate = norm > 0 ? Math.sqrt(difference / norm) / (2 ** stepper.order - 1) : difference === 0 ? 0 : Infinity
    this.judgedError = estimate / tolerance
    return estimate / Math.max(roundingFloor, stepper.noise ?? 0, tolerance * (this.regularPart(dt) + schedule.reserve / reserveParts))
  }

  /** What a step may add to the error in any case, as a part of the tolerance. */
  private regularPart(dt: number): number {
    return ((1 - reserveOf(this.stepper)) * dt) / this.duration
  }

  /** Back to the last accepted state, with half the step and every step judged. Outputs stored since are written again. */
  private reject(): void {
    this.copy(this.kept!.pointer, this.stepper.state.pointer)
    const { smallest, largest, ...schedule } = this.accepted
    this.smallest = smallest
    this.largest = largest
    this.schedule = schedule
    this.halve()
  }

  /** The least step as a part of the duration. */
  private leastPart(): number {
    return !this.stepper.stableStep && this.schedule.total < firstSteps ? smallestFirstPart : smallestPart
  }

  private halve(): void {
    const { schedule } = this
    const { time, dt } = stepOf(schedule, this.request.times)
    if (dt < this.leastPart() * this.duration) this.reportSmallStep(time, dt)
    schedule.count *= 2
    schedule.done *= 2
    schedule.window = 1
    this.accepted = { ...schedule, smallest: this.smallest, largest: this.largest }
  }

  /** Halves the step until it is below the stability limit of the present, accepted state. */
  private fitToLimit(): void {
    const { schedule, stepper } = this
    if (!stepper.stableStep) return
    const limit = stepper.stableStep(stepOf(schedule, this.request.times).time).dt
    schedule.limit = Number.isFinite(limit) ? limit : 0
    while (stepOf(schedule, this.request.times).dt > stablePart * limit) this.halve()
  }

  private openInterval(): void {
    const { schedule } = this
    const { times, choice } = this.request
    if (schedule.interval + 1 >= times.length || choice.kind === 'embedded') return
    const length = times[schedule.interval + 1] - times[schedule.interval]
    const previous = schedule.interval > 0 ? (times[schedule.interval] - schedule.start) / schedule.count : 0
    schedule.start = times[schedule.interval]
    schedule.done = 0
    if (choice.kind === 'fixed') schedule.count = stepsFor(length, choice.dt)
    else if (choice.kind === 'tolerance') {
      schedule.count = powerOfTwo(length / (previous || choice.first))
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
    if (limit.sufficient) {
      if (!this.warned) this.job.log('warning', `The time step ${short(dt)} is longer than ${short(limit.dt)}, up to which ${stepper.name} is sure to be stable at t = ${short(time)}: ${limit.reason}.`)
      this.warned = true
      return
    }
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
}

function powerOfTwo(atLeast: number): number {
  let n = 1
  while (n < atLeast * (1 - 1e-9)) n *= 2
  return n
}
