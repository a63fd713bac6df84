import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { pixelsOf } from './pixels'
import { expect, test } from './test'

const folder = fileURLToPath(new URL('screenshots', import.meta.url))
const published = fileURLToPath(new URL('../../shared/data/raissi/burgers_shock.mat', import.meta.url))

const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const

/** Words that do not fit the button, tab, heading or label that carries them, and things beyond the window's edge. */
const misfits = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = []
    const shown = (element: Element): boolean => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.closest('[aria-hidden="true"], .visually-hidden')
    for (const element of document.querySelectorAll<HTMLElement>('button, h1, h2, h3, dt, th, legend, label, [role="tab"], [role="menuitem"]')) {
      if (!shown(element) || element.clientWidth === 0 || element.closest('.katex')) continue
      if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'visible') found.push(`cut off: “${element.innerText.replace(/\s+/g, ' ')}”`)
      const box = element.getBoundingClientRect()
      if ((box.right > innerWidth + 1 || box.left < -1) && getComputedStyle(element).position !== 'fixed') found.push(`outside: “${element.innerText.replace(/\s+/g, ' ')}”`)
    }
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways')
    return found
  })

for (const theme of ['light', 'dark'] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme })

    test('every screen stands in small and large windows', async ({ app, page }) => {
      test.setTimeout(240_000)
      mkdirSync(folder, { recursive: true })
      const found: string[] = []
      const take = async (name: string): Promise<void> => {
        for (const size of sizes) {
          await page.setViewportSize(size)
          // Pictures are drawn anew for their new size: the screen stands when two looks at it are the same.
          let last: Buffer | undefined
          await expect
            .poll(async () => {
              const now = await page.screenshot({ animations: 'disabled', caret: 'hide' })
              const steady = last?.equals(now) ?? false
              last = now
              return steady
            }, { timeout: 30_000, intervals: [300] })
            .toBe(true)
          writeFileSync(`${folder}/${name}-${size.height}-${theme}.png`, last!)
          found.push(...(await misfits(page)).map(misfit => `${name}, ${size.width} × ${size.height}: ${misfit}`))
        }
      }
      await expect(app.examples.locator('img').first()).toBeVisible()
      await take('gallery')

      await app.openExample('Burgers shock')
      await expect.poll(async () => (await pixelsOf(app.surface)).colours, { timeout: 30_000 }).toBeGreaterThan(100)
      await take('burgers')
      const dialog = await app.exportFigure()
      await take('figure')
      await dialog.getByRole('button', { name: 'Close' }).click()
      if (existsSync(published)) {
        await app.drop(published)
        await app.expectStep('compare', 'done')
        await expect.poll(() => app.pictures.count()).toBeGreaterThanOrEqual(3)
        await app.inspectorTab('Metrics')
        await take('comparison')
      }

      await app.run('open poisson', 'Open Poisson')
      const question = app.dialog(/Save the changes to/)
      if (existsSync(published)) await question.getByRole('button', { name: 'Don’t save' }).click()
      await expect(app.title).toHaveText('Poisson')
      await expect.poll(async () => (await pixelsOf(app.surface)).colours, { timeout: 30_000 }).toBeGreaterThan(100)
      await take('poisson')
      await app.editProblem()
      await app.type('Definitions: f', '2*pi^2*sinn(pi*x)*sin(pi*y)')
      await expect(app.field('Definitions: f').faults.first()).toBeVisible()
      await take('problem')
      expect(found).toEqual([])
    })
  })
}
