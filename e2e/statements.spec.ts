import type { Locator, Page } from '@playwright/test'
import { pixelsOf } from './pixels'
import { expect, test } from './test'
import { plainNumbers } from './workbench'

test('states a system of two equations, with a mistake on the way, and solves it by the method that fits', async ({ app, page }) => {
  await app.newExperiment()
  const form = app.problem
  await test.step('the domain, the time and a second unknown', async () => {
    await form.getByRole('radio', { name: '1-D' }).click()
    await form.getByRole('checkbox', { name: 'periodic' }).check()
    await form.getByRole('checkbox', { name: 'Time' }).check()
    await app.fillPlain('Last time', '4')
    await form.getByRole('button', { name: 'Add', exact: true }).first().click()
    await expect(form.getByRole('textbox', { name: 'Unknown 2' })).toHaveValue('v')
  })
  await test.step('what belonged to the problem that was there goes', async () => {
    for (const name of [/^Remove \w+ from exact solution/, /^Remove \w+ from definitions/, /^Remove boundary condition/]) await removeAll(form.getByRole('button', { name }))
  })
  await test.step('a name that nobody declared is underlined and said', async () => {
    await app.fillCode('Equation 1', 'dt(u) = 0.001*dxx(u) + 1 - 4*u + u^2*w')
    await expect(app.field('Equation 1').underlined).toHaveText('w')
    await expect(app.field('Equation 1').faults.first()).toContainText('"w" is not declared')
    await app.fillCode('Equation 1', 'dt(u) = 0.001*dxx(u) + 1 - 4*u + u^2*v')
    await expect(app.field('Equation 1').underlined).toHaveCount(0)
    await form.getByRole('button', { name: 'Add equation' }).click()
    await app.fillCode('Equation 2', 'dt(v) = 0.01*dxx(v) + 3*u - u^2*v')
    await expect(app.field('Equation 2').typeset).toContainText('v_{xx}')
  })
  await test.step('initial values of both', async () => {
    for (const [name, text] of [['u', '1 + 0.1*sin(2*pi*x)'], ['v', '3']] as const) {
      await form.locator('.problem-section').filter({ has: page.getByRole('heading', { name: 'Initial values' }) }).getByRole('button', { name: 'Add', exact: true }).click()
      await app.fillCode(`Initial values: ${name}`, text)
    }
    await expect(form).toContainText(/No problems found.*system of 2 real equations, evolution/)
  })
  await test.step('a new step chooses its method and says why', async () => {
    await app.steps.getByRole('button', { name: 'Add a solve step' }).click()
    await expect(app.inspector.getByRole('combobox', { name: 'Method', exact: true }).locator('option:checked')).toHaveText('Automatic')
    await expect(app.inspector.getByRole('note', { name: 'Chosen method' })).toContainText(/Spectral .*periodic/)
    await page.keyboard.press('F8')
    await app.expectStep('solve', 'done', 90_000)
  })
  await test.step('both unknowns can be seen', async () => {
    await expect(app.pictures).toHaveCount(1)
    await expect(app.pictures).toHaveAccessibleName(/^u of solve/)
    await app.chooseField('v')
    await expect(app.pictures).toHaveAccessibleName(/^v of solve/)
    await expect.poll(async () => (await pixelsOf(app.pictures)).colours).toBeGreaterThan(60)
    // The mean of u + v grows by the integral of 1 − u, and v stays near 3 meanwhile.
    const [, lowest, highest] = /from (\S+) to (\S+)/.exec(plainNumbers((await app.pictures.getAttribute('aria-label')) ?? '')) ?? []
    expect(Number(lowest)).toBeGreaterThan(1)
    expect(Number(highest)).toBeLessThan(5)
    expect(Number(highest) - Number(lowest)).toBeGreaterThan(0.1)
  })
})

test('a new experiment from the catalogue is named, computes as suggested, and shows the parts of a complex unknown', async ({ app, page }) => {
  await app.newExperiment()
  await app.problem.getByRole('combobox', { name: 'Start from' }).selectOption({ label: 'Schrödinger soliton' })
  await expect(app.title).toHaveText('Schrödinger soliton')
  await app.steps.getByRole('button', { name: 'Add a solve step' }).click()
  await expect(app.option('Resolution')).toHaveValue('512')
  await page.keyboard.press('F8')
  await app.expectStep('spectral', 'done', 120_000)
  await app.inspectorTab('Metrics')
  const error = Number(plainNumbers(await app.inspector.locator('.headline strong').innerText()))
  expect(error).toBeGreaterThan(1e-13)
  expect(error).toBeLessThan(1e-5)

  // Its magnitude has one sign, its real part two.
  await expect(app.pictures).toHaveAccessibleName(/^\|h\| of spectral .*from \d\S* to 1/)
  expect(await app.fieldChoices()).toEqual(['|h|', 'Re h', 'Im h'])
  await expect.poll(async () => (await pixelsOf(app.pictures)).colours, { timeout: 60_000 }).toBeGreaterThan(60)
  const magnitude = await app.pictures.screenshot()
  await app.chooseField('Re h')
  await expect(app.pictures).toHaveAccessibleName(/^Re h of spectral .*from −0\.9\d* to (1|0\.9\d*)$/)
  await expect.poll(async () => (await app.pictures.screenshot()).equals(magnitude), { timeout: 60_000 }).toBe(false)
  await expect.poll(async () => (await pixelsOf(app.pictures)).red, { timeout: 60_000 }).toBeGreaterThan(0.004)
  await expect.poll(async () => (await pixelsOf(app.pictures)).blue, { timeout: 60_000 }).toBeGreaterThan(0.004)
})

test('a field on a mesh shows its edges, and has values inside the domain only', async ({ app, page }) => {
  // Wide enough for the switches to stand in the header.
  await page.setViewportSize({ width: 1600, height: 800 })
  await app.openExample('A corner that costs an order')
  await app.stepButton('adaptive').click()
  await expect(app.pictures).toHaveCount(1)
  await expect(app.pictures).toHaveAccessibleName(/of adaptive/)
  await expect.poll(async () => (await pixelsOf(app.pictures)).colours, { timeout: 60_000 }).toBeGreaterThan(60)

  await test.step('edges are drawn and taken away', async () => {
    const smooth = (await pixelsOf(app.pictures)).colours
    const mesh = app.views.getByRole('button', { name: 'mesh', exact: true }).first()
    await mesh.click()
    await expect(mesh).toHaveAttribute('aria-pressed', 'true')
    await expect.poll(async () => (await pixelsOf(app.pictures)).colours, { timeout: 60_000 }).toBeGreaterThan(smooth * 1.2)
    await mesh.click()
    await expect.poll(async () => (await pixelsOf(app.pictures)).colours).toBeLessThan(smooth * 1.1)
  })
  await test.step('the quarter that is missing has no value', async () => {
    await hover(page, app.pictures, -0.15, -0.15)
    await expect(app.views).toContainText(/u = 0\.\d+/)
    await hover(page, app.pictures, 0.15, 0.15)
    await expect(app.views).toContainText('outside the domain')
    await expect(app.views).not.toContainText(/u = 0\.\d+/)
  })
})

test('examples stand on shelves and are found by their words', async ({ app, page }) => {
  const shelves = app.examples.getByRole('heading', { level: 2 })
  await expect(shelves).toContainText(['Steady equations', 'Waves', 'Eigenvalues'])
  await expect(shelves.filter({ hasText: 'More' })).toHaveCount(0)
  const all = await app.examples.getByRole('button').count()
  expect(all).toBeGreaterThan(40)

  // By a word of the title, by what the catalogue calls the problem, by a method.
  const search = app.examples.getByRole('searchbox')
  await search.fill('soliton')
  await expect(shelves).toHaveText(['Waves', 'Identification'])
  await expect(app.examples.getByRole('button')).not.toHaveCount(0)
  await search.fill('eigenvalues finite-element')
  await expect(shelves).toHaveText(['Eigenvalues'])
  await search.fill('no such thing')
  await expect(app.examples.getByText('No example has “no such thing”.')).toBeVisible()
  await expect(app.examples.getByRole('button')).toHaveCount(0)
  await search.fill('')
  await expect(app.examples.getByRole('button')).toHaveCount(all)

  // A shelf's name leads to it.
  const last = app.examples.getByRole('heading', { name: 'Eigenvalues', level: 2 })
  await expect(last).not.toBeInViewport()
  await page.getByRole('navigation', { name: 'Classes' }).getByRole('link', { name: 'Eigenvalues' }).click()
  await expect(last).toBeInViewport()
})

async function removeAll(buttons: Locator): Promise<void> {
  for (let left = await buttons.count(); left > 0; left--) {
    await buttons.first().click()
    await expect(buttons).toHaveCount(left - 1)
  }
}

/** The pointer at a place of a picture, in parts of its smaller side from its middle. */
async function hover(page: Page, picture: Locator, right: number, down: number): Promise<void> {
  const { x, y, width, height } = (await picture.boundingBox())!
  const side = Math.min(width, height)
  await page.mouse.move(x + width / 2 + right * side, y + height / 2 + down * side, { steps: 4 })
}
