import { createStore, type StoreApi } from 'zustand/vanilla'
import type { EngineClient, Events, JobProgress } from '../../shared/protocol/contract'

export type LogLine = Events['job.log']

/** What runs and what it said. Kept apart from the session: it changes many times a second. */
export interface JobsState {
  /** By step; removed when the step is no longer running. */
  readonly progress: Readonly<Record<string, JobProgress>>
  readonly log: readonly LogLine[]
  /** Steps that were told to stop and have not yet. */
  readonly stopping: readonly string[]
}

const logLimit = 2000

export function createJobs(client: EngineClient): StoreApi<JobsState> {
  const store = createStore<JobsState>(() => ({ progress: {}, log: [], stopping: [] }))
  client.on('job.progress', progress => store.setState(state => ({ progress: { ...state.progress, [progress.step]: progress } })))
  client.on('job.log', line => store.setState(state => ({ log: [...state.log.slice(1 - logLimit), line] })))
  client.on('experiment.changed', snapshot => {
    const running = new Set(snapshot.steps.filter(step => step.status === 'running').map(step => step.id))
    const { progress, stopping } = store.getState()
    const active = new Set(snapshot.steps.filter(step => step.status === 'running' || step.status === 'queued').map(step => step.id))
    if (stopping.some(id => !active.has(id))) store.setState({ stopping: stopping.filter(id => active.has(id)) })
    if (Object.keys(progress).some(id => !running.has(id))) {
      store.setState({ progress: Object.fromEntries(Object.entries(progress).filter(([id]) => running.has(id))) })
    }
  })
  return store
}
