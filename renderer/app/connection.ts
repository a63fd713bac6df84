import type { EngineClient, EventName, Events } from '../../shared/protocol/contract'
import { createClient, type Connection } from '../../shared/protocol/messages'

const delays = [250, 500, 1000, 2000, 4000]

/**
 * A client that outlives its connection: when the connection closes it opens the next one, with growing pauses, and moves all
 * listeners over. Calls made while there is none are refused at once with `connection-lost`; nothing is queued, because an edit sent
 * twice is worse than one refused.
 */
export async function reconnectingClient(connect: () => Promise<Connection>): Promise<EngineClient> {
  const subscriptions = new Set<{ event: EventName; listener: (payload: never) => void; off: () => void }>()
  const connectionListeners = new Set<(lost: boolean) => void>()

  const adopt = (connection: Connection): EngineClient => {
    const client = createClient(connection)
    for (const subscription of subscriptions) subscription.off = client.on(subscription.event, subscription.listener as never)
    client.onConnection(lost => {
      if (!lost) return
      for (const listener of connectionListeners) listener(true)
      void restore(0)
    })
    return client
  }
  const restore = async (attempt: number): Promise<void> => {
    await new Promise(resolve => setTimeout(resolve, delays[Math.min(attempt, delays.length - 1)]))
    try {
      current = adopt(await connect())
    } catch {
      return restore(attempt + 1)
    }
    for (const listener of connectionListeners) listener(false)
  }

  let current = adopt(await connect())
  return {
    call: (channel, parameters) => current.call(channel, parameters),
    on<E extends EventName>(event: E, listener: (payload: Events[E]) => void) {
      const subscription = { event, listener: listener as (payload: never) => void, off: current.on(event, listener) }
      subscriptions.add(subscription)
      return () => {
        subscriptions.delete(subscription)
        subscription.off()
      }
    },
    onConnection(listener) {
      connectionListeners.add(listener)
      return () => void connectionListeners.delete(listener)
    },
  }
}
