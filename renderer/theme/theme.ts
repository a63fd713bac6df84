import { createStore, type StoreApi } from 'zustand/vanilla'

export type ThemeChoice = 'system' | 'light' | 'dark'
export interface ThemeState {
  readonly choice: ThemeChoice
  /** What is shown. */
  readonly theme: 'light' | 'dark'
}

const key = 'residuum.theme'

/** The theme store; it sets `data-theme` on the root element, from which the tokens follow. */
export function createTheme(): StoreApi<ThemeState> & { choose(choice: ThemeChoice): void } {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const shown = (choice: ThemeChoice): 'light' | 'dark' => (choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice)
  const stored = localStorage.getItem(key)
  const choice: ThemeChoice = stored === 'light' || stored === 'dark' ? stored : 'system'
  const store = createStore<ThemeState>(() => ({ choice, theme: shown(choice) }))
  const show = (): void => document.documentElement.setAttribute('data-theme', store.getState().theme)
  store.subscribe(show)
  show()
  dark.addEventListener('change', () => store.setState(state => ({ theme: shown(state.choice) })))
  return {
    ...store,
    choose(next) {
      if (next === 'system') localStorage.removeItem(key)
      else localStorage.setItem(key, next)
      store.setState({ choice: next, theme: shown(next) })
    },
  }
}
