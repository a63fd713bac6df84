/** The part of the coordinate plane that a chart shows, and the history of such parts (h, ←, →). Everything here is a value; nothing is changed in place. */
export interface ViewWindow {
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
}

export interface ViewHistory {
  readonly home: ViewWindow
  readonly windows: readonly ViewWindow[]
  readonly at: number
}

const longest = 100

export const viewHistory = (home: ViewWindow): ViewHistory => ({ home, windows: [home], at: 0 })
export const currentWindow = (history: ViewHistory): ViewWindow => history.windows[history.at]
export const sameWindow = (a: ViewWindow, b: ViewWindow): boolean => a.x[0] === b.x[0] && a.x[1] === b.x[1] && a.y[0] === b.y[0] && a.y[1] === b.y[1]
export const isHome = (history: ViewHistory): boolean => sameWindow(currentWindow(history), history.home)

/** A new window; what lay ahead in the history is dropped. With `continuing` it replaces the current one (the steps of one drag or one turn of the wheel). */
export function visit(history: ViewHistory, window: ViewWindow, continuing = false): ViewHistory {
  if (sameWindow(window, currentWindow(history))) return history
  const kept = history.windows.slice(0, continuing && history.at > 0 ? history.at : history.at + 1)
  const windows = [...kept, window].slice(-longest)
  return { ...history, windows, at: windows.length - 1 }
}

export const goHome = (history: ViewHistory): ViewHistory => visit(history, history.home)
export const goBack = (history: ViewHistory): ViewHistory => ({ ...history, at: Math.max(0, history.at - 1) })
export const goForward = (history: ViewHistory): ViewHistory => ({ ...history, at: Math.min(history.windows.length - 1, history.at + 1) })

/** Other data: a new home. A reader who has zoomed in keeps the place as long as it overlaps the new home. */
export function rehome(history: ViewHistory, home: ViewWindow): ViewHistory {
  if (sameWindow(history.home, home)) return history
  const here = currentWindow(history)
  const overlaps = (a: readonly [number, number], b: readonly [number, number]): boolean => a[0] < b[1] && b[0] < a[1]
  if (isHome(history) || !overlaps(here.x, home.x) || !overlaps(here.y, home.y)) return viewHistory(home)
  return { home, windows: [home, here], at: 1 }
}

/** Zoom by `factor` (> 1 shows less) about a fixed point, per axis; never past a relative width of 1e-9, where coordinates run out of digits. */
export function zoomAbout(window: ViewWindow, x: number, y: number, factor: number, axes: 'both' | 'x' | 'y' = 'both'): ViewWindow {
  const scaled = ([lower, upper]: readonly [number, number], centre: number): readonly [number, number] => {
    const next = [centre + (lower - centre) / factor, centre + (upper - centre) / factor] as const
    return next[1] - next[0] > 1e-9 * (Math.abs(next[0]) + Math.abs(next[1])) + 1e-300 ? next : [lower, upper]
  }
  return { x: axes === 'y' ? window.x : scaled(window.x, x), y: axes === 'x' ? window.y : scaled(window.y, y) }
}

export const panned = (window: ViewWindow, dx: number, dy: number): ViewWindow =>
  ({ x: [window.x[0] + dx, window.x[1] + dx], y: [window.y[0] + dy, window.y[1] + dy] })

/** Shifts (and if need be shrinks) the window into `home`, so that a reader never loses the data. */
export function confined(window: ViewWindow, home: ViewWindow): ViewWindow {
  const confine = ([lower, upper]: readonly [number, number], [from, to]: readonly [number, number]): readonly [number, number] => {
    if (upper - lower >= to - from) return [from, to]
    const shift = Math.max(from - lower, 0) + Math.min(to - upper, 0)
    return [lower + shift, upper + shift]
  }
  return { x: confine(window.x, home.x), y: confine(window.y, home.y) }
}
