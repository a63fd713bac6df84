#!/usr/bin/env node
/**
 * Builds what changed, by content hash: kernels (AssemblyScript), hosts (esbuild), window (vite). `npm start`, `npm test` and the `residuum`
 * command call it, so nobody has to remember a build step. A lock keeps two builds apart.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withBuildLock } from './lock.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')

function* filesUnder(folder) {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesUnder(path)
    else yield path
  }
}

function hashOf(paths, ignore = /\.test\.tsx?$/) {
  const hash = createHash('sha256').update(process.versions.node.split('.')[0])
  for (const path of paths.flatMap(p => (existsSync(p) ? (statSync(p).isDirectory() ? [...filesUnder(p)] : [p]) : []))) {
    if (ignore.test(path)) continue
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

const at = (...parts) => join(root, ...parts)
const lock = at('package-lock.json')
/** Each part: the sources its output depends on, and the function that builds it. */
export const parts = {
  kernels: { sources: () => [at('shared/kernels/assembly'), at('build/kernels.mjs'), lock], build: async () => (await import('./kernels.mjs')).buildKernels(root) },
  hosts: { sources: () => [at('shared'), at('electron'), at('build/hosts.mjs'), lock], build: async () => (await import('./hosts.mjs')).buildHosts(root) },
  window: { sources: () => [at('shared'), at('renderer'), at('build/window.mjs'), lock], build: async () => (await import('./window.mjs')).buildWindow(root) },
}

/** Builds the named parts that are not up to date. Resolves to the names that were built. */
export async function ensureBuild(names = Object.keys(parts), { quiet = false } = {}) {
  const stale = () => names.filter(name => {
    const stamp = join(dist, `.${name}.hash`)
    return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== hashOf(parts[name].sources())
  })
  if (stale().length === 0) return []
  mkdirSync(dist, { recursive: true })
  return withBuildLock(join(dist, '.lock'), async () => {
    const built = []
    for (const name of stale()) {
      const hash = hashOf(parts[name].sources())
      const started = Date.now()
      rmSync(join(dist, `.${name}.hash`), { force: true })
      await parts[name].build()
      writeFileSync(join(dist, `.${name}.hash`), hash)
      if (!quiet) process.stderr.write(`built ${name} in ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
      built.push(name)
    }
    return built
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2).filter(name => name in parts)
  const built = await ensureBuild(names.length ? names : undefined)
  if (built.length === 0) process.stderr.write('nothing to build\n')
}
