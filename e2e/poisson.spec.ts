import { join } from 'node:path'
import { expect, test } from './test'
import { plainNumbers, Workbench } from './workbench'

const original = '2*(k*pi)^2*ue'

test('changes the source by typing, solves on 1025², takes everything back, saves and reopens', async ({ app, page, server, another, folder }) => {
  await app.openExample('Poisson')
  await app.editProblem()
  const source = app.field('Definitions: f')
  await expect(app.code('Definitions: f')).toHaveText(original)

  await test.step('a misspelt function is underlined and named', async () => {
    await app.type('Definitions: f', '2*pi^2*sinn(pi*x)*sin(pi*y)')
    await expect(source.underlined).toHaveText('sinn')
    await expect(source.faults.first()).toContainText('sinn')
    await expect(source.faults.first()).toContainText(/mean.*sin/)
  })
  await test.step('an unbalanced bracket is underlined', async () => {
    await app.type('Definitions: f', '2*pi^2*sin(pi*x')
    // The editor closes brackets by itself; the closing one is taken away.
    await page.keyboard.press('Delete')
    await expect(app.code('Definitions: f')).toHaveText('2*pi^2*sin(pi*x')
    await expect(source.underlined).not.toHaveCount(0)
    await expect(source.faults.first()).toContainText(/\)|bracket|parenthes/i)
  })
  await test.step('a right one is typeset', async () => {
    await app.type('Definitions: f', '2*pi^2*sin(pi*x)*sin(pi*y) + 0*x')
    await expect(source.faults).toHaveCount(0)
    await expect(source.underlined).toHaveCount(0)
    await expect(source.typeset).toContainText('\\pi^2')
    await expect(source.typeset).toContainText('\\sin')
    await app.leaveField()
    await app.expectStep('fd', 'out of date')
    await expect(app.unsaved).toBeVisible()
    await expect(page).toHaveTitle(/^• Poisson/)
  })
  await test.step('solves on 1025 by 1025 nodes', async () => {
    await app.stepButton('fd').click()
    await app.setOption('Resolution', '1025, 1025')
    await page.keyboard.press('F8')
    await expect(app.stepButton('fd')).toContainText('1025²')
    await app.expectStep('fd', 'done', 90_000)
    await app.inspectorTab('Metrics')
    // Second order: 129 nodes gave 5e-5, and eight times finer is 64 times better.
    const text = plainNumbers(await app.inspector.locator('.headline strong').innerText())
    expect(Number(text)).toBeGreaterThan(1e-8)
    expect(Number(text)).toBeLessThan(2e-6)
  })
  await test.step('undoes edit by edit and redoes', async () => {
    const undo = app.command('Undo')
    await app.leaveField()
    await page.keyboard.press('ControlOrMeta+Z')
    await app.inspectorTab(0)
    await expect(app.option('Resolution')).toHaveValue('129, 129')
    await undo.click()
    await app.editProblem()
    await expect(app.code('Definitions: f')).toHaveText(original)
    await expect(undo).toBeDisabled()
    // The result that is there belongs to the other statement.
    await app.expectStep('fd', 'out of date')
    await page.keyboard.press('ControlOrMeta+Shift+Z')
    await expect(app.code('Definitions: f')).toHaveText('2*pi^2*sin(pi*x)*sin(pi*y) + 0*x')
    await page.keyboard.press('ControlOrMeta+Shift+Z')
    await expect(app.option('Resolution')).toHaveValue('1025, 1025')
    // And fits again, without being computed again.
    await app.expectStep('fd', 'done')
  })

  const path = join(folder, 'poisson.residuum')
  const computed = await app.stepWords('fd')
  await test.step('saves', async () => {
    await app.saveAs(path)
    await expect(page).toHaveTitle(/^Poisson/)
    await expect(app.status).toContainText('saved')
  })
  await test.step('a reload of the page comes back to it', async () => {
    await page.reload()
    await expect(app.title).toHaveText('Poisson')
    await expect(app.stepButton('fd')).toContainText('done')
    expect(await app.stepWords('fd')).toBe(computed)
  })
  await test.step('another start reopens it from the recent files, with its results', async () => {
    await app.run('gallery', 'Gallery')
    await expect(app.gallery).toBeVisible()
    // The window closes before its server does.
    await page.goto('about:blank')
    await server.stop()
    const second = new Workbench(page)
    await second.visit(await another(server.dataFolder))
    await second.recent.getByRole('button').filter({ hasText: path }).click()
    await expect(second.title).toHaveText('Poisson')
    await expect(second.stepButton('fd')).toContainText('done')
    // Computed again it would have taken another time.
    expect(await second.stepWords('fd')).toBe(computed)
    await expect(second.unsaved).toBeHidden()
    await expect(second.pictures).toHaveCount(1)
    await second.inspectorTab('Log')
    await expect(second.inspector).toContainText('Steps write here what they do')
    await second.editProblem()
    await expect(second.code('Definitions: f')).toHaveText('2*pi^2*sin(pi*x)*sin(pi*y) + 0*x')
  })
})
