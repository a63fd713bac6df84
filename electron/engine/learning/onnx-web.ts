import type { LearningBackend } from './backend'
import { createSessionExecution, type OnnxModule } from './session-execution'

/** ONNX Runtime compiled to WebAssembly: for machines without a native binary. Some five times slower. */
export const webBackend: LearningBackend = {
  id: 'wasm',
  async load() {
    const ort = (await import('onnxruntime-web')) as unknown as OnnxModule & { env: { versions: { common: string }; logLevel: string; wasm: { numThreads: number } } }
    // More threads would be worker threads of this process, which its own threads already fill.
    ort.env.wasm.numThreads = 1
    ort.env.logLevel = 'fatal'
    return program => createSessionExecution(program, { InferenceSession: ort.InferenceSession, Tensor: ort.Tensor, writesInPlace: false }, {
      executionProviders: ['wasm'], graphOptimizationLevel: 'all', logSeverityLevel: 4, extra: { optimization: { disable_specified_optimizers: 'MatMulScaleFusion' } },
    }, `ONNX Runtime ${ort.env.versions.common} (WebAssembly)`)
  },
}
