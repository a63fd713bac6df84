import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Json } from '../../../shared/json'

/** What a docked panel shows; kept in the saved layout. */
export type PanelContent =
  | { readonly kind: 'problem' }
  | { readonly kind: 'view'; readonly view: string; readonly step: string; readonly array: string; readonly options?: Json }

export interface OpenPanel {
  readonly id: string
  readonly content: PanelContent
}

export type Place = { readonly beside: string; readonly direction: 'left' | 'right' | 'above' | 'below' | 'within' } | { readonly edge: 'left' | 'right' | 'above' | 'below' }

/** What the docking library does for us (Dock.tsx is the only file that knows it). */
export interface DockDriver {
  add(id: string, title: string, content: PanelContent, place: Place | undefined, size?: { readonly width?: number; readonly height?: number }): void
  remove(id: string): void
  focus(id: string): void
  update(id: string, content: PanelContent): void
  clear(): void
  toJson(): Json
  /** Throws when the layout does not fit. */
  fromJson(layout: Json): void
  maximize(id: string): void
  /** Out of its tabs to a place of its own on that side, or into the neighbour there. */
  move(id: string, direction: 'left' | 'right' | 'top' | 'bottom'): void
}

export interface DockingState {
  readonly panels: readonly OpenPanel[]
  readonly active: string | undefined
  readonly maximized: boolean
}

/** The docked panels by what they show. */
export interface Docking {
  readonly store: StoreApi<DockingState>
  attach(driver: DockDriver | undefined): void
  attached(): boolean
  open(content: PanelContent, place?: Place, size?: { readonly width?: number; readonly height?: number }): string | undefined
  /** Brings forward a panel of this step, or asks the workbench for the step's default views. */
  showStep(step: string): void
  onShowStep(listener: (step: string) => void): () => void
  closePanel(id: string): void
  focus(id: string): void
  setOptions(id: string, options: Json): void
  /** The same view of another array of its step. */
  setArray(id: string, array: string, options?: Json): void
  clear(): void
  layout(): Json | undefined
  restore(layout: Json): boolean
  toggleMaximized(): void
  moveActive(direction: 'left' | 'right' | 'top' | 'bottom'): void
  /** A view's command goes to the active panel. */
  sendCommand(command: string): void
  onCommand(panel: string, listener: (command: string) => void): () => void
}

export const panelTitle = (content: PanelContent): string => (content.kind === 'problem' ? 'Problem editor' : `${content.array} · ${content.step}, ${content.view}`)

const sameContent = (a: PanelContent, b: PanelContent): boolean =>
  a.kind === b.kind && (a.kind === 'problem' || (b.kind === 'view' && a.view === b.view && a.step === b.step && a.array === b.array))

export function createDocking(): Docking {
  const store = createStore<DockingState>(() => ({ panels: [], active: undefined, maximized: false }))
  const commandListeners = new Map<string, Set<(command: string) => void>>()
  const stepListeners = new Set<(step: string) => void>()
  let driver: DockDriver | undefined
  let next = 1

  const find = (id: string): OpenPanel | undefined => store.getState().panels.find(panel => panel.id === id)

  return {
    store,
    attach(given) {
      driver = given
      if (!given) store.setState({ panels: [], active: undefined, maximized: false })
    },
    attached: () => driver !== undefined,
    open(content, place, size) {
      if (!driver) return undefined
      const open = store.getState().panels.find(panel => sameContent(panel.content, content))
      if (open) {
        driver.focus(open.id)
        return open.id
      }
      let id = ''
      do id = `panel-${next++}`
      while (find(id))
      driver.add(id, panelTitle(content), content, place, size)
      return id
    },
    showStep(step) {
      for (const listener of stepListeners) listener(step)
    },
    onShowStep(listener) {
      stepListeners.add(listener)
      return () => void stepListeners.delete(listener)
    },
    closePanel: id => driver?.remove(id),
    focus: id => driver?.focus(id),
    setOptions(id, options) {
      const panel = find(id)
      if (panel?.content.kind !== 'view' || JSON.stringify(panel.content.options) === JSON.stringify(options)) return
      driver?.update(id, { ...panel.content, options })
    },
    setArray(id, array, options) {
      const panel = find(id)
      if (panel?.content.kind === 'view') driver?.update(id, { ...panel.content, array, ...(options === undefined ? {} : { options }) })
    },
    clear: () => driver?.clear(),
    layout: () => driver?.toJson(),
    restore(layout) {
      if (!driver) return false
      try {
        driver.fromJson(layout)
        return store.getState().panels.length > 0
      } catch {
        // A layout of another version: the default one takes its place.
        driver.clear()
        return false
      }
    },
    toggleMaximized() {
      const { active } = store.getState()
      if (active !== undefined) driver?.maximize(active)
    },
    moveActive(direction) {
      const { active } = store.getState()
      if (active !== undefined) driver?.move(active, direction)
    },
    sendCommand(command) {
      const { active } = store.getState()
      for (const listener of commandListeners.get(active ?? '') ?? []) listener(command)
    },
    onCommand(panel, listener) {
      const set = commandListeners.get(panel) ?? new Set()
      commandListeners.set(panel, set)
      set.add(listener)
      return () => void set.delete(listener)
    },
  }
}
