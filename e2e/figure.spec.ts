import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { pixelsOf } from './pixels'
import { expect, test } from './test'

test('exports a figure at the width of a Nature column as PDF', async ({ app, page, folder }) => {
  await app.openExample('Burgers shock')
  const dialog = await app.exportFigure()
  await dialog.getByRole('combobox', { name: 'Preset' }).selectOption({ label: 'Nature, one column · 89 mm' })
  await expect(dialog).toContainText(/89 × \d+(\.\d)? mm/)
  const preview = await pixelsOf(app.preview(dialog))
  expect(preview.red).toBeGreaterThan(0.05)
  expect(preview.blue).toBeGreaterThan(0.05)

  await dialog.getByRole('radio', { name: 'PDF' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('button', { name: 'Export', exact: true }).click()])
  expect(download.suggestedFilename()).toMatch(/\.pdf$/)
  const path = join(folder, 'figure.pdf')
  await download.saveAs(path)
  await expect(app.message(/downloaded/)).toBeVisible()

  const pdf = readFileSync(path)
  const [width] = pageSize(pdf)
  expect((width * 25.4) / 72).toBeCloseTo(89, 1)
  // Every font is there as a file of its own.
  const objects = objectsOf(pdf)
  const fonts = objects.match(/\/Type\s*\/FontDescriptor/g)?.length ?? 0
  expect(fonts).toBeGreaterThan(0)
  expect(objects.match(/\/FontFile[23]?\s+\d+\s+0\s+R/g)?.length).toBe(fonts)
  if (has('pdfinfo')) {
    const said = execFileSync('pdfinfo', [path], { encoding: 'utf8' })
    expect((Number(/Page size:\s+([\d.]+)/.exec(said)?.[1]) * 25.4) / 72).toBeCloseTo(89, 1)
  }
  if (has('pdffonts')) {
    const rows = execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').slice(2)
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toMatch(/\s+yes\s+(yes|no)\s+yes\s+\d+\s+\d+$/)
  }
})

test('a figure kept in the document is one edit', async ({ app, page }) => {
  await app.openExample('Poisson')
  const dialog = await app.exportFigure()
  await dialog.getByRole('textbox', { name: 'Title in lists' }).fill('The solution')
  await dialog.getByRole('button', { name: 'Add to document' }).click()
  const figures = page.getByRole('region', { name: 'Figures' })
  await expect(figures.getByRole('button', { name: 'Figure The solution' })).toBeVisible()
  await expect(app.unsaved).toBeVisible()
  await app.command('Undo').click()
  await expect(figures.getByRole('button', { name: 'Figure The solution' })).toHaveCount(0)
  await expect(app.command('Undo')).toBeDisabled()
})

/** Width and height of the first page in points. */
function pageSize(pdf: Buffer): readonly [number, number] {
  const [, left, bottom, right, top] = /\/MediaBox\s*\[\s*([\d.-]+)\s+([\d.-]+)\s+([\d.-]+)\s+([\d.-]+)\s*\]/.exec(objectsOf(pdf)) ?? []
  return [Number(right) - Number(left), Number(top) - Number(bottom)]
}

/** The file's text, with its compressed streams of objects unpacked. */
function objectsOf(pdf: Buffer): string {
  const text = pdf.toString('latin1')
  const packed = [...text.matchAll(/\/ObjStm[^]*?stream\r?\n/g)].map(match => {
    const from = match.index + match[0].length
    return inflateSync(pdf.subarray(from, text.indexOf('endstream', from))).toString('latin1')
  })
  return text + packed.join('\n')
}

function has(program: string): boolean {
  try {
    execFileSync(program, ['-v'], { stdio: 'ignore' })
    return true
  } catch (reason) {
    return (reason as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
