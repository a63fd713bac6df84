import type { Program } from '../../../shared/learning/compile'
import type { Execution } from '../../../shared/learning/runtime'

/** One way of running compiled programs: one file, and one line in runtime.ts. */
export interface LearningBackend {
  readonly id: 'native' | 'wasm' | 'eager'
  /** Loads the library once. Rejects where it does not exist for this machine. */
  load(options: { readonly threads: number }): Promise<(program: Program) => Promise<Execution>>
}
