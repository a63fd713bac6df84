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
/** Between two checkpoints, at the least; a costly one waits until it takes less than a twentieth of the time. */
const checkpointInterval = 2000

/** `Run` of a step on the conductor thread. All calls are cheap when nothing is due. */
export function createRun(options: RunOptions): Run & { flush(): void } {
  const { words, post, now } = options
  let sentAt = -Infinity
  let pending: Progress | undefined
  let checkpointDue = now() + checkpointInterval

  const flush = (): void => {
    if (pending) post({ kind: 'progress', update: pending })
    pending = undefined
    sentAt = now()
  }

  return {
    progress(update) {
      pending = update
      if (now() - sentAt >= progressInterval) flush()
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
    flush,
  }
}
