import { libmFrom } from './libm'

/** Instantiates the built libm kernel for tests: the scalar functions, and the exports to link compiled programs with. */
export function instantiateLibm(bytes: Uint8Array<ArrayBuffer>) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  return { libm: libmFrom(exports), exports: exports as Record<string, (...values: number[]) => number> }
}
