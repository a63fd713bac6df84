import { describe, expect, it } from 'vitest'
import type { EngineClient, FieldPicture, ResultInfo } from '../../../shared/protocol/contract'
import { FieldCache } from './field-cache'
import type { FieldRequest } from './field-cache'

const result = (): ResultInfo => ({ metrics: {}, arrays: [], converged: true, seconds: 0, ran: { backend: '', precision: '', threads: 1, version: '' }, faults: [] })
const picture = (n: number): FieldPicture => ({ shape: [n], values: new Float32Array(n), minimum: 0, maximum: 0, minimumOverall: 0, maximumOverall: 0, nonFinite: 0, axes: [] })

function recording(answer: () => Promise<FieldPicture>) {
  const asked: unknown[] = []
  const client = { call: (_channel: string, parameters: unknown) => { asked.push(parameters); return answer() }, on: () => () => undefined, onConnection: () => () => undefined } as unknown as EngineClient
  return { asked, client }
}

describe('field cache', () => {
  const base: FieldRequest = { experiment: 'e', step: 'fd', array: 'u', result: result(), timeIndex: 0, size: [64] }
  it('asks once for equal requests and again for another time or another result', async () => {
    const { asked, client } = recording(async () => picture(4))
    const cache = new FieldCache(client)
    expect(cache.peek(base)).toBeUndefined()
    const first = await cache.read(base)
    expect(await cache.read({ ...base })).toBe(first)
    expect(cache.peek(base)).toBe(first)
    await cache.read({ ...base, timeIndex: 1 })
    await cache.read({ ...base, result: result() })
    expect(asked).toHaveLength(3)
    expect(asked[0]).toEqual({ experiment: 'e', ref: { step: 'fd', array: 'u' }, size: [64], timeIndex: 0 })
  })
  it('drops what was used longest ago', async () => {
    const { asked, client } = recording(async () => picture(100))
    const cache = new FieldCache(client, 1000)
    for (const timeIndex of [0, 1]) await cache.read({ ...base, timeIndex })
    await cache.read({ ...base, timeIndex: 0 })
    await cache.read({ ...base, timeIndex: 2 })
    expect(cache.peek({ ...base, timeIndex: 1 })).toBeUndefined()
    expect(cache.peek({ ...base, timeIndex: 0 })).toBeDefined()
    expect(asked).toHaveLength(3)
  })
  it('asks again after a failure', async () => {
    let failing = true
    const { asked, client } = recording(async () => { if (failing) throw new Error('lost'); return picture(4) })
    const cache = new FieldCache(client)
    await expect(cache.read(base)).rejects.toThrow('lost')
    failing = false
    await cache.read(base)
    expect(asked).toHaveLength(2)
  })
})
