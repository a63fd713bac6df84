import { createContext, useContext } from 'react'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { useStore } from 'zustand'
import type { AppInfo, EngineClient, Registry } from '../../shared/protocol/contract'
import { initialLinkedView, type LinkedView } from '../panels/view'
import type { Docking } from '../panels/docking/docking'
import { createDocking } from '../panels/docking/docking'
import { createTheme, type ThemeState, type ThemeChoice } from '../theme/theme'
import { createChecker, type Checker } from './checker'
import { createDialogs, type Dialogs } from './dialogs'
import { createJobs, type JobsState } from './jobs'
import { createLayout, type LayoutState } from './layout'
import { createNotices, type Notices } from './notices'
import { createSession, faultsOf, type Session } from './session'

/** Everything the window holds: the engine, and one store per subject. */
export interface App {
  readonly client: EngineClient
  readonly info: AppInfo
  readonly registry: Registry
  readonly session: Session
  readonly jobs: StoreApi<JobsState>
  readonly layout: StoreApi<LayoutState>
  readonly theme: StoreApi<ThemeState> & { choose(choice: ThemeChoice): void }
  readonly notices: Notices
  readonly dialogs: Dialogs
  readonly checker: Checker
  readonly docking: Docking
  /** Shared by the views of the open experiment. */
  readonly linked: StoreApi<LinkedView>
  /** True while the connection to the engine is down. */
  readonly connection: StoreApi<{ readonly lost: boolean }>
  /** Runs an action of the user: what it throws is shown once. Resolves to undefined then. */
  attempt<T>(action: () => Promise<T>): Promise<T | undefined>
}

export async function createApp(client: EngineClient): Promise<App> {
  const [info, registry] = await Promise.all([client.call('app.info', {}), client.call('registry', {})])
  const notices = createNotices()
  const session = createSession(client, faults => notices.faults(faults))
  const connection = createStore<{ readonly lost: boolean }>(() => ({ lost: false }))
  client.onConnection(lost => {
    connection.setState({ lost })
    const experiment = session.store.getState().snapshot?.experiment
    if (!lost && experiment !== undefined) session.rejoin(experiment).catch((reason: unknown) => notices.faults(faultsOf(reason)))
  })
  client.on('notice', fault => notices.faults([fault]))
  return {
    client,
    info,
    registry,
    session,
    notices,
    connection,
    jobs: createJobs(client),
    layout: createLayout(),
    theme: createTheme(),
    dialogs: createDialogs(),
    checker: createChecker(client, registry, session),
    docking: createDocking(),
    linked: createStore<LinkedView>(() => initialLinkedView),
    attempt: async action => {
      try {
        return await action()
      } catch (reason) {
        notices.faults(faultsOf(reason))
        return undefined
      }
    },
  }
}

export const AppContext = createContext<App | undefined>(undefined)

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('no app around this component')
  return app
}

export const useSnapshot = () => useStore(useApp().session.store, state => state.snapshot)
export const useDocument = () => useStore(useApp().session.store, state => state.document)
