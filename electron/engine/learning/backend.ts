import type { Program } from '../../../shared/learning/compile'
import type { Execution } from '../../../shared/learning/runtime'

export interface BackendOptions {
  readonly threads: number
  /** ONNX Runtime's execution providers in order of preference: `cuda`, `dml`, `coreml`, `webgpu`, … Those that this build or machine lacks make preparing fail; `cpu` is always there. */
  readonly providers?: readonly string[]
}

/** One way of running compiled programs: one file, and one line in runtime.ts. */
export interface LearningBackend {
  readonly id: 'native' | 'wasm' | 'eager'
  /** Loads the library once. Rejects where it does not exist for this machine. */
  load(options: BackendOptions): Promise<(program: Program) => Promise<Execution>>
}
