import type { Progress } from '../../../shared/kernels/team'
import type { JobProgress } from '../../../shared/protocol/contract'

/** Adds elapsed time and time left to a job's progress. A resumed job begins at its checkpoint's fraction, which counts as no time. */
export function createProgressClock(experiment: string, step: string, now: () => number = () => performance.now()): { update(progress: Progress): JobProgress } {
  const started = now()
  let first: { readonly fraction: number; readonly at: number } | undefined
  return {
    update({ fraction, step: index, steps: count, time, residual, loss, stage }) {
      const at = now()
      if (fraction !== undefined) first ??= { fraction, at }
      const gained = fraction !== undefined && first ? fraction - first.fraction : 0
      const left = fraction !== undefined && first && gained > 0.01 ? ((at - first.at) * (1 - fraction)) / gained / 1000 : undefined
      const known = { fraction, index, count, time, residual, loss, stage, secondsLeft: left }
      return { experiment, step, secondsElapsed: (at - started) / 1000, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) }
    },
  }
}
