import type { JobProgress } from '../../shared/protocol/contract'

/** Progress on standard error: one live line on a terminal, a line now and then elsewhere. */
export interface ProgressLine {
  update(step: string, progress: JobProgress): void
  /** A line that stays, above the live one. */
  say(text: string): void
  clear(): void
}

/** Between two lines where nobody watches live. */
const sparse = 10_000

export function createProgressLine(stream: NodeJS.WriteStream): ProgressLine {
  let live = false
  let last = Date.now()
  const clear = (): void => {
    if (live) stream.write('\r\x1b[K')
    live = false
  }
  return {
    update(step, progress) {
      const text = progressText(step, progress)
      if (stream.isTTY) {
        stream.write(`\r\x1b[K${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`)
        live = true
      } else if (Date.now() - last >= sparse) {
        last = Date.now()
        stream.write(`${text}\n`)
      }
    },
    say(text) {
      clear()
      stream.write(`${text}\n`)
    },
    clear,
  }
}

/** `fd  42 %  step 420/1000  t = 0.42  residual 1.3e-6  3 s left`. */
export function progressText(step: string, { fraction, index, count, time, residual, loss, stage, secondsLeft }: JobProgress): string {
  const parts = [
    step,
    fraction === undefined ? '' : `${Math.floor(100 * fraction)} %`,
    index === undefined ? '' : `step ${index}${count === undefined ? '' : `/${count}`}`,
    time === undefined ? '' : `t = ${Number(time.toPrecision(4))}`,
    residual === undefined ? '' : `residual ${residual.toExponential(1)}`,
    loss === undefined ? '' : `loss ${loss.toExponential(1)}`,
    stage ?? '',
    secondsLeft === undefined || secondsLeft < 1 ? '' : `${duration(secondsLeft)} left`,
  ]
  return parts.filter(Boolean).join('  ')
}

export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`
}
