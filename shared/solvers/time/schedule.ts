/**
 * How the way from one output time to the next is cut into equal steps. A schedule is plain data: it goes into checkpoints, and a resumed run
 * continues with the same steps.
 */
export interface Schedule {
  /** Output interval: from times[interval] to times[interval + 1]. */
  interval: number
  /** Where the present run of equal steps began (an output time, or where the step size changed). */
  start: number
  /** Equal steps from `start` to the end of the interval, and how many are done. */
  count: number
  done: number
  /** Steps since the first time, and since the step size was last judged. */
  total: number
  unjudged: number
  /** The last of so many steps is judged. */
  window: number
  /** Stability limit when the window began; 0: none. */
  limit: number
  /** Part of the tolerance that rough passages may still spend. */
  reserve: number
}

export const scheduleNames = ['interval', 'start', 'count', 'done', 'total', 'unjudged', 'window', 'limit', 'reserve'] as const satisfies readonly (keyof Schedule)[]

export const firstSchedule = (start: number, reserve: number): Schedule => ({ interval: 0, start, count: 1, done: 0, total: 0, unjudged: 0, window: 1, limit: 0, reserve })

export function stepOf(schedule: Schedule, times: Float64Array): { readonly time: number; readonly dt: number } {
  const { interval, start, count, done } = schedule
  const length = times[interval + 1] - start
  return { time: start + (length * done) / count, dt: canonicalStep(length / count) }
}

/**
 * The step rounded to 44 significant bits (3e-14): output intervals that differ only in the last bits share one step, and with it the coefficients that exponential
 * and implicit methods prepare per step size.
 */
export function canonicalStep(dt: number): number {
  let scale = 1
  while (dt * scale < 8796093022208) scale *= 2
  while (dt * scale >= 17592186044416) scale /= 2
  return Math.round(dt * scale) / scale
}

/** Least number of equal steps of at most `dt` that fill `length`; rounding of a dividing dt costs no extra step. */
export const stepsFor = (length: number, dt: number): number => Math.max(1, Math.ceil(length / dt - 1e-9))
