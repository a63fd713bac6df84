import { FaultError, type Fault } from '../../fault'
import type { Checkpoint, Run, Team } from '../../kernels/team'
import { nonFinite, smallStep } from './failure'
import { gridOutput, type EvolveRequest, type Evolved, type StateOutput } from './request'
import { firstSchedule, scheduleNames, stepOf, type Schedule } from './schedule'
import type { Stepper } from './stepper'

/**
 * Implicit steps of order 2 are for stiff problems, whose start is rarely smooth (data that do not meet the boundary conditions): at a rate of error per time the steps there
 * would shrink almost without end. Half of the tolerance is therefore a reserve, of which each step may spend 1/32 (a window of 16 steps at most half).
 */
export const reserveOf = (stepper: Stepper): number => (stepper.order === 2 ? 0.5 : 0)

/** A schedule with the step sizes taken up to it. */
export type Accepted = Schedule & { readonly smallest: number; readonly largest: number }

/** Where an evolution is: its schedule, what it stored, what it can go back to; checkpoints, progress, and what is kept after a failure. */
export abstract class EvolutionState {
  protected readonly size: number
  protected readonly output: StateOutput
  protected readonly values: Float64Array
  protected readonly duration: number
  protected readonly pace: number
  protected schedule: Schedule
  protected smallest = Infinity
  protected largest = 0
  /** Three states for step doubling: where the step began, the result of the long step, and the last accepted state. */
  protected readonly begun
  protected readonly long
  protected readonly kept
  protected doubling = false
  /** Schedule and step sizes of the last accepted state. */
  protected accepted: Accepted
  protected warned = false
  protected furthest = 0
  /** Estimated error of the last judged step, as a part of the tolerance. */
  protected judgedError = 0
  /** Embedded control: the time reached, the next step, the error of the last accepted one as a part of what it may be, and whether the last attempt was rejected. */
  protected control = { time: 0, next: 0, previous: 1, rejected: 0 }
  /** Values that were not finite from the start: nodes outside the domain. */
  protected outside: Float64Array | undefined
  /** Without error control: the last state that was found finite, and its time and step. */
  protected readonly good
  protected goodTime = 0

  constructor(protected readonly request: EvolveRequest, protected readonly stepper: Stepper, protected readonly team: Team, protected readonly job: Run) {
    const { times, choice } = request
    this.output = request.output ?? gridOutput(request.grid!, [{ name: request.unknown }])
    this.size = this.output.nodes * this.output.fields.reduce((n, field) => n + (field.components?.length ?? 1), 0)
    this.values = new Float64Array(this.size * times.length)
    this.duration = times[times.length - 1] - times[0]
    // About 30 ms of work between two looks at the outside world.
    this.pace = Math.max(1, Math.round(2e5 / this.size))
    this.schedule = firstSchedule(times[0], reserveOf(stepper))
    if (choice.kind === 'embedded' && !stepper.embedded) throw new Error(`${stepper.name} does not estimate its errors`)
    this.control.time = times[0]
    this.control.next = choice.kind === 'embedded' ? choice.first : 0
    this.good = choice.kind === 'fixed' || choice.kind === 'stable' ? team.arena.f64(stepper.state.length) : undefined
    this.goodTime = times[0]
    const adaptive = choice.kind === 'tolerance'
    this.begun = adaptive ? team.arena.f64(stepper.state.length) : undefined
    this.long = adaptive ? team.arena.f64(stepper.state.length) : undefined
    this.kept = adaptive ? team.arena.f64(stepper.state.length) : undefined
    this.accepted = { ...this.schedule, smallest: Infinity, largest: 0 }
  }

  /** The outputs so far and, as one more, the last good state. */
  protected reached(failure: Fault): Evolved {
    const { request: { times, choice }, schedule, stepper, size } = this
    const stored = schedule.interval + 1
    let time = this.time()
    if (choice.kind === 'tolerance') {
      this.copy(this.kept!.pointer, stepper.state.pointer)
      const { smallest: _smallest, largest: _largest, ...accepted } = this.accepted
      time = accepted.interval + 1 < times.length ? stepOf(accepted, times).time : times[times.length - 1]
    } else if (this.good) {
      this.copy(this.good.pointer, stepper.state.pointer)
      time = this.goodTime
    }
    let count = 0
    while (count < stored && times[count] < time) count++
    const values = new Float64Array((count + 1) * size)
    values.set(this.values.subarray(0, count * size))
    values.set(stepper.nodalValues(), count * size)
    return {
      times: Float64Array.of(...times.subarray(0, count), time), values, steps: schedule.total, smallestStep: this.smallest, largestStep: this.largest, failure,
    }
  }

  protected noteGood(time: number): void {
    if (!this.good) return
    this.copy(this.stepper.state.pointer, this.good.pointer)
    this.goodTime = time
  }

  /** The present state and schedule become what a later rejection goes back to. */
  protected accept(): void {
    if (!this.kept) return
    this.copy(this.stepper.state.pointer, this.kept.pointer)
    this.accepted = { ...this.schedule, smallest: this.smallest, largest: this.largest }
  }

  protected note(dt: number): void {
    this.smallest = Math.min(this.smallest, dt)
    this.largest = Math.max(this.largest, dt)
  }

  protected time(): number {
    const { schedule } = this
    const { times, choice } = this.request
    if (choice.kind === 'embedded') return this.control.time
    return schedule.interval + 1 < times.length ? stepOf(schedule, times).time : times[times.length - 1]
  }

  protected store(index: number, values = this.stepper.nodalValues()): void {
    this.values.set(values, index * this.size)
  }

  protected tell(): void {
    const { job, schedule } = this
    const { times } = this.request
    const { frame } = this.output
    const time = this.time()
    // A rejection goes back in time; the bar does not.
    const fraction = (this.furthest = Math.max(this.furthest, (time - times[0]) / this.duration))
    job.progress({ step: schedule.total, steps: Math.max(schedule.total, Math.round(schedule.total / fraction)), time, fraction })
    if (frame) job.frame(() => frame(this.stepper.nodalValues(), time))
    job.checkpoint(() => this.checkpoint())
  }

  protected checkpoint(): Checkpoint {
    const { values, size, stepper, kept } = this
    const scalars: Record<string, number> = {}
    const write = (prefix: string, schedule: Schedule, smallest: number, largest: number): void => {
      for (const name of scheduleNames) scalars[prefix + name] = schedule[name]
      // 0 stands for "no step yet": an infinite number is no JSON.
      scalars[`${prefix}smallest`] = Number.isFinite(smallest) ? smallest : 0
      scalars[`${prefix}largest`] = largest
    }
    write('', this.schedule, this.smallest, this.largest)
    const arrays: Record<string, Float64Array> = { state: stepper.state.view().slice(), values: values.slice(0, (this.schedule.interval + 1) * size) }
    if (kept) {
      write('accepted.', this.accepted, this.accepted.smallest, this.accepted.largest)
      arrays.accepted = kept.view().slice()
    }
    if (this.good) {
      arrays.good = this.good.view().slice()
      scalars.goodTime = this.goodTime
    }
    for (const [name, value] of Object.entries(this.control)) scalars[`control.${name}`] = value
    for (const [name, value] of Object.entries(stepper.save?.() ?? {})) scalars[`stepper.${name}`] = value
    return { scalars, arrays }
  }

  protected resume({ scalars, arrays }: Checkpoint): void {
    const read = (prefix: string): Accepted => ({
      ...Object.fromEntries(scheduleNames.map(name => [name, Number(scalars[prefix + name])])) as unknown as Schedule,
      smallest: Number(scalars[`${prefix}smallest`]) || Infinity, largest: Number(scalars[`${prefix}largest`]),
    })
    const { smallest, largest, ...schedule } = read('')
    this.schedule = schedule
    this.smallest = smallest
    this.largest = largest
    this.stepper.state.view().set(arrays.state)
    this.values.set(arrays.values)
    const numbers = (prefix: string) => Object.fromEntries(Object.entries(scalars).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), Number(value)]))
    Object.assign(this.control, numbers('control.'))
    this.stepper.restore?.(numbers('stepper.'))
    if (this.good) {
      this.good.view().set(arrays.good)
      this.goodTime = Number(scalars.goodTime)
    }
    if (!this.kept) return
    this.accepted = read('accepted.')
    this.kept.view().set(arrays.accepted)
  }

  protected copy(from: number, to: number): void {
    this.team.parallel('vectors.copy', 0, this.stepper.state.length, [from, to])
  }

  protected reportNonFinite(time: number): never {
    throw new FaultError(nonFinite(this.output, this.stepper.nodalValues(), this.outside, this.schedule.total, time, this.request.times[0]))
  }

  protected reportSmallStep(time: number, dt: number): never {
    throw new FaultError(smallStep(this.output, this.stepper.nodalValues(), this.values.subarray(0, this.size), this.request.unknown, this.schedule.total, time, dt, [this.request.times[0], this.request.times[this.request.times.length - 1]]))
  }
}
