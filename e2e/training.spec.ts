import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './test'
import type { Workbench } from './workbench'
import { plainNumbers } from './workbench'

/** A training of a few seconds at most. */
const small = { kind: 'train', network: { kind: 'mlp', width: 8, depth: 1 }, points: { interior: 40, boundary: 16 }, resolution: [17, 17] }
const adam = (steps: number) => ({ ...small, optimizer: { kind: 'adam', rate: 0.01 }, budget: { steps }, diagnostics: [] })

/** An experiment as somebody wrote it, dropped on the window. */
async function openDocument(app: Workbench, folder: string, document: { readonly title: string; readonly problem: object; readonly steps: readonly object[] }): Promise<void> {
  const path = join(folder, 'written.json')
  writeFileSync(path, JSON.stringify({ format: 'residuum/1', seed: 1, figures: [], ...document }))
  await app.drop(path)
  await expect(app.title).toHaveText(document.title)
}

test('a training shows its loss and its spectrum, and gives its network away', async ({ app, page, folder }) => {
  await openDocument(app, folder, {
    title: 'A small network', problem: { catalogue: 'poisson-2d' },
    steps: [{ id: 'net', ...small, optimizer: { kind: 'gauss-newton' }, budget: { steps: 30 }, diagnostics: ['spectrum'] }],
  })
  await page.keyboard.press('F8')
  await app.expectStep('net', 'done', 90_000)
  await expect(app.pictures.first()).toHaveAccessibleName(/^u of net/)
  await app.menu('View', 'History of loss · net')
  await expect(app.views.getByRole('application', { name: /^loss of net/ })).toBeVisible()
  await app.menu('View', 'Spectrum of singular_values · net')
  await expect(app.views.getByRole('application', { name: /singular values/i })).toBeVisible()

  await app.step('net').hover()
  await app.step('net').getByRole('button', { name: 'Actions of net' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export network (ONNX)…' }).click()
  const file = await download
  expect(file.suggestedFilename()).toMatch(/\.onnx$/)
  const bytes = readFileSync(await file.path())
  // ONNX begins with its version, field 1 of the message, and goes on with who wrote it, field 2.
  expect([bytes[0], bytes[2]]).toEqual([0x08, 0x12])
  expect(bytes[1]).toBeGreaterThanOrEqual(3)
  expect(bytes.subarray(0, 40).toString('latin1').toLowerCase()).toContain('residuum')
})

test('a training that was added is watched and stopped, and shows what it reached', async ({ app, page, folder }) => {
  await openDocument(app, folder, { title: 'A long training', problem: { catalogue: 'poisson-2d' }, steps: [] })
  await app.steps.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Train a network' }).click()
  await app.setOption('Width', '8')
  await app.chooseOption('Optimizer', 'Adam')
  // More than anybody waits for.
  await app.setOption('Steps', '1000000')
  await app.setOption('Resolution', '17, 17')
  await page.keyboard.press('F8')
  await app.expectStep('net', 'running')
  await expect(app.views.locator('.chart-legend').first()).toContainText('loss', { timeout: 90_000 })
  await expect(app.live.first()).toBeVisible()
  await app.command('Stop').click()
  await app.expectStep('net', 'stopped')
  await expect(app.step('net')).toContainText('The views show what was reached.')
  await expect(app.pictures.first()).toHaveAccessibleName(/^u of net/)
})

test('a parameter is found from data, and stands among the numbers of its step', async ({ app, page, folder }) => {
  await openDocument(app, folder, {
    title: 'A number found', problem: { catalogue: 'heat-1d' },
    steps: [
      { id: 'data', kind: 'solve', method: 'finite-difference', resolution: [33], times: 11 },
      { id: 'found', kind: 'identify', method: 'adjoint', unknown: ['nu'], data: 'data', points: 100, noise: 0.02, start: { nu: 0.5 }, resolution: [33] },
    ],
  })
  await page.keyboard.press('F8')
  await app.expectStep('found', 'done', 120_000)
  await expect(app.stepButton('found')).toContainText(/nu 0\.2/)
  await app.stepButton('found').click()
  await app.inspectorTab('Metrics')
  // What was asked for is the headline, with its error in the table.
  await expect(app.inspector.locator('.headline')).toContainText('nu · found')
  expect(Math.abs(Number(plainNumbers(await app.inspector.locator('.headline strong').innerText())) - 0.25)).toBeLessThan(0.01)
  const error = app.inspector.getByRole('table', { name: 'Metrics of found' }).getByRole('row', { name: /^nu, standard error/ })
  expect(Number(plainNumbers(await error.getByRole('cell').innerText()))).toBeGreaterThan(0)
})

test('a sweep shows medians with the band of their seeds', async ({ app, page, folder }) => {
  await openDocument(app, folder, {
    title: 'Two rates', problem: { catalogue: 'poisson-2d' },
    steps: [{ id: 'net', ...adam(40) }, { id: 'rates', kind: 'sweep', over: { 'net.optimizer.rate': [0.001, 0.01] }, seeds: 3 }],
  })
  await app.stepButton('rates').click()
  await page.keyboard.press('Shift+F8')
  await app.expectStep('rates', 'done', 120_000)
  await expect(app.views.getByRole('application', { name: /of the runs of rates: .*median of 3/ }).first()).toBeVisible()
})
