#!/usr/bin/env node
/**
 * `npm run bench -- NAME [OPTIONS]`: measures Residuum against its peers on this machine in this run. Every bench/NAME.ts exports `bench(options)`
 * and prints what it measures; the last line on stdout is one JSON object with name, ours_seconds, peer, peer_seconds, ratio, threads.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { ensureBuild, root } from '../build/ensure.mjs'

const names = readdirSync(join(root, 'bench')).filter(file => file.endsWith('.ts')).map(file => file.slice(0, -3)).sort()
const [name, ...options] = process.argv.slice(2)
if (!name || !existsSync(join(root, 'bench', `${name}.ts`))) {
  process.stderr.write(`${name ? `There is no benchmark "${name}".` : 'Name a benchmark.'} There are: ${names.join(', ')}.\n`)
  process.exit(2)
}
await ensureBuild(['kernels', 'hosts'])
const outfile = join(root, 'dist/bench', `${name}.mjs`)
await build({
  entryPoints: [join(root, 'bench', `${name}.ts`)], outfile, bundle: true, platform: 'node', target: 'node20', format: 'esm', logLevel: 'warning',
  external: ['onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-backend-wasm'],
  // tfjs asks for Node's modules with require.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
})
const { bench } = await import(pathToFileURL(outfile).href)
await bench(options)
