import { useEffect } from 'react'
import type { StoreApi } from 'zustand/vanilla'
import { createStore } from 'zustand/vanilla'
import { useStore } from 'zustand'
import { LiveCurves } from '../../../shared/protocol/live-curves'
import type { CurvePiece } from '../../../shared/protocol/live-curves'
import type { EngineClient } from '../../../shared/protocol/contract'

type Known = Readonly<Record<string, readonly CurvePiece[]>>
const placeOf = (experiment: string, step: string): string => `${experiment}/${step}`
const none: readonly CurvePiece[] = []

/** The growing curves of running steps, and of those that ran last: one subscription however many views look. */
export class LiveCurveFeed {
  readonly store: StoreApi<Known> = createStore<Known>(() => ({}))
  private readonly grown = new Map<string, LiveCurves>()

  constructor(private readonly client: EngineClient) {
    client.on('job.series', ({ experiment, step, restarts, pieces }) => {
      const place = placeOf(experiment, step)
      // Of a run that began before this window came the beginning is not known: it is asked for, with all that follows.
      if (restarts) this.grown.set(place, new LiveCurves())
      const curves = this.grown.get(place)
      if (!curves) return
      curves.append(pieces)
      this.store.setState({ [place]: curves.pieces() })
    })
  }

  /** Asks for what the engine has kept, where this window has heard nothing of the step. */
  fetch(experiment: string, step: string): void {
    const place = placeOf(experiment, step)
    if (this.grown.has(place)) return
    this.client.call('series.read', { experiment, step }).then(
      pieces => {
        // Events that came after the answer was made come after it.
        const curves = new LiveCurves()
        curves.append(pieces)
        this.grown.set(place, curves)
        this.store.setState({ [place]: curves.pieces() })
      },
      () => undefined,
    )
  }
}

const feeds = new WeakMap<EngineClient, LiveCurveFeed>()
export function liveCurvesOf(client: EngineClient): LiveCurveFeed {
  let feed = feeds.get(client)
  if (!feed) feeds.set(client, (feed = new LiveCurveFeed(client)))
  return feed
}

/** The curves of a step's run: empty where it told none. */
export function useLiveCurves(client: EngineClient, experiment: string, step: string): readonly CurvePiece[] {
  const feed = liveCurvesOf(client)
  useEffect(() => feed.fetch(experiment, step), [feed, experiment, step])
  return useStore(feed.store, state => state[placeOf(experiment, step)]) ?? none
}
