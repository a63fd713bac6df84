import type { Fault } from '../fault'
import type { Channel, ClientHandle, EngineClient, EventName, Events, Handlers, Parameters, Results } from './contract'
import { requestSchemas } from './contract'
import { FaultError, error } from '../fault'

/** What travels over a connection. */
export type Message =
  | { readonly kind: 'request'; readonly id: number; readonly channel: string; readonly parameters: unknown }
  | { readonly kind: 'response'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'response'; readonly id: number; readonly ok: false; readonly faults: readonly Fault[] }
  | { readonly kind: 'event'; readonly event: string; readonly payload: unknown }

/** A two-way, ordered, message-preserving channel. Hosts make one from a MessagePort, a WebSocket or a pair in memory. */
export interface Connection {
  send(message: Message): void
  onMessage(listener: (message: Message) => void): void
  onClose(listener: () => void): void
}

/** The window's side: typed calls over a connection. */
export function createClient(connection: Connection): EngineClient {
  let next = 1
  let closed = false
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>()
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const connectionListeners = new Set<(lost: boolean) => void>()
  const lost = (): FaultError => new FaultError(error('connection-lost', 'The connection to the engine is lost.', { tip: 'Nothing that was computed or typed is gone: reopen the window.' }))

  connection.onMessage(message => {
    if (message.kind === 'response') {
      const call = waiting.get(message.id)
      waiting.delete(message.id)
      if (message.ok) call?.resolve(message.value)
      else call?.reject(new FaultError(message.faults))
    } else if (message.kind === 'event') {
      for (const listener of listeners.get(message.event) ?? []) listener(message.payload as never)
    }
  })
  connection.onClose(() => {
    closed = true
    for (const call of waiting.values()) call.reject(lost())
    waiting.clear()
    for (const listener of connectionListeners) listener(true)
  })

  return {
    call<C extends Channel>(channel: C, parameters: Parameters<C>): Promise<Results[C]> {
      if (closed) return Promise.reject(lost())
      return new Promise((resolve, reject) => {
        const id = next++
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
        connection.send({ kind: 'request', id, channel, parameters })
      })
    },
    on<E extends EventName>(event: E, listener: (payload: Events[E]) => void) {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set)
      set.add(listener as (payload: never) => void)
      return () => void set.delete(listener as (payload: never) => void)
    },
    onConnection(listener) {
      connectionListeners.add(listener)
      return () => void connectionListeners.delete(listener)
    },
  }
}

/** The engine's side: checks every request against its schema, answers, emits. `allowed` narrows the channels a host offers. */
export function serveConnection(connection: Connection, handlers: Handlers, clientId: string, reportBug: (reason: unknown) => void): ClientHandle {
  const client: ClientHandle = {
    id: clientId,
    emit: (event, payload) => connection.send({ kind: 'event', event, payload }),
  }
  connection.onMessage(message => {
    if (message.kind !== 'request' || !Number.isSafeInteger(message.id)) return
    const { id, channel } = message
    const refuse = (...faults: Fault[]): void => connection.send({ kind: 'response', id, ok: false, faults })
    if (typeof channel !== 'string' || !Object.hasOwn(requestSchemas, channel)) return refuse(error('unknown-channel', 'The engine does not know this request.'))
    const parsed = requestSchemas[channel as Channel].safeParse(message.parameters)
    if (!parsed.success) return refuse(error('malformed-request', `The request ${channel} does not fit its schema: ${parsed.error.issues[0]?.path.join('.') ?? ''} ${parsed.error.issues[0]?.message ?? ''}`))
    const handler = handlers[channel as Channel] as (parameters: unknown, client: ClientHandle) => Promise<unknown>
    Promise.resolve()
      .then(() => handler(parsed.data, client))
      .then(
        value => connection.send({ kind: 'response', id, ok: true, value }),
        (reason: unknown) => {
          if (reason instanceof FaultError) return refuse(...reason.faults)
          reportBug(reason)
          refuse(error('internal', 'Something went wrong inside the engine.', { tip: 'The log has the details; your work is kept.' }))
        },
      )
  })
  return client
}
