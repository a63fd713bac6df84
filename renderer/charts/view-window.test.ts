import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confined, currentWindow, goBack, goForward, goHome, isHome, panned, rehome, sameWindow, viewHistory, visit, zoomAbout } from './view-window'
import type { ViewWindow } from './view-window'

const home: ViewWindow = { x: [0, 2], y: [-1, 1] }
const inner: ViewWindow = { x: [0.5, 1], y: [0, 0.5] }

describe('view history', () => {
  it('goes back, forward and home', () => {
    let history = visit(viewHistory(home), inner)
    expect(currentWindow(goBack(history))).toEqual(home)
    expect(currentWindow(goForward(goBack(history)))).toEqual(inner)
    history = goHome(history)
    expect(isHome(history)).toBe(true)
    expect(currentWindow(goBack(history))).toEqual(inner)
  })
  it('drops what lay ahead, and counts one drag once', () => {
    const first = goBack(visit(viewHistory(home), inner))
    expect(visit(first, panned(home, 1, 0)).windows).toHaveLength(2)
    const dragged = [0.1, 0.2, 0.3].reduce((h, d, k) => visit(h, panned(inner, d, 0), k > 0), visit(viewHistory(home), inner))
    expect(dragged.windows).toHaveLength(3)
  })
  it('keeps a zoom over new data that it still overlaps', () => {
    const zoomed = visit(viewHistory(home), inner)
    expect(currentWindow(rehome(zoomed, { x: [0, 3], y: [-1, 1] }))).toEqual(inner)
    expect(isHome(rehome(zoomed, { x: [5, 6], y: [-1, 1] }))).toBe(true)
    expect(isHome(rehome(viewHistory(home), inner))).toBe(true)
  })
})

describe('zooming', () => {
  it('keeps the point under the pointer where it is', () => {
    fc.assert(fc.property(fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0.2, max: 5, noNaN: true }), (x, y, factor) => {
      const zoomed = zoomAbout(home, x, y, factor)
      expect((x - zoomed.x[0]) / (zoomed.x[1] - zoomed.x[0])).toBeCloseTo((x - home.x[0]) / 2, 9)
      expect((y - zoomed.y[0]) / (zoomed.y[1] - zoomed.y[0])).toBeCloseTo((y - home.y[0]) / 2, 9)
    }))
  })
  it('stops where coordinates run out of digits', () => {
    let window = home
    for (let i = 0; i < 200; i++) window = zoomAbout(window, 1, 0.5, 2)
    expect(window.x[1]).toBeGreaterThan(window.x[0])
  })
  it('confines to the data', () => {
    expect(confined(panned(inner, 10, -10), home)).toEqual({ x: [1.5, 2], y: [-1, -0.5] })
    expect(sameWindow(confined({ x: [-5, 5], y: [-5, 5] }, home), home)).toBe(true)
  })
})
