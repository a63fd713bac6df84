#!/usr/bin/env node
/**
 * `npm run validate [-- ID…] [--seeds 1,2,3,4,5]`: runs the cases of validation through the command line and writes what came out into docs/validation.json and the table of
 * docs/validation.md. Cases that are not named keep the rows of their last run.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { ensureBuild, root } from '../build/ensure.mjs'

await ensureBuild(['kernels', 'hosts'])
const outfile = join(root, 'dist/validate/validate.mjs')
await build({
  entryPoints: [join(root, 'validate/validate.ts')], outfile, bundle: true, platform: 'node', target: 'node20', format: 'esm', logLevel: 'warning',
  external: ['onnxruntime-node', 'onnxruntime-web', '@tensorflow/tfjs-backend-wasm'],
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
})
const { validate } = await import(pathToFileURL(outfile).href)
process.exitCode = await validate(process.argv.slice(2))
