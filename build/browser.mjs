import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe']

/** Path of a Chromium for the end-to-end tests: CHROMIUM_PATH, the system's, Playwright's, or installed with apt-get when root. Throws one sentence. */
export async function findBrowser({ install = true } = {}) {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, which does not exist.`)
    return named
  }
  const system = systemPaths.find(existsSync)
  if (system) return system
  const { chromium } = await import('playwright')
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  if (install && process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    process.stderr.write('installing chromium with apt-get for the end-to-end tests\n')
    const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
    try {
      execFileSync('apt-get', ['update', '-qq'], quiet)
      execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], quiet)
    } catch {
      throw new Error('No Chromium was found and apt-get could not install one: install Chromium, or set CHROMIUM_PATH.')
    }
    const installed = systemPaths.find(existsSync)
    if (installed) return installed
  }
  throw new Error('No Chromium was found for the end-to-end tests: install Chromium, run "npx playwright install chromium", or set CHROMIUM_PATH.')
}
