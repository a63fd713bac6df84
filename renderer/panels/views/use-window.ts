import { useCallback, useEffect, useState } from 'react'
import { currentWindow, rehome, viewHistory } from '../../charts/view-window'
import type { ViewHistory, ViewWindow } from '../../charts/view-window'

/** The window of a picture over its domain, with its history; undefined until there is a domain. */
export function useWindow(domain: ViewWindow | undefined): { readonly history: ViewHistory | undefined; readonly window: ViewWindow | undefined; readonly move: (update: (history: ViewHistory) => ViewHistory) => void } {
  const [history, setHistory] = useState<ViewHistory>()
  useEffect(() => {
    if (domain) setHistory(before => (before ? rehome(before, domain) : viewHistory(domain)))
    // eslint-disable-next-line react-hooks/exhaustive-deps -- by value: every picture brings its own copy of the same domain
  }, [domain?.x[0], domain?.x[1], domain?.y[0], domain?.y[1]])
  const move = useCallback((update: (history: ViewHistory) => ViewHistory) => setHistory(before => before && update(before)), [])
  return { history, window: history && currentWindow(history), move }
}
