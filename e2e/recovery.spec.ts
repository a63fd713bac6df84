import { join } from 'node:path'
import { expect, test } from './test'
import { Workbench } from './workbench'

test('asks before unsaved work is left', async ({ app, page, folder }) => {
  await app.openExample('Poisson')
  await app.setOption('Resolution', '65, 65')
  await expect(app.unsaved).toBeVisible()
  const question = app.dialog(/Save the changes to/)

  await app.run('gallery', 'Gallery')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(app.title).toHaveText('Poisson')
  await expect(app.option('Resolution')).toHaveValue('65, 65')

  // The page itself asks too.
  const asked = page.waitForEvent('dialog')
  const leaving = page.close({ runBeforeUnload: true })
  const prompt = await asked
  expect(prompt.type()).toBe('beforeunload')
  await prompt.dismiss()
  await leaving
  await expect(app.title).toHaveText('Poisson')

  const path = join(folder, 'kept.residuum')
  await app.saveAs(path)
  await app.setOption('Resolution', '33, 33')
  await app.run('gallery', 'Gallery')
  await question.getByRole('button', { name: 'Don’t save' }).click()
  await expect(app.gallery).toBeVisible()
  // What was given up is gone, what was saved is there.
  await app.recent.getByRole('button').filter({ hasText: path }).click()
  await expect(app.title).toHaveText('Poisson')
  await app.inspectorTab(0)
  await expect(app.option('Resolution')).toHaveValue('65, 65')
})

test('an edit outlives a killed server', async ({ app, page, server, another, expected }) => {
  await app.openExample('Poisson')
  await app.editProblem()
  await app.type('Definitions: f', '3*x + y')
  await app.leaveField()
  await app.expectStep('fd', 'out of date')
  await expect(app.unsaved).toBeVisible()
  // The journal reaches the disk within a second of an edit.
  await page.waitForTimeout(1500)

  expected.push(/WebSocket|ERR_CONNECTION|ERR_EMPTY_RESPONSE/)
  await server.stop('SIGKILL')
  await expect(page.getByRole('alert').filter({ hasText: 'Connection to the engine lost' })).toBeVisible()

  const next = await another(server.dataFolder)
  page.on('dialog', dialog => void dialog.accept())
  const second = new Workbench(page)
  await second.visit(next)
  await expect(second.recovery).toContainText('Poisson')
  await second.recovery.getByRole('button', { name: 'Recover' }).click()
  await expect(second.title).toHaveText('Poisson')
  await expect(second.unsaved).toBeVisible()
  await second.editProblem()
  await expect(second.code('Definitions: f')).toHaveText('3*x + y')
  // The results that it had are kept, as those of the earlier problem.
  await second.expectStep('fd', 'out of date')
  await second.command('Undo').click()
  await expect(second.code('Definitions: f')).toHaveText('2*(k*pi)^2*ue')
  await second.expectStep('fd', 'done')
})
