import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { useApp, useSnapshot } from '../../app/app'

/** What the steps said while they ran, the newest last and in view. */
export function LogTab() {
  const { jobs } = useApp()
  const experiment = useSnapshot()?.experiment
  const log = useStore(jobs, state => state.log)
  const lines = log.filter(line => line.experiment === experiment)
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => void end.current?.scrollIntoView({ block: 'nearest' }), [lines.length])
  if (lines.length === 0) {
    return (
      <div className="empty">
        <p>Steps write here what they do while they run.</p>
      </div>
    )
  }
  return (
    <div className="log" role="log" aria-label="Log" tabIndex={0}>
      {lines.map((line, i) => (
        <p key={i} className={line.severity}>
          <time className="secondary">{new Date(line.at).toLocaleTimeString([], { hour12: false })}</time> <span className="log-step">{line.step}</span> {line.message}
        </p>
      ))}
      <div ref={end} />
    </div>
  )
}
