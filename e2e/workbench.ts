import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Locator, Page } from '@playwright/test'
import { expect } from '@playwright/test'
import type { Server } from './server'

/** Numbers as the window writes them, `5.84×10⁻⁹`, as programs read them. */
export const plainNumbers = (text: string): string =>
  text.replace(/×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, (_, power: string) => `e${[...power].map(c => (c === '⁻' ? '-' : '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(c))).join('')}`).replace(/−/g, '-')

/** Everything that the tests know of the page: where things are, and how a user does them. */
export class Workbench {
  constructor(readonly page: Page) {}

  async visit(server: Server): Promise<void> {
    await this.page.goto(server.address)
    await expect(this.examples.getByRole('button').first()).toBeVisible({ timeout: 60_000 })
  }

  // — Gallery
  get gallery(): Locator {
    return this.page.getByRole('heading', { name: 'Open an experiment' })
  }
  get examples(): Locator {
    return this.page.getByRole('region', { name: 'Examples' })
  }
  example(title: string): Locator {
    return this.examples.getByRole('button').filter({ has: this.page.getByText(title, { exact: true }) })
  }
  async openExample(title: string): Promise<void> {
    await this.example(title).click()
    await expect(this.title).toHaveText(title)
  }
  /** A new experiment, with the problem's editor open. */
  async newExperiment(): Promise<void> {
    await this.page.getByRole('main').getByRole('button', { name: 'New experiment' }).click()
    await expect(this.problem).toBeVisible()
  }
  get recent(): Locator {
    return this.page.getByRole('region', { name: 'Recent files' })
  }
  get recovery(): Locator {
    return this.page.getByRole('alert').filter({ hasText: 'was not saved' })
  }

  // — Frame of the window
  get title(): Locator {
    return this.page.getByRole('heading', { level: 1 })
  }
  get unsaved(): Locator {
    return this.page.getByRole('img', { name: 'Unsaved changes' })
  }
  get status(): Locator {
    return this.page.getByRole('contentinfo')
  }
  /** The button of the top bar, whose label stays the same while its command changes. */
  command(label: 'Undo' | 'Export figure' | 'Compute' | 'Stop'): Locator {
    return this.page.getByRole('banner').getByRole('button', { name: label })
  }
  async menu(menu: string, item: string): Promise<void> {
    await this.page.getByRole('menubar').getByRole('menuitem', { name: menu, exact: true }).click()
    await this.page.getByRole('menu').getByRole('menuitem', { name: item }).first().click()
  }
  message(text: string | RegExp): Locator {
    return this.page.getByRole('region', { name: 'Messages' }).getByText(text)
  }
  dialog(name: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name })
  }

  // — Steps
  get steps(): Locator {
    return this.page.getByRole('region', { name: 'Steps' })
  }
  step(id: string): Locator {
    return this.steps.getByRole('listitem').filter({ has: this.page.locator(`[data-step="${id}"]`) })
  }
  /** The row itself, without its menu: selects the step. */
  stepButton(id: string): Locator {
    return this.steps.locator(`[data-step="${id}"]`)
  }
  /** Steady facts about a step's result: what it did and how long it took. */
  async stepWords(id: string): Promise<string> {
    return (await this.stepButton(id).innerText()).replace(/\s+/g, ' ')
  }
  async expectStep(id: string, status: 'done' | 'running' | 'stopped' | 'failed' | 'out of date', timeout = 60_000): Promise<void> {
    await expect(this.stepButton(id)).toContainText(status, { timeout })
  }
  progress(id: string): Locator {
    return this.page.getByRole('progressbar', { name: `Progress of ${id}` })
  }

  // — Inspector
  get inspector(): Locator {
    return this.page.getByRole('complementary', { name: 'Inspector' })
  }
  async inspectorTab(name: 'Metrics' | 'Log' | 'Provenance' | number): Promise<void> {
    const tabs = this.inspector.getByRole('tab')
    await (typeof name === 'number' ? tabs.nth(name) : tabs.filter({ hasText: name })).click()
  }
  option(name: string): Locator {
    return this.inspector.getByRole('group', { name, exact: true }).getByRole('textbox')
  }
  async setOption(name: string, text: string): Promise<void> {
    await this.inspectorTab(0)
    await this.option(name).fill(text)
    await this.option(name).press('Tab')
  }
  async chooseOption(name: string, choice: string): Promise<void> {
    await this.inspectorTab(0)
    await this.inspector.getByRole('combobox', { name, exact: true }).selectOption(choice)
  }

  // — Views
  get views(): Locator {
    return this.page.getByRole('region', { name: 'Views' })
  }
  get pictures(): Locator {
    return this.views.locator('[aria-roledescription="field picture"]:visible')
  }
  get surface(): Locator {
    return this.views.locator('[aria-roledescription="surface"]:visible')
  }
  /** Unknown and component of the first view. */
  get fieldChooser(): Locator {
    return this.views.getByRole('button', { name: 'Field and component' }).first()
  }
  /** What the first view can show, by name. */
  async fieldChoices(): Promise<string[]> {
    await this.fieldChooser.click()
    const names = await this.page.getByRole('menuitemradio').evaluateAll(items => items.map(item => item.getAttribute('aria-label') ?? ''))
    await this.page.keyboard.press('Escape')
    return names
  }
  async chooseField(name: string): Promise<void> {
    await this.fieldChooser.click()
    await this.page.getByRole('menuitemradio', { name, exact: true }).click()
  }
  get live(): Locator {
    return this.views.getByText(/^live/)
  }

  // — Problem editor
  get problem(): Locator {
    return this.page.getByRole('form', { name: 'Problem' })
  }
  async editProblem(): Promise<void> {
    await this.page.getByRole('region', { name: 'Problem', exact: true }).getByRole('button', { name: 'Edit' }).click()
    await expect(this.problem).toBeVisible()
  }
  code(label: string): Locator {
    return this.problem.getByRole('textbox', { name: label, exact: true })
  }
  /** What belongs to one text of the statement: the typeset result, the underlined place, the sentence. */
  field(label: string): { readonly typeset: Locator; readonly underlined: Locator; readonly faults: Locator } {
    const field = this.problem.locator('.expression-field').filter({ has: this.page.getByRole('textbox', { name: label, exact: true }) })
    return { typeset: field.locator('.katex annotation'), underlined: field.locator('.cm-lintRange-error'), faults: field.locator('.fault.error') }
  }
  /** Replaces a text of the statement by typing; it is kept when the focus leaves. */
  async type(label: string, text: string): Promise<void> {
    await this.code(label).click()
    await this.page.keyboard.press('ControlOrMeta+A')
    await this.page.keyboard.type(text)
  }
  /** Puts a text into a field of the statement at once, and leaves it. */
  async fillCode(label: string, text: string): Promise<void> {
    // Emptied first: Chromium gives text that replaces a highlighted line the style of the old one, which the content policy refuses.
    await this.code(label).fill('')
    await this.code(label).fill(text)
    await expect(this.code(label)).toHaveText(text)
    await this.leaveField()
  }
  async fillPlain(label: string, text: string): Promise<void> {
    const field = this.problem.getByRole('textbox', { name: label, exact: true })
    await field.fill(text)
    await field.press('Tab')
    await expect(field).toHaveValue(text)
  }
  /** Leaves the field, as a user who goes on with something else. */
  async leaveField(): Promise<void> {
    await this.stepsHeading.click()
    await this.page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : undefined))
  }
  private get stepsHeading(): Locator {
    return this.steps.getByRole('heading', { name: 'Steps' })
  }

  // — Files
  /** Through the window's own file browser, which asks for a path. */
  async saveAs(path: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+Shift+S')
    const dialog = this.dialog('Save the experiment')
    await this.path(dialog).fill(path)
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(dialog).toBeHidden()
    await expect(this.unsaved).toBeHidden({ timeout: 60_000 })
  }
  path(dialog: Locator): Locator {
    return dialog.getByRole('textbox', { name: 'Path' })
  }
  /** A file from the desktop, dropped on the window. */
  async drop(path: string): Promise<void> {
    const transfer = await this.page.evaluateHandle(
      ({ name, encoded }) => {
        const data = new DataTransfer()
        data.items.add(new File([Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0))], name))
        return data
      },
      { name: basename(path), encoded: readFileSync(path).toString('base64') },
    )
    const target = this.page.locator('body')
    for (const event of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(event, { dataTransfer: transfer })
    await transfer.dispose()
  }

  // — Figure dialog
  async exportFigure(): Promise<Locator> {
    await this.command('Export figure').click()
    const dialog = this.dialog('Export figure')
    await expect(this.preview(dialog)).toBeVisible({ timeout: 60_000 })
    return dialog
  }
  preview(dialog: Locator): Locator {
    return dialog.getByRole('img', { name: 'The figure as it will be exported' })
  }

  // — Palette
  get palette(): Locator {
    return this.dialog('Commands')
  }
  /** Types words into the palette and takes its first answer, which must be `command`. */
  async run(words: string, command: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+Shift+P')
    await expect(this.palette).toBeVisible()
    await this.page.keyboard.type(words)
    await expect(this.palette.getByRole('option', { selected: true })).toContainText(command)
    await this.page.keyboard.press('Enter')
    await expect(this.palette).toBeHidden()
  }
}
