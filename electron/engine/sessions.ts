import { FaultError, error } from '../../shared/fault'
import type { ClientHandle } from '../../shared/protocol/contract'
import type { Sessions } from './handlers/parts'
import type { Session } from './store/session'

export function createSessions(): Sessions {
  const open = new Map<string, { readonly session: Session; readonly clients: ClientHandle[] }>()
  const changed = (session: Session): void => {
    const clients = open.get(session.id)?.clients ?? []
    clients.forEach((client, i) => client.emit('experiment.changed', session.snapshot(i > 0)))
  }
  return {
    get(id) {
      const found = open.get(id)
      if (!found) throw new FaultError(error('unknown-experiment', 'This experiment is not open.', { tip: 'Open it again; edits that were not saved are offered for recovery.' }))
      return found.session
    },
    all: () => [...open.values()].map(({ session }) => session),
    add: session => void open.set(session.id, { session, clients: [] }),
    remove: session => void open.delete(session.id),
    attach(session, client) {
      const clients = open.get(session.id)!.clients
      if (!clients.some(({ id }) => id === client.id)) clients.push(client)
    },
    detach(session, client) {
      const clients = open.get(session.id)?.clients ?? []
      const index = clients.findIndex(({ id }) => id === client)
      if (index < 0) return
      clients.splice(index, 1)
      // The next window becomes the one that writes.
      if (index === 0) changed(session)
    },
    isReadOnly: (session, client) => open.get(session.id)?.clients[0]?.id !== client,
    clientsOf: session => open.get(session.id)?.clients ?? [],
    changed,
  }
}
