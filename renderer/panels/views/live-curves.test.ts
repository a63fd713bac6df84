import { expect, test } from 'vitest'
import type { EngineClient, EventName, Events, JobSeries } from '../../../shared/protocol/contract'
import { liveCurvesOf } from './live-curves'

function fakeClient(kept: JobSeries['pieces']) {
  const listeners = new Map<EventName, (payload: never) => void>()
  const asked: string[] = []
  const client = {
    call: (channel: string) => {
      asked.push(channel)
      return Promise.resolve(kept)
    },
    on: (event: EventName, listener: (payload: never) => void) => {
      listeners.set(event, listener)
      return () => listeners.delete(event)
    },
    onConnection: () => () => undefined,
  } as unknown as EngineClient
  const emit = <E extends EventName>(event: E, payload: Events[E]): void => listeners.get(event)?.(payload as never)
  return { client, emit, asked }
}

const piece = (x: number[], values: number[]): JobSeries['pieces'] => [{ name: 'residuals', x: Float64Array.from(x), values: Float64Array.from(values) }]

test('a window that comes in the middle asks for the beginning, and goes on from there', async () => {
  const { client, emit, asked } = fakeClient(piece([0, 1], [1, 0.5]))
  const feed = liveCurvesOf(client)
  expect(liveCurvesOf(client)).toBe(feed)
  emit('job.series', { experiment: 'e', step: 's', pieces: piece([1], [0.5]) })
  expect(feed.store.getState()).toEqual({})
  feed.fetch('e', 's')
  await Promise.resolve()
  emit('job.series', { experiment: 'e', step: 's', pieces: piece([2], [0.25]) })
  expect([...feed.store.getState()['e/s'][0].values]).toEqual([1, 0.5, 0.25])
  feed.fetch('e', 's')
  expect(asked).toEqual(['series.read'])
})

test('a new run empties the curves of the last one', () => {
  const { client, emit } = fakeClient([])
  const feed = liveCurvesOf(client)
  emit('job.series', { experiment: 'e', step: 's', restarts: true, pieces: [] })
  emit('job.series', { experiment: 'e', step: 's', pieces: piece([0, 1], [1, 0.1]) })
  emit('job.series', { experiment: 'e', step: 's', restarts: true, pieces: [] })
  expect(feed.store.getState()['e/s']).toEqual([])
})
