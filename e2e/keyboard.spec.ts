import type { Page } from '@playwright/test'
import { expect, test } from './test'

test('every command is found by its words, and every shortcut is told', async ({ app, page }) => {
  await page.keyboard.press('ControlOrMeta+K')
  await expect(app.palette).toBeVisible()
  await page.keyboard.type('qqqq')
  await expect(app.palette).toContainText('No command has these words.')
  await page.keyboard.press('Escape')
  await expect(app.palette).toBeHidden()
  await app.run('open heat plate', 'Open Heat on an insulated plate')
  await expect(app.title).toHaveText('Heat on an insulated plate')
  await app.run('inspector', 'Inspector')
  await expect(app.inspector).toBeHidden()

  await app.leaveField()
  await page.keyboard.press('?')
  const help = app.dialog('Keyboard shortcuts')
  for (const [what, keys] of [['Compute', 'F8'], ['Undo', 'Ctrl Z'], ['Save', 'Ctrl S'], ['Export figure…', 'Ctrl E']]) {
    const line = help.locator('dl > div').filter({ has: page.getByText(what, { exact: true }) })
    await expect(line.first()).toContainText(/Mac/.test(await page.evaluate(() => navigator.platform)) ? keys.slice(-1) : keys)
  }
  await help.getByRole('button', { name: 'Close' }).click()
  await expect(help).toBeHidden()
})

test('the theme follows the system until one is chosen, and is remembered', async ({ app, page }) => {
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const lightness = async (): Promise<number> => Number(/\d+/.exec(await background())?.[0])
  await page.emulateMedia({ colorScheme: 'dark' })
  await expect.poll(lightness).toBeLessThan(60)
  await page.emulateMedia({ colorScheme: 'light' })
  await expect.poll(lightness).toBeGreaterThan(200)
  await app.run('dark', 'Dark theme')
  await expect.poll(lightness).toBeLessThan(60)
  await page.reload()
  await expect(app.gallery).toBeVisible()
  await expect.poll(lightness).toBeLessThan(60)
  await app.run('system', 'Theme of the system')
  await expect.poll(lightness).toBeGreaterThan(200)
})

test('letters typed right after a click and “select all” stand in their order', async ({ app }) => {
  await app.openExample('Poisson')
  await app.editProblem()
  // The first letter makes a fault, whose underline redraws the line while the focus is still fresh.
  await app.type('Equation 1', '12*x + y')
  await expect(app.code('Equation 1')).toHaveText('12*x + y')
  await expect(app.field('Equation 1').faults.first()).toBeVisible()
})

test('an example is opened and computed without a mouse', async ({ app, page }) => {
  await tabTo(page, 'Poisson without a fixed value')
  await page.keyboard.press('Enter')
  await expect(app.title).toHaveText('Poisson without a fixed value')
  await app.expectStep('fd', 'done')
  // To the step's resolution and another one typed.
  await tabTo(page, 'Resolution')
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type('65, 65')
  await page.keyboard.press('F8')
  await expect(app.stepButton('fd')).toContainText('65²')
  await app.expectStep('fd', 'done')
  // The menu bar, by arrows: File, Edit, View, Compute, Help.
  await page.keyboard.press('ControlOrMeta+Z')
  await tabTo(page, 'File')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('menubar').getByRole('menuitem', { name: 'Edit', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('menuitem', { name: /^Redo/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toHaveCount(0)
  // Parts of the window.
  const places = new Set<string>()
  for (let i = 0; i < 4; i++) {
    await page.keyboard.press('F6')
    places.add(await page.evaluate(() => document.activeElement?.closest('nav, aside, header, .centre, section')?.className ?? ''))
  }
  expect(places.size).toBeGreaterThanOrEqual(3)
})

/** Goes on with Tab until the focus is on what has this name or text. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    const found = await page.evaluate(wanted => {
      const now = document.activeElement
      if (!now) return false
      const own = now.getAttribute('aria-label') ?? now.querySelector('strong')?.textContent ?? now.textContent
      return own?.trim() === wanted
    }, name)
    if (found) return
  }
  throw new Error(`Tab never reaches “${name}”.`)
}
