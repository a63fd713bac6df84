import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Fault } from '../../shared/fault'

export interface Notice {
  readonly id: number
  readonly severity: 'error' | 'warning' | 'info' | 'done'
  readonly message: string
  readonly tip?: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

export interface Notices {
  readonly store: StoreApi<{ readonly notices: readonly Notice[] }>
  /** Returns its id. */
  show(notice: Omit<Notice, 'id'>): number
  faults(faults: readonly Fault[]): void
  dismiss(id: number): void
}

/** Short messages at the window's edge. Errors stay until dismissed; the rest leaves after a while. */
export function createNotices(lifetime = 6000): Notices {
  const store = createStore<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }))
  let next = 1
  const dismiss = (id: number): void => store.setState(state => ({ notices: state.notices.filter(notice => notice.id !== id) }))
  const show = (notice: Omit<Notice, 'id'>): number => {
    const id = next++
    // The same sentence twice says nothing new: the later one takes the place of the first.
    store.setState(state => ({ notices: [...state.notices.filter(n => n.message !== notice.message).slice(-4), { ...notice, id }] }))
    if (notice.severity !== 'error') setTimeout(() => dismiss(id), lifetime)
    return id
  }
  return {
    store,
    show,
    dismiss,
    faults: faults => {
      for (const { severity, message, tip } of faults.slice(0, 3)) show({ severity, message, tip })
    },
  }
}
