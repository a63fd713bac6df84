import { error, FaultError } from '../../../shared/fault'
import { checkMemory } from '../../../shared/learning/graph/memory'
import type { LearningRuntime } from '../../../shared/learning/runtime'
import type { LearningBackend } from './backend'

/** In order of preference; each is loaded only when the one before does not exist on this machine. */
const backends: readonly { readonly id: LearningBackend['id']; readonly load: () => Promise<LearningBackend> }[] = [
  { id: 'native', load: async () => (await import('./onnx-native')).nativeBackend },
  { id: 'wasm', load: async () => (await import('./onnx-web')).webBackend },
  { id: 'eager', load: async () => (await import('./eager')).eagerBackend },
]

export interface LearningRuntimeOptions {
  readonly threads: number
  /** Programs that need more are refused before they run. */
  readonly budgetBytes?: number
  /** Only this one: for tests, and for users who compare. `RESIDUUM_LEARNING_BACKEND` sets it. */
  readonly only?: string
  /** For the native backend; `cpu` alone by default. `RESIDUUM_LEARNING_PROVIDERS=cuda,cpu` sets it. */
  readonly providers?: readonly string[]
  /** Told once when a backend is passed over. */
  readonly log?: (message: string) => void
}

/** `ran` lists the backends that programs were prepared on, for the provenance. */
export interface HostLearningRuntime extends LearningRuntime {
  readonly ran: ReadonlySet<string>
}

/** The best way of running compiled programs that this machine has. */
export function createLearningRuntime({ threads, budgetBytes = Infinity, only, providers = ['cpu'], log }: LearningRuntimeOptions): HostLearningRuntime {
  const ran = new Set<string>()
  const candidates = backends.filter(({ id }) => only === undefined || only === id)
  if (candidates.length === 0) throw new FaultError(error('learning-backend', `There is no learning backend ${only}.`, { tip: `Choose one of ${backends.map(b => b.id).join(', ')}.` }))
  const loaded = new Map<string, ReturnType<LearningBackend['load']>>()
  const passedOver = new Map<string, string>()
  return {
    ran,
    async prepare(program) {
      const tooLarge = checkMemory(program, budgetBytes)
      if (tooLarge) throw new FaultError(tooLarge)
      let last: unknown
      for (const { id, load } of candidates) {
        try {
          if (!loaded.has(id)) loaded.set(id, load().then(backend => backend.load({ threads, providers })))
          const execution = await (await loaded.get(id)!)(program)
          ran.add(execution.backend)
          return execution
        } catch (reason) {
          if (reason instanceof FaultError && reason.faults[0].code !== 'learning-backend') throw reason
          last = reason
          const message = (reason as Error).message.split('\n')[0]
          if (passedOver.get(id) !== message) log?.(`Not on ${id}: ${message}`)
          passedOver.set(id, message)
        }
      }
      if (last instanceof FaultError) throw last
      throw new FaultError(error('learning-backend', `No learning backend starts on this machine: ${(last as Error).message.split('\n')[0]}.`, { tip: 'Run npm ci again; it installs ONNX Runtime.' }))
    },
  }
}
