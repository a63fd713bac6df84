import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Compiles every shared/kernels/assembly/NAME.ts (names starting with `_` are parts of others) to dist/kernels/NAME.wasm. */
export async function buildKernels(root) {
  const asc = (await import('assemblyscript/asc')).default
  const source = join(root, 'shared/kernels/assembly')
  const target = join(root, 'dist/kernels')
  mkdirSync(target, { recursive: true })
  const names = readdirSync(source).filter(name => name.endsWith('.ts') && !name.startsWith('_') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
  for (const name of names) {
    const { error, stderr } = await asc.main([
      name, '--baseDir', source, '--outFile', join(target, name.replace(/\.ts$/, '.wasm')), '-O3', '--noAssert', '--runtime', 'stub',
      '--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536', '--enable', 'simd', '--enable', 'threads',
    ])
    if (error) throw new Error(`kernel ${name} does not compile:\n${stderr.toString()}`)
  }
}
