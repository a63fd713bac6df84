import { create } from 'zustand'

interface HeaderSlots {
  readonly elements: Readonly<Record<string, HTMLElement | null>>
  set(panel: string, element: HTMLElement | null): void
}

/** Where each visible panel's switches go: an element in the header of its group. */
export const headerSlots = create<HeaderSlots>(set => ({
  elements: {},
  set: (panel, element) => set(state => ({ elements: { ...state.elements, [panel]: element } })),
}))
