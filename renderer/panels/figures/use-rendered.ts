import { useEffect, useState } from 'react'
import { useApp, useSnapshot } from '../../app/app'
import { faultsOf } from '../../app/session'
import type { Fault } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import { blobUrl } from './blob-url'

export interface Rendered {
  /** Address of the SVG; the last good one stays while the next is drawn. */
  readonly address: string | undefined
  readonly widthMm: number
  readonly heightMm: number
  readonly faults: readonly Fault[]
  readonly pending: boolean
  readonly failed: boolean
}

const nothing: Rendered = { address: undefined, widthMm: 0, heightMm: 0, faults: [], pending: false, failed: false }

/** The figure drawn by the engine, as it will be exported. */
export function useRendered(figure: Json | undefined, pause = 120): Rendered {
  const app = useApp()
  const experiment = useSnapshot()?.experiment
  const [rendered, setRendered] = useState<Rendered>(nothing)
  const text = JSON.stringify(figure)
  useEffect(() => {
    if (experiment === undefined || text === undefined) return
    let gone = false
    setRendered(old => ({ ...old, pending: true }))
    const timer = setTimeout(() => {
      app.client.call('figure.render', { experiment, figure: JSON.parse(text) as Json, format: 'svg' }).then(
        ({ bytes, ...rest }) => {
          if (!gone) setRendered({ ...rest, address: blobUrl(bytes, 'image/svg+xml'), pending: false, failed: false })
        },
        (reason: unknown) => {
          if (!gone) setRendered(old => ({ ...old, faults: faultsOf(reason), pending: false, failed: true }))
        },
      )
    }, pause)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [app, experiment, text, pause])
  const { address } = rendered
  useEffect(() => {
    if (address !== undefined) return () => URL.revokeObjectURL(address)
    return undefined
  }, [address])
  return rendered
}
