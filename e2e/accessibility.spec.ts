import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './test'

/** What axe calls serious or critical, one line for each element. */
async function violations(page: Page, where: string): Promise<string[]> {
  // Colours are judged when they stand, not while they fade in.
  await page.evaluate(() => Promise.all(document.getAnimations().filter(a => a.effect?.getComputedTiming().iterations !== Infinity).map(a => a.finished.catch(() => undefined))))
  const { violations: found } = await new AxeBuilder({ page }).analyze()
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, impact, nodes }) => nodes.map(({ target, failureSummary }) => `${where}: ${impact} ${id} at ${target.join(' ')}: ${failureSummary?.replace(/\s+/g, ' ')}`))
}

for (const theme of ['light', 'dark'] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme })

    test('no screen has a serious fault for assistive technology', async ({ app, page }) => {
      test.setTimeout(180_000)
      const found: string[] = []
      const check = async (where: string): Promise<void> => void found.push(...(await violations(page, where)))
      await check('gallery')
      await page.keyboard.press('ControlOrMeta+K')
      await expect(app.palette.getByRole('option').first()).toBeVisible()
      await check('palette')
      await page.keyboard.press('Escape')

      await app.openExample('Poisson')
      await expect(app.pictures.first()).toBeVisible()
      await check('workbench')
      for (const tab of ['Metrics', 'Log', 'Provenance'] as const) {
        await app.inspectorTab(tab)
        await check(`inspector, ${tab}`)
      }
      await app.editProblem()
      await check('problem editor')
      await app.type('Definitions: f', 'sinn(x)')
      await expect(app.field('Definitions: f').faults.first()).toBeVisible()
      await check('problem editor with a mistake')
      await page.keyboard.press('Escape')
      await app.leaveField()

      await page.keyboard.press('?')
      await expect(app.dialog('Keyboard shortcuts')).toBeVisible()
      await check('shortcuts')
      await page.keyboard.press('Escape')
      const dialog = await app.exportFigure()
      await check('figure dialog')
      await dialog.getByRole('button', { name: 'Close' }).click()
      await page.keyboard.press('ControlOrMeta+O')
      await expect(app.path(app.dialog('Open an experiment'))).not.toHaveValue('')
      await check('file browser')
      expect(found).toEqual([])
    })
  })
}
