import type { ComponentChoice } from '../../../shared/fields/components'
import type { EngineClient, FieldPicture, ResultInfo } from '../../../shared/protocol/contract'

/** What a view asks of the engine: one reduced picture of one field. */
export interface FieldRequest {
  readonly experiment: string
  readonly step: string
  readonly array: string
  /** Of a field with components. */
  readonly component?: ComponentChoice
  /** The result that the picture belongs to: another result, another picture. */
  readonly result: ResultInfo
  readonly timeIndex?: number
  readonly spacetime?: boolean
  /** Index ranges [from, to) per axis. */
  readonly region?: readonly (readonly [number, number])[]
  readonly size: readonly number[]
}

const results = new WeakMap<ResultInfo, number>()
let nextResult = 1
function identity(result: ResultInfo): number {
  let id = results.get(result)
  if (id === undefined) results.set(result, (id = nextResult++))
  return id
}

export const requestKey = (r: FieldRequest): string => JSON.stringify([r.experiment, r.step, r.array, r.component ?? null, identity(r.result), r.timeIndex ?? null, r.spacetime ?? false, r.region ?? null, r.size])

/** Bytes of pictures kept for going back and forth in time. */
export const keptBytes = 160e6

interface Entry { readonly picture: Promise<FieldPicture>; bytes: number; settled: FieldPicture | undefined }

/** Pictures by request, least recently used dropped first; two views that ask for the same get the same. */
export class FieldCache {
  private readonly entries = new Map<string, Entry>()
  constructor(private readonly client: EngineClient, private readonly limit = keptBytes) {}

  /** The picture if it is here already. */
  peek(request: FieldRequest): FieldPicture | undefined {
    return this.entries.get(requestKey(request))?.settled
  }

  read(request: FieldRequest): Promise<FieldPicture> {
    const key = requestKey(request)
    const known = this.entries.get(key)
    if (known) {
      this.entries.delete(key)
      this.entries.set(key, known)
      return known.picture
    }
    const { experiment, step, array, component, timeIndex, spacetime, region, size } = request
    const picture = this.client.call('field.read', {
      experiment, ref: { step, array, ...(component === undefined ? {} : { component }) }, size: [...size], ...(timeIndex === undefined ? {} : { timeIndex }), ...(spacetime ? { spacetime } : {}),
      ...(region ? { region: region.map(([from, to]) => [from, to] as [number, number]) } : {}),
    })
    const entry: Entry = { picture, bytes: 0, settled: undefined }
    this.entries.set(key, entry)
    picture.then(
      read => {
        entry.settled = read
        entry.bytes = read.values.byteLength
        this.trim()
      },
      () => {
        // A failed read is asked again next time.
        if (this.entries.get(key) === entry) this.entries.delete(key)
      },
    )
    return picture
  }

  private trim(): void {
    let total = 0
    for (const entry of this.entries.values()) total += entry.bytes
    for (const [key, entry] of this.entries) {
      if (total <= this.limit || this.entries.size <= 1) return
      if (!entry.settled) continue
      this.entries.delete(key)
      total -= entry.bytes
    }
  }
}

const caches = new WeakMap<EngineClient, FieldCache>()
export function fieldCacheOf(client: EngineClient): FieldCache {
  let cache = caches.get(client)
  if (!cache) caches.set(client, (cache = new FieldCache(client)))
  return cache
}
