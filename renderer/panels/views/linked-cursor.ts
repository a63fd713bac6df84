import { createStore } from 'zustand/vanilla'
import type { StoreApi } from 'zustand/vanilla'
import type { LinkedView } from '../view'

/** Where the pointer is, in coordinates of the engine, shown by every view of the same axes. Not part of the linked view: it is never saved. */
export interface LinkedCursor {
  readonly at: readonly number[] | undefined
  /** Symbols of the coordinates: a cursor over (x, y) means nothing over (x, t). */
  readonly axes: string
  /** The view under the pointer. */
  readonly source: symbol | undefined
}

const stores = new WeakMap<StoreApi<LinkedView>, StoreApi<LinkedCursor>>()
export function linkedCursorOf(linked: StoreApi<LinkedView>): StoreApi<LinkedCursor> {
  let store = stores.get(linked)
  if (!store) stores.set(linked, (store = createStore<LinkedCursor>(() => ({ at: undefined, axes: '', source: undefined }))))
  return store
}
