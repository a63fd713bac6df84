import { readFileSync } from 'node:fs'
import { libmFrom } from './libm'

/** Loads the built libm kernel for tests: the scalar functions, and the exports to link compiled programs with. */
export function loadLibmForTests(path = new URL('../../dist/kernels/libm.wasm', import.meta.url)) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)), { env: { memory } })
  return { libm: libmFrom(exports), exports: exports as Record<string, (...values: number[]) => number> }
}
