import type { StoreApi } from 'zustand/vanilla'
import { createStore } from 'zustand/vanilla'
import type { LinkedView } from '../view'
import { timeIndexOf } from '../view'

/** Playing through time: one clock per experiment, however many views show a time bar. */
export interface PlaybackState {
  /** 1 plays the whole interval in six seconds. */
  readonly speed: number
  readonly loop: boolean
}

export const speeds: readonly number[] = [0.25, 0.5, 1, 2, 4]
const secondsAtSpeedOne = 6

/** The physical time after `elapsed` seconds of playing; past the end it starts again or stays there. */
export function advanced(times: readonly number[], time: number, elapsed: number, { speed, loop }: PlaybackState): { readonly time: number; readonly ended: boolean } {
  const [first, last] = [times[0], times[times.length - 1]]
  const next = time + ((last - first) * speed * elapsed) / secondsAtSpeedOne
  if (next < last) return { time: Math.max(first, next), ended: false }
  // The last frame is shown before the first one comes again.
  if (!loop) return { time: last, ended: true }
  return { time: time < last ? last : first, ended: false }
}

/** The output time that many frames away from the shown one, kept within the ends. */
export function steppedTime(times: readonly number[], time: number | undefined, frames: number): number {
  const index = timeIndexOf(times, time) + frames
  return times[Math.min(times.length - 1, Math.max(0, index))]
}

interface Participant { readonly times: readonly number[]; readonly isReady: () => boolean }

export class Playback {
  readonly state = createStore<PlaybackState>(() => ({ speed: 1, loop: true }))
  private readonly participants = new Set<Participant>()
  private clock: number | undefined
  private running = false

  constructor(private readonly linked: StoreApi<LinkedView>) {
    linked.subscribe((now, before) => {
      if (now.playing && !before.playing) this.start()
    })
  }

  /** A view that shows times. While one is not ready (its frame has not come yet), the clock waits. */
  join(participant: Participant): () => void {
    this.participants.add(participant)
    if (this.linked.getState().playing) this.start()
    return () => void this.participants.delete(participant)
  }

  toggle(): void {
    this.linked.setState(state => ({ playing: !state.playing }))
  }

  /** The longest list of times among the views. */
  times(): readonly number[] {
    return [...this.participants].reduce<readonly number[]>((longest, p) => (p.times.length > longest.length ? p.times : longest), [])
  }

  private start(): void {
    if (this.running) return
    const times = this.times()
    if (times.length < 2) return
    this.running = true
    const shown = times[timeIndexOf(times, this.linked.getState().time)]
    this.clock = shown >= times[times.length - 1] ? times[0] : shown
    if (this.clock !== shown) this.linked.setState({ time: this.clock })
    let before = performance.now()
    const tick = (now: number): void => {
      // A tab that slept must not jump.
      const elapsed = Math.min(0.1, Math.max(0, (now - before) / 1000))
      before = now
      const current = this.times()
      if (!this.linked.getState().playing || current.length < 2) {
        this.running = false
        return
      }
      if ([...this.participants].every(p => p.isReady())) {
        const next = advanced(current, this.clock!, elapsed, this.state.getState())
        this.clock = next.time
        const frame = current[timeIndexOf(current, next.time)]
        if (frame !== this.linked.getState().time) this.linked.setState({ time: frame })
        if (next.ended) this.linked.setState({ playing: false })
      }
      requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
  }
}

const playbacks = new WeakMap<StoreApi<LinkedView>, Playback>()
export function playbackOf(linked: StoreApi<LinkedView>): Playback {
  let playback = playbacks.get(linked)
  if (!playback) playbacks.set(linked, (playback = new Playback(linked)))
  return playback
}
