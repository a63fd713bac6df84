import { existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

/** Entry points of the Node and Electron sides. */
const entries = {
  'engine/job': 'electron/engine/job.ts',
  'engine/conductor': 'electron/engine/conductor.ts',
  'engine/helper': 'electron/engine/threads/helper.ts',
  'engine/file': 'electron/engine/file.ts',
  'cli/cli': 'electron/cli/cli.ts',
  'main/main': 'electron/main/main.ts',
}

/** tfjs's modules instead of its CommonJS bundles: its gradients are a module of their own, and two copies would be two engines. */
export const oneTfjs = {
  name: 'one-tfjs',
  setup: build => build.onResolve({ filter: /^@tensorflow\/tfjs-[a-z-]+$/ }, ({ path, resolveDir, kind, importer, namespace }) => build.resolve(`${path}/dist/index.js`, { resolveDir, kind, importer, namespace })),
}

export async function buildHosts(root) {
  const present = Object.fromEntries(Object.entries(entries).map(([out, source]) => [out, join(root, source)]).filter(([, source]) => existsSync(source)))
  const options = {
    bundle: true, platform: 'node', target: 'node20', sourcemap: true, legalComments: 'none', logLevel: 'warning', outdir: join(root, 'dist'), absWorkingDir: root,
    external: ['electron', '@resvg/resvg-js', 'pdfkit', 'fontkit', 'h5wasm', 'onnxruntime-node', 'onnxruntime-web'],
    plugins: [oneTfjs],
  }
  const { metafile } = await build({
    ...options, metafile: true, entryPoints: present, format: 'esm', splitting: true, outExtension: { '.js': '.mjs' }, chunkNames: 'chunks/[name]-[hash]',
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  })
  // Chunks of earlier builds have other names and would pile up.
  const current = new Set(Object.keys(metafile.outputs).map(path => basename(path)))
  const chunks = join(root, 'dist/chunks')
  for (const name of existsSync(chunks) ? readdirSync(chunks) : []) if (!current.has(name)) rmSync(join(chunks, name))
  const preload = join(root, 'electron/preload/preload.ts')
  if (existsSync(preload)) {
    await build({ ...options, entryPoints: { 'preload/preload': preload }, format: 'cjs', outExtension: { '.js': '.cjs' } })
  }
}
