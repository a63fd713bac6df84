import type { Page } from '@playwright/test'
import { expect, test } from './test'
import type { Workbench } from './workbench'

/** Burgers by finite differences on so many nodes that it takes several seconds. */
async function longRun(app: Workbench): Promise<void> {
  await app.openExample('Burgers shock')
  await app.chooseOption('Method', 'Finite differences')
  await app.setOption('Resolution', '8192')
  await app.page.keyboard.press('F8')
  await app.expectStep('spectral', 'running')
}

const fraction = async (app: Workbench): Promise<number> => Number((await app.progress('spectral').getAttribute('aria-valuenow', { timeout: 5000 }).catch(() => null)) ?? 0)
const reached = (app: Workbench, percent: number) => expect.poll(() => fraction(app), { timeout: 90_000, intervals: [100] }).toBeGreaterThanOrEqual(percent)

test('a long computation is stopped, resumed where it was, and done', async ({ app }) => {
  await longRun(app)
  await reached(app, 20)
  const before = await fraction(app)
  await app.command('Stop').click()
  await app.expectStep('spectral', 'stopped')
  await expect(app.step('spectral')).toContainText('Work up to the last checkpoint is kept.')
  // The first sight of the resumed run is not its beginning.
  const seen = firstProgress(app.page)
  await app.step('spectral').getByRole('button', { name: 'Resume' }).click()
  await app.expectStep('spectral', 'running')
  expect(await seen).toBeGreaterThanOrEqual(before - 5)
  await app.expectStep('spectral', 'done', 180_000)
  await app.inspectorTab('Provenance')
  await expect(app.inspector).toContainText('float64')
})

test('a job process that is killed costs its step and nothing else', async ({ app, server, page }) => {
  await longRun(app)
  await reached(app, 3)
  const jobs = server.jobProcesses()
  expect(jobs.length).toBeGreaterThan(0)
  for (const id of jobs) process.kill(id, 'SIGKILL')
  await app.expectStep('spectral', 'failed')
  await expect(app.step('spectral').getByRole('alert')).toContainText('ended unexpectedly (signal SIGKILL)')
  // The window goes on: it edits and computes.
  await expect(app.pictures.first()).toBeVisible()
  await app.setOption('Resolution', '1025')
  await page.keyboard.press('F8')
  await app.expectStep('spectral', 'done', 90_000)
  await expect(app.step('spectral').getByRole('alert')).toHaveCount(0)
  await expect(app.stepButton('spectral')).toContainText('1025')
})

/** The first progress that the page shows from now on, in per cent. */
function firstProgress(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>(resolve => {
        const look = (): boolean => {
          const now = document.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')
          if (now === null || now === undefined) return false
          observer.disconnect()
          resolve(Number(now))
          return true
        }
        const observer = new MutationObserver(look)
        observer.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-valuenow'] })
        look()
      }),
  )
}

test('a first run shows its residuals while there is no picture yet', async ({ app, page }) => {
  await app.newExperiment()
  await app.steps.getByRole('button', { name: 'Add a solve step' }).click()
  await app.chooseOption('Linear solver', 'SOR')
  await app.setOption('Resolution', '1025, 1025')
  await app.setOption('Iterations at most', '100000')
  await page.keyboard.press('F8')
  const chart = app.views.getByRole('application', { name: 'What fd measures while it runs' })
  await expect(chart).toBeVisible({ timeout: 90_000 })
  await expect(app.views.locator('.chart-legend')).toContainText('residuals')
  // It grows: the axis of iterations reaches further.
  const before = await chart.screenshot()
  await expect.poll(async () => (await chart.screenshot()).equals(before)).toBe(false)
  await app.command('Stop').click()
  await app.expectStep('fd', 'stopped')
})
