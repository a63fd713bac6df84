import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { currentWindow, goBack, goForward, goHome, visit, zoomAbout } from '../../../charts/view-window'
import type { ViewProps } from '../../view'
import type { ChartControl } from './LineChart'

export interface ChartCommands {
  toggleGrid(): void
  toggleX?(): void
  toggleY?(): void
  toggleMode(mode: 'zoom' | 'pan'): void
  save(): void
  other?(name: string): void
}

/** The keys that all line charts share: h ← → o p g l k s and zooming. */
export function useChartCommands(prefix: string, onCommand: ViewProps['onCommand'], control: RefObject<ChartControl | null>, commands: ChartCommands): void {
  const latest = useRef(commands)
  useEffect(() => {
    latest.current = commands
  })
  useEffect(
    () =>
      onCommand(id => {
        const name = id.slice(prefix.length + 1)
        const { current: c } = latest
        const change = control.current?.change
        if (name === 'home') change?.(goHome)
        else if (name === 'back') change?.(goBack)
        else if (name === 'forward') change?.(goForward)
        else if (name === 'zoom-in' || name === 'zoom-out')
          change?.(h => {
            const w = currentWindow(h)
            // The middle of what is seen; on logarithmic axes the windows are positive and the geometric middle is meant.
            const middle = ([a, b]: readonly [number, number]): number => (a > 0 && b / a > 30 ? Math.sqrt(a * b) : (a + b) / 2)
            return visit(h, zoomAbout(w, middle(w.x), middle(w.y), name === 'zoom-in' ? 1.5 : 1 / 1.5))
          })
        else if (name === 'zoom' || name === 'pan') c.toggleMode(name)
        else if (name === 'grid') c.toggleGrid()
        else if (name === 'log-x') c.toggleX?.()
        else if (name === 'log-y') c.toggleY?.()
        else if (name === 'save') c.save()
        else c.other?.(name)
      }),
    [prefix, onCommand, control],
  )
}
