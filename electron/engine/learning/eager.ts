import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as tfjs from '@tensorflow/tfjs-core'
import { setWasmPaths, version_wasm } from '@tensorflow/tfjs-backend-wasm'
import { createEagerExecution } from '../../../shared/learning/eager'
import type { LearningBackend } from './backend'

/** tfjs itself in WebAssembly, kernel by kernel. */
export const eagerBackend: LearningBackend = {
  id: 'eager',
  async load() {
    const { resolve } = createRequire(import.meta.url)
    // The loader of the WebAssembly build asks for it where it was bundled as a module.
    ;(globalThis as { __dirname?: string }).__dirname ??= dirname(fileURLToPath(import.meta.url))
    // The threaded build starts workers from a blob, which Node does not have.
    tfjs.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
    setWasmPaths(Object.fromEntries(['', '-simd', '-threaded-simd'].map(kind => [`tfjs-backend-wasm${kind}.wasm`, resolve(`@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm${kind}.wasm`)])))
    return program => createEagerExecution(program, 'wasm', `tfjs ${version_wasm} (WebAssembly, eager)`)
  },
}
