import { Cancelled } from '../../../shared/kernels/team'
import type { Checkpoint, LiveFrame, Progress, Run } from '../../../shared/kernels/team'
import { control } from './messages'
import type { Frame, FromConductor } from './messages'

export interface RunOptions {
  /** The words shared with the pump (messages.ts). */
  readonly words: Int32Array
  readonly post: (message: FromConductor, transfer?: readonly ArrayBuffer[]) => void
  readonly resumed: Checkpoint | undefined
  readonly writeCheckpoint: (checkpoint: Checkpoint) => void
  readonly reduceFrame: (frame: LiveFrame, size: readonly number[]) => Frame
  /** Milliseconds of a steady clock. */
  readonly now: () => number
}

/** Between two progress messages. */
const progressInterval = 50
/** Between two messages of growing curves. */
const seriesInterval = 80
/** Between two checkpoints, at the least; a costly one waits until it takes less than a twentieth of the time. */
const checkpointInterval = 2000

/** `Run` of a step on the conductor thread. All calls are cheap when nothing is due. */
export function createRun(options: RunOptions): Run & { flush(): void } {
  const { words, post, now } = options
  let sentAt = -Infinity
  let pending: Progress | undefined
  let checkpointDue = now() + checkpointInterval

  const curves = new Map<string, { x: number[]; values: number[] }>()
  let seriesSentAt = -Infinity

  const flushProgress = (): void => {
    if (pending) post({ kind: 'progress', update: pending })
    pending = undefined
    sentAt = now()
  }
  const flushSeries = (): void => {
    if (curves.size > 0) {
      const pieces = [...curves].map(([name, { x, values }]) => ({ name, x: Float64Array.from(x), values: Float64Array.from(values) }))
      curves.clear()
      post({ kind: 'series', pieces }, pieces.flatMap(piece => [piece.x.buffer, piece.values.buffer]))
    }
    seriesSentAt = now()
  }

  return {
    progress(update) {
      pending = update
      if (now() - sentAt >= progressInterval) flushProgress()
    },
    series(name, x, value) {
      let curve = curves.get(name)
      if (!curve) curves.set(name, (curve = { x: [], values: [] }))
      curve.x.push(x)
      curve.values.push(value)
      if (now() - seriesSentAt >= seriesInterval) flushSeries()
    },
    log: (severity, message) => post({ kind: 'log', severity, message }),
    frame(make) {
      const axes = Atomics.load(words, control.frameAxes)
      if (axes === 0 || Atomics.compareExchange(words, control.frameCredit, 1, 0) !== 1) return
      const size = Array.from({ length: axes }, (_, axis) => Atomics.load(words, control.frameAxes + 1 + axis))
      const frame = options.reduceFrame(make(), size)
      post({ kind: 'frame', frame }, [frame.values.buffer as ArrayBuffer])
    },
    checkpoint(make, force = false) {
      const started = now()
      if (!force && started < checkpointDue) return
      options.writeCheckpoint(make())
      const ended = now()
      checkpointDue = ended + Math.max(checkpointInterval, 20 * (ended - started))
      post({ kind: 'checkpointed' })
    },
    resumed: options.resumed,
    throwIfCancelled() {
      if (Atomics.load(words, control.cancel) === 1) throw new Cancelled()
    },
    keepsWhenStopped: () => post({ kind: 'keeps' }),
    flush() {
      flushProgress()
      flushSeries()
    },
  }
}
