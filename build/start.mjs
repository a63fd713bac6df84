#!/usr/bin/env node
/**
 * `npm start`: opens the desktop app. The `electron` module is never imported here (that alone starts a blocking download): its installed binary is looked for,
 * otherwise its installer runs as a child after a reachability check. Where no binary can be had, or Electron exits within five seconds, the reason is told in one
 * line and the same app opens in the browser. `npm start -- --browser` asks for that directly.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuild, root } from './ensure.mjs'

const args = process.argv.slice(2)
const say = text => process.stderr.write(`${text}\n`)

function installedElectron() {
  const folder = join(root, 'node_modules/electron')
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  try {
    const name = readFileSync(join(folder, 'path.txt'), 'utf8')
    const path = join(override ?? join(folder, 'dist'), name)
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

async function isReachable(url) {
  try {
    await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(10_000) })
    return true
  } catch {
    return false
  }
}

/** The binary, or the reason why there is none. */
async function electronBinary() {
  const present = installedElectron()
  if (present) return { path: present }
  const installer = join(root, 'node_modules/electron/install.js')
  if (!existsSync(installer)) return { reason: 'Electron is not installed' }
  const source = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com'
  if (!(await isReachable(source))) return { reason: 'Electron’s binary is not here and its download site cannot be reached' }
  say('downloading Electron (once) …')
  const { status } = spawnSync(process.execPath, [installer], { stdio: ['ignore', 'inherit', 'inherit'] })
  const path = installedElectron()
  return path ? { path } : { reason: `Electron’s installer ended with code ${status}` }
}

/** Resolves to a reason when Electron could not start, to undefined when it ran. */
function runElectron(path) {
  return new Promise(resolve => {
    const started = Date.now()
    let tail = ''
    const child = spawn(path, [root, ...args], { stdio: ['inherit', 'inherit', 'pipe'] })
    child.stderr.on('data', part => {
      tail = (tail + part).slice(-2000)
      process.stderr.write(part)
    })
    child.on('error', reason => resolve(`Electron could not be started (${reason.code ?? reason.message})`))
    child.on('exit', code => {
      const early = Date.now() - started < 5000 && code !== 0
      const why = tail.split('\n').map(line => line.trim()).filter(Boolean).pop()
      resolve(early ? `Electron ended at once${why ? `: ${why}` : ` with code ${code}`}` : undefined)
    })
  })
}

async function openInBrowser(reason) {
  if (reason) say(`${reason}; opening Residuum in the browser instead.`)
  const child = spawn(process.execPath, [join(root, 'electron/cli/residuum.mjs'), 'serve', '--open', ...args.filter(a => a !== '--browser')], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', code => process.exit(code ?? 0))
}

await ensureBuild()
if (args.includes('--browser')) await openInBrowser()
else {
  const binary = await electronBinary()
  const reason = binary.path ? await runElectron(binary.path) : binary.reason
  if (reason) await openInBrowser(reason)
}
