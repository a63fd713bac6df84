import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSharedMemory } from '../../shared/kernels/arena'
import type { Libm } from '../../shared/expressions/libm'

/** A file of `dist/`, seen from a bundle (dist/engine, dist/chunks, dist/cli, …), from the sources (tests), or from a packaged app, where it lies outside the archive. */
export function builtFile(path: string): string {
  const candidates = [`../${path}`, `../../dist/${path}`].map(relative => fileURLToPath(new URL(relative, import.meta.url)).replace(/app\.asar([\\/])/, 'app.asar.unpacked$1'))
  const found = candidates.find(candidate => existsSync(candidate))
  if (found === undefined) throw new Error(`${path} is not built: run "npm run build"`)
  return found
}

/** The gallery's documents and their saved results, beside `dist/`. */
export const examplesFolder = (): string => join(builtFile('kernels'), '../../examples')

/** The compiled kernel modules by name (`libm`, `multigrid`, …), from `dist/kernels`. */
export function readKernels(): Record<string, Uint8Array> {
  const folder = builtFile('kernels')
  const names = readdirSync(folder).filter(name => name.endsWith('.wasm')).sort()
  return Object.fromEntries(names.map(name => [name.slice(0, -'.wasm'.length), new Uint8Array(readFileSync(join(folder, name)))]))
}

/** Our own elementary functions as plain functions of numbers, on a memory of their own. */
export function loadLibm(kernels: Readonly<Record<string, Uint8Array>>): Libm {
  if (!kernels.libm) throw new Error('the kernel module libm is not built: run "npm run build"')
  const abort = () => {
    throw new Error('libm called abort')
  }
  const instance = new WebAssembly.Instance(new WebAssembly.Module(kernels.libm as Uint8Array<ArrayBuffer>), { env: { memory: createSharedMemory(), abort } })
  return instance.exports as unknown as Libm
}
