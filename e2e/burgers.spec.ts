import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pixelsOf } from './pixels'
import { expect, test } from './test'
import { plainNumbers } from './workbench'

const published = fileURLToPath(new URL('../../shared/data/raissi/burgers_shock.mat', import.meta.url))

test('opens Burgers with its results, computes it again and shows it growing', async ({ app }) => {
  await app.openExample('Burgers shock')
  await app.expectStep('spectral', 'done')
  await expect(app.unsaved).toBeHidden()
  await expect(app.pictures).toHaveCount(1)

  // u is antisymmetric: half of the picture is red, half of it blue.
  await expect.poll(async () => (await pixelsOf(app.pictures)).red, { timeout: 30_000 }).toBeGreaterThan(0.1)
  const picture = await pixelsOf(app.pictures)
  expect(picture.blue).toBeGreaterThan(0.1)
  expect(picture.colours).toBeGreaterThan(100)
  await expect.poll(async () => (await pixelsOf(app.surface)).red, { timeout: 30_000 }).toBeGreaterThan(0.02)
  const surface = await pixelsOf(app.surface)
  expect(surface.colours).toBeGreaterThan(100)
  expect(surface.background).toBeLessThan(0.97)

  // More nodes than the example has, so that there is time to look.
  await app.setOption('Resolution', '3072')
  await app.expectStep('spectral', 'out of date')
  await app.page.keyboard.press('F8')
  await expect(app.progress('spectral')).toBeVisible()
  await expect(app.command('Stop')).toBeEnabled()
  await expect(app.stepButton('spectral')).toContainText(/\d+ of \d+ · t = 0\.\d+/)
  await expect(app.live.first()).toContainText(/t = 0\.\d+/, { timeout: 60_000 })
  await app.expectStep('spectral', 'done', 90_000)
  await expect(app.live).toHaveCount(0)
  await expect(app.stepButton('spectral')).toContainText('3072')
  await expect(app.unsaved).toBeVisible()
  await expect.poll(async () => (await pixelsOf(app.pictures)).blue).toBeGreaterThan(0.1)
})

test('compares with a published solution dropped on the window', async ({ app }) => {
  test.skip(!existsSync(published), 'the published solution is not beside the project (shared/data/raissi/burgers_shock.mat)')
  await app.openExample('Burgers shock')
  await app.drop(published)
  await app.expectStep('compare', 'done')
  // The import step is named after its file.
  await expect(app.steps.getByRole('listitem')).toHaveCount(3)
  await expect(app.steps).toContainText('burgers_shock.mat')

  const sentence = app.message(/relative L² error/)
  await expect(sentence).toBeVisible()
  expect(errorIn(await sentence.innerText())).toBeLessThan(1e-4)
  // Both solutions, and their difference.
  await expect(app.views.getByText(/relative L² error/)).toBeVisible()
  await expect.poll(() => app.pictures.count()).toBeGreaterThanOrEqual(3)
  for (const i of [0, 1, 2]) await expect.poll(async () => (await pixelsOf(app.pictures.nth(i))).colours, { timeout: 30_000 }).toBeGreaterThan(60)
  await app.inspectorTab('Metrics')
  await expect(app.inspector.locator('.headline')).toContainText('relative L²')
  expect(errorIn(await app.inspector.locator('.headline').innerText())).toBeLessThan(1e-4)
})

/** The last number of a sentence, such as `2.31e−7`. */
function errorIn(text: string): number {
  const numbers = [...plainNumbers(text).matchAll(/\d+(?:\.\d+)?(?:e-?\d+)?/g)].map(([number]) => Number(number)).filter(number => number > 0 && number < 1)
  return numbers.at(-1) ?? NaN
}
