import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { test as base } from '@playwright/test'
import type { Server } from './server'
import { startServer } from './server'
import { Workbench } from './workbench'

interface Fixtures {
  /** A folder of this test, removed after it. */
  folder: string
  server: Server
  /** A further server on a data folder; ended after the test. */
  another: (dataFolder: string) => Promise<Server>
  /** The window, open on the gallery of `server`. */
  app: Workbench
  /** Faults of the page that belong to what the test does, such as a lost connection. */
  expected: RegExp[]
}

/** Every test has its own server and data folder, and fails on an error in the console, a violated content policy, a process left behind. */
export const test = base.extend<Fixtures>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'residuum-e2e-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  },
  another: async ({}, use) => {
    const started: Server[] = []
    await use(async dataFolder => {
      const server = await startServer(dataFolder)
      started.push(server)
      return server
    })
    for (const server of started) await server.stop()
  },
  server: async ({ folder, another }, use, information) => {
    const server = await another(join(folder, 'data'))
    await use(server)
    if (information.errors.length > 0) await information.attach('server', { body: server.words() })
  },
  expected: async ({}, use) => use([]),
  // Needs the servers, so that they end after the page and not under it.
  page: async ({ page, expected, another: _ }, use) => {
    const faults = await watch(page)
    await use(page)
    // What is still on its way counts too.
    if (!page.isClosed()) await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 50))).catch(() => undefined)
    const unexpected = faults.filter(fault => !expected.some(pattern => pattern.test(fault)))
    if (unexpected.length > 0) throw new Error(`The page reported faults:\n${unexpected.join('\n')}`)
  },
  app: async ({ page, server }, use) => {
    const app = new Workbench(page)
    await app.visit(server)
    await use(app)
  },
})

/** Errors of the page, as they happen: console, exceptions, content policy, failed requests. */
async function watch(page: Page): Promise<string[]> {
  const faults: string[] = []
  // Not every violation is written to the console.
  await page.exposeBinding('reportViolation', (_, violation: string) => faults.push(`content policy: ${violation}`))
  await page.addInitScript(() => {
    const { reportViolation } = window as unknown as { reportViolation(violation: string): void }
    document.addEventListener('securitypolicyviolation', event => {
      const { effectiveDirective, blockedURI, sourceFile, lineNumber, columnNumber } = event
      const element = event.target instanceof Element ? ` at ${event.target.outerHTML.slice(0, 200)}` : ''
      reportViolation(`${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber}:${columnNumber}${element}`)
    })
  })
  page.on('console', message => {
    if (message.type() === 'error' || /content security policy/i.test(message.text())) faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', reason => faults.push(`exception: ${reason.stack ?? reason.message}`))
  page.on('requestfailed', request => {
    const reason = request.failure()?.errorText
    // A page that goes away takes back what it asked for.
    if (reason !== 'net::ERR_ABORTED') faults.push(`request: ${request.url().split('#')[0]} ${reason}`)
  })
  return faults
}

export { expect } from '@playwright/test'
