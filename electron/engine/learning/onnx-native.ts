import type { LearningBackend } from './backend'
import { createSessionExecution, type OnnxModule } from './session-execution'

/** ONNX Runtime's native library on the processor. Calls are synchronous inside: they belong on the conductor thread. There is no binary for Intel Macs. */
export const nativeBackend: LearningBackend = {
  id: 'native',
  async load({ threads, providers = ['cpu'] }) {
    const ort = (await import('onnxruntime-node')) as unknown as OnnxModule & { env: { versions: { common: string } } }
    const name = `ONNX Runtime ${ort.env.versions.common} (${providers.every(p => p === 'cpu') ? 'native' : providers.join(', ')}, ${threads} ${threads === 1 ? 'thread' : 'threads'})`
    return program => createSessionExecution(program, { InferenceSession: ort.InferenceSession, Tensor: ort.Tensor, writesInPlace: true }, {
      executionProviders: [...providers], intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all', logSeverityLevel: 4,
      extra: {
        // This fusion keeps its factor as a float32 attribute: 0.1 became 0.10000000149 in float64 graphs.
        optimization: { disable_specified_optimizers: 'MatMulScaleFusion' },
        session: { use_deterministic_compute: '1' },
      },
    }, name)
  },
}
