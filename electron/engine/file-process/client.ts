import { FaultError, error } from '../../../shared/fault'
import type { Fault } from '../../../shared/fault'
import { forkChild } from '../jobs/child'
import type { Child, SpawnChild } from '../jobs/child'
import type { FileMethods, FileRequest, FileResponse, MethodName } from './methods'

export interface FileClient {
  call<M extends MethodName>(method: M, parameters: Parameters<FileMethods[M]>[0]): Promise<ReturnType<FileMethods[M]>>
  readonly pid: number | undefined
  dispose(): void
}

/** The heap holds parsed documents and the figure renderer; arrays lie outside of it. */
const heapMegabytes = 2048
/** A process that dies this often without answering once is not started again for the same request. */
const attempts = 2

/**
 * Calls into the warm file process. When it dies, its requests fail with one sentence, the next call starts another one, and `notice` is told.
 * Requests that only read are repeated once.
 */
export function createFileClient(options: { readonly entry: string; readonly spawn?: SpawnChild; readonly notice?: (fault: Fault) => void; readonly log?: (detail: string) => void }): FileClient {
  const { entry, spawn = forkChild, notice, log } = options
  interface Waiting { readonly request: FileRequest; readonly resolve: (value: unknown) => void; readonly reject: (reason: Error) => void; tries: number }
  let next = 1
  let disposed = false
  let child: Child | undefined
  const waiting = new Map<number, Waiting>()

  const start = (): Child => {
    let words = ''
    const started = spawn(entry, { heapMegabytes, onError: text => (words = (words + text).slice(-4000)) })
    started.onMessage(raw => {
      const response = raw as FileResponse
      const call = waiting.get(response.id)
      waiting.delete(response.id)
      if (response.ok) return call?.resolve(response.value)
      if (response.stack) log?.(response.stack)
      call?.reject(new FaultError(response.faults))
    })
    started.onExit(how => {
      if (child === started) child = undefined
      if (disposed) return
      log?.(`file process: ${how}\n${words}`)
      const calls = [...waiting.values()]
      waiting.clear()
      const again = calls.filter(call => repeatable.has(call.request.method) && ++call.tries < attempts)
      for (const call of calls) {
        if (!again.includes(call)) call.reject(new FaultError(error('file-process-died', 'The process that reads files and draws figures ended unexpectedly and was started again.', { tip: 'Nothing is lost; try again.' })))
      }
      if (calls.length === 0) notice?.({ severity: 'warning', code: 'file-process-died', message: 'The process that reads files and draws figures ended unexpectedly and was started again.', tip: 'Nothing is lost.' })
      for (const call of again) send(call)
    })
    return started
  }
  const send = (call: Waiting): void => {
    child ??= start()
    waiting.set(call.request.id, call)
    child.send(call.request)
  }
  child = start()

  return {
    call: (method, parameters) =>
      new Promise((resolve, reject) => {
        if (disposed) return reject(new FaultError(error('engine-closed', 'The engine is closing.')))
        send({ request: { id: next++, method, parameters }, resolve: resolve as (value: unknown) => void, reject, tries: 0 })
      }),
    get pid() {
      return child?.pid
    },
    dispose() {
      disposed = true
      child?.kill()
      for (const call of waiting.values()) call.reject(new FaultError(error('engine-closed', 'The engine is closing.')))
      waiting.clear()
    },
  }
}

/** These change nothing on the disk. */
const repeatable = new Set<MethodName>(['analyse', 'check', 'describe', 'picture', 'probe', 'cut', 'meshEdges', 'galleryPicture', 'array', 'suggest', 'pack'])
