import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { progressWords } from '../panels/rail/step-words'
import { useApp, useSnapshot } from './app'
import { duration, isActive } from './computing'

/** The truth in one line: what runs and for how long still, what really computed the selected result, whether it is saved. */
export function StatusBar() {
  const app = useApp()
  const snapshot = useSnapshot()
  const { selectedStep } = useStore(app.layout)
  const saving = useStore(app.session.store, state => state.saving)
  // What another step ran on says nothing of the selected one.
  const selected = snapshot?.steps.find(step => step.id === selectedStep)
  const result = selected ? selected.result : snapshot?.steps.findLast(step => step.result)?.result
  return (
    <footer className="statusbar">
      <div className="status-left" role="status">
        {snapshot ? <Running /> : 'Ready'}
      </div>
      <div className="status-right">
        {result && snapshot ? (
          <span>
            {result.ran.backend} · {result.ran.precision} · {result.ran.threads} {result.ran.threads === 1 ? 'thread' : 'threads'}
          </span>
        ) : (
          <span>
            {app.info.threads} of {app.info.cores} cores
          </span>
        )}
        <span>{(app.info.memoryBytes / 2 ** 30).toFixed(1)} GiB memory</span>
        {snapshot && <Saved saving={saving} />}
        {!snapshot && <span>version {app.info.version}</span>}
      </div>
    </footer>
  )
}

function Running() {
  const { jobs } = useApp()
  const snapshot = useSnapshot()
  const progress = useStore(jobs, state => state.progress)
  const active = snapshot?.steps.filter(isActive) ?? []
  const running = active.find(step => step.status === 'running')
  if (!running) {
    const outdated = snapshot?.steps.filter(step => step.status === 'outdated').length ?? 0
    const failed = snapshot?.steps.filter(step => step.status === 'failed').length ?? 0
    if (active.length > 0) return <span>{active.length} queued</span>
    return <span>{failed > 0 ? `${failed} failed` : outdated > 0 ? `${outdated} out of date` : 'Ready'}</span>
  }
  const now = progress[running.id] ?? running.progress
  return (
    <>
      <strong>{running.id}</strong>
      <span className={`bar ${now?.fraction === undefined ? 'indeterminate' : ''}`} aria-hidden>
        <span style={now?.fraction === undefined ? undefined : { width: `${Math.min(100, now.fraction * 100)}%` }} />
      </span>
      {now && (
        <span>
          {[progressWords(now), now.secondsLeft === undefined ? `${duration(now.secondsElapsed)} so far` : `${duration(now.secondsLeft)} left`].filter(Boolean).join(' · ')}
        </span>
      )}
      {active.length > 1 && <span>{active.length - 1} waiting</span>}
    </>
  )
}

function Saved({ saving }: { readonly saving: boolean }) {
  const snapshot = useSnapshot()
  const now = useClock(10_000)
  if (saving) return <span>saving…</span>
  if (!snapshot) return null
  if (snapshot.dirty) return <span>{snapshot.savedAt ? `unsaved changes · saved ${ago(snapshot.savedAt, now)}` : 'unsaved changes'}</span>
  return <span>{snapshot.savedAt ? `saved ${ago(snapshot.savedAt, now)}` : 'no changes'}</span>
}

function useClock(period: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), period)
    return () => clearInterval(timer)
  }, [period])
  return now
}

export function ago(when: string, now: number): string {
  const seconds = (now - Date.parse(when)) / 1000
  if (!(seconds >= 5)) return 'just now'
  if (seconds < 86_400) return `${duration(seconds)} ago`
  return `on ${new Date(when).toLocaleDateString()}`
}
