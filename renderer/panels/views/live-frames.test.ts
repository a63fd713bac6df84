import { describe, expect, it } from 'vitest'
import type { EngineClient, JobFrame } from '../../../shared/protocol/contract'
import { LiveFrames } from './live-frames'

function engine() {
  const calls: [string, unknown][] = []
  const listeners = new Set<(frame: JobFrame) => void>()
  const client = {
    call: async (channel: string, parameters: unknown) => void calls.push([channel, parameters]),
    on: (_event: string, listener: (frame: JobFrame) => void) => { listeners.add(listener); return () => listeners.delete(listener) },
    onConnection: () => () => undefined,
  } as unknown as EngineClient
  const send = (step = 'fd'): void => listeners.forEach(l => l({ experiment: 'e', step, name: 'u', shape: [1], values: Float32Array.of(1), minimum: 1, maximum: 1 }))
  return { calls, client, send, listeners }
}

describe('live frames', () => {
  it('share one subscription of the largest size and acknowledge after the last view has drawn', () => {
    const { calls, client, send, listeners } = engine()
    const live = new LiveFrames(client)
    const pending: (() => void)[] = []
    const watcher = (size: number[]) => ({ size, onFrame: (_: JobFrame, drawn: () => void) => void pending.push(drawn) })
    const stopA = live.watch('e', 'fd', watcher([100, 50]))
    const stopB = live.watch('e', 'fd', watcher([80, 90]))
    expect(calls.map(([channel, p]) => [channel, (p as { size: number[] }).size])).toEqual([['frames.subscribe', [100, 50]], ['frames.subscribe', [100, 90]]])
    send()
    expect(pending).toHaveLength(2)
    pending[0]()
    expect(calls).toHaveLength(2)
    pending[1]()
    pending[1]()
    expect(calls.slice(2)).toEqual([['frames.ack', { experiment: 'e', step: 'fd' }]])
    stopA()
    expect(calls.at(-1)).toEqual(['frames.subscribe', { experiment: 'e', step: 'fd', size: [80, 90] }])
    stopB()
    expect(calls.at(-1)![0]).toBe('frames.unsubscribe')
    expect(listeners.size).toBe(0)
  })
  it('do not wait for a view that closes before it has drawn', () => {
    const { calls, client, send } = engine()
    const live = new LiveFrames(client)
    const pending: (() => void)[] = []
    live.watch('e', 'fd', { size: [10], onFrame: (_, drawn) => void pending.push(drawn) })
    const stop = live.watch('e', 'fd', { size: [10], onFrame: () => undefined })
    send()
    pending[0]()
    expect(calls.at(-1)![0]).toBe('frames.subscribe')
    stop()
    expect(calls.at(-1)![0]).toBe('frames.ack')
  })
  it('pass frames of other steps by', () => {
    const { client, send } = engine()
    let seen = 0
    new LiveFrames(client).watch('e', 'fd', { size: [10], onFrame: () => seen++ })
    send('other')
    expect(seen).toBe(0)
    send()
    expect(seen).toBe(1)
  })
})
