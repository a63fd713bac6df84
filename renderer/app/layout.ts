import { createStore, type StoreApi } from 'zustand/vanilla'

/** The window's own arrangement; how the views of one experiment are docked is kept with the experiment. */
export interface LayoutState {
  readonly railShown: boolean
  readonly railWidth: number
  readonly inspectorShown: boolean
  readonly inspectorWidth: number
  readonly inspectorTab: InspectorTab
  /** Step whose options, metrics and provenance the inspector shows. */
  readonly selectedStep: string | undefined
}
export type InspectorTab = 'options' | 'metrics' | 'log' | 'provenance'

const key = 'residuum.layout'
const initial: LayoutState = { railShown: true, railWidth: 268, inspectorShown: true, inspectorWidth: 300, inspectorTab: 'options', selectedStep: undefined }

/** Remembers itself in the window's storage, apart from the selection. */
export function createLayout(storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage): StoreApi<LayoutState> {
  const store = createStore<LayoutState>(() => ({ ...initial, ...stored(storage) }))
  store.subscribe(({ railShown, railWidth, inspectorShown, inspectorWidth }) => storage.setItem(key, JSON.stringify({ railShown, railWidth, inspectorShown, inspectorWidth })))
  return store
}

function stored(storage: Pick<Storage, 'getItem'>): Partial<LayoutState> {
  try {
    const value = JSON.parse(storage.getItem(key) ?? '{}') as Record<string, unknown>
    const width = (name: string, least: number, most: number): object => (typeof value[name] === 'number' ? { [name]: Math.min(most, Math.max(least, value[name])) } : {})
    const flag = (name: string): object => (typeof value[name] === 'boolean' ? { [name]: value[name] } : {})
    return { ...flag('railShown'), ...flag('inspectorShown'), ...width('railWidth', 200, 480), ...width('inspectorWidth', 240, 560) }
  } catch {
    return {}
  }
}
