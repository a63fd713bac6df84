import { useMemo, useSyncExternalStore } from 'react'
import { inkOf } from '../../charts/ink'
import type { Ink } from '../../charts/ink'

const onFonts = (listener: () => void): (() => void) => {
  document.fonts.addEventListener('loadingdone', listener)
  return () => document.fonts.removeEventListener('loadingdone', listener)
}
const loadedFonts = (): number => [...document.fonts].filter(font => font.status === 'loaded').length

/** The ink of the theme from the window's tokens; new when a font arrives, so that canvases are drawn with it. */
export function useInk(theme: 'light' | 'dark', unit = 1): Ink {
  const fonts = useSyncExternalStore(onFonts, loadedFonts)
  return useMemo(() => {
    const style = getComputedStyle(document.documentElement)
    // Where the root carries another theme than this view, its tokens are not ours.
    const ownTokens = document.documentElement.dataset.theme === theme
    return inkOf(theme, ownTokens ? token => style.getPropertyValue(token) : undefined, unit)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a font that arrives changes no value here but every measured width
  }, [theme, unit, fonts])
}
