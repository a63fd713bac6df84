import type { EngineClient, JobFrame } from '../../../shared/protocol/contract'

/** A view that watches a running step. It calls `drawn` when the frame is on screen: only then the engine sends the next one. */
export interface FrameWatcher {
  /** At most so many nodes per axis are of use. */
  readonly size: readonly number[]
  onFrame(frame: JobFrame, drawn: () => void): void
}

interface Watched {
  readonly watchers: Set<FrameWatcher>
  stop: () => void
  size: string
  /** Views that have not drawn the last frame yet. */
  waiting: Set<FrameWatcher>
  acknowledge: () => void
}

/**
 * One subscription per running step, whatever the number of views: its size is the largest that a view asked for, and a frame is
 * acknowledged when the last view has drawn it.
 */
export class LiveFrames {
  private readonly steps = new Map<string, Watched>()
  constructor(private readonly client: EngineClient) {}

  watch(experiment: string, step: string, watcher: FrameWatcher): () => void {
    const key = JSON.stringify([experiment, step])
    let watched = this.steps.get(key)
    if (!watched) {
      watched = {
        watchers: new Set(), stop: () => undefined, size: '', waiting: new Set(),
        acknowledge: () => void this.client.call('frames.ack', { experiment, step }).catch(() => undefined),
      }
      this.steps.set(key, watched)
      watched.stop = this.client.on('job.frame', frame => {
        if (frame.experiment === experiment && frame.step === step) deliver(watched!, frame)
      })
    }
    watched.watchers.add(watcher)
    this.subscribe(experiment, step, watched)
    return () => {
      if (!watched.watchers.delete(watcher)) return
      if (watched.watchers.size > 0) {
        // The engine must not wait for a view that has gone.
        settle(watched, watcher)
        return this.subscribe(experiment, step, watched)
      }
      watched.stop()
      this.steps.delete(key)
      // A step that has just ended has nothing left to unsubscribe from.
      this.client.call('frames.unsubscribe', { experiment, step }).catch(() => undefined)
    }
  }

  private subscribe(experiment: string, step: string, watched: Watched): void {
    const axes = Math.min(3, Math.max(...[...watched.watchers].map(w => w.size.length)))
    const size = Array.from({ length: axes }, (_, k) => Math.max(2, ...[...watched.watchers].map(w => Math.ceil(w.size[k] ?? 2))))
    if (watched.size === String(size)) return
    watched.size = String(size)
    this.client.call('frames.subscribe', { experiment, step, size }).catch(() => undefined)
  }
}

function deliver(watched: Watched, frame: JobFrame): void {
  watched.waiting = new Set(watched.watchers)
  const { waiting } = watched
  for (const watcher of [...watched.watchers]) {
    watcher.onFrame(frame, () => {
      if (waiting === watched.waiting) settle(watched, watcher)
    })
  }
}

function settle(watched: Watched, watcher: FrameWatcher): void {
  if (watched.waiting.delete(watcher) && watched.waiting.size === 0) watched.acknowledge()
}

const shared = new WeakMap<EngineClient, LiveFrames>()
export function liveFramesOf(client: EngineClient): LiveFrames {
  let live = shared.get(client)
  if (!live) shared.set(client, (live = new LiveFrames(client)))
  return live
}
