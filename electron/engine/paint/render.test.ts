import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { uniformAxis } from '../../../shared/fields/field'
import type { FigureSource } from '../../../shared/figures/data'
import { composeFigure } from '../../../shared/figures/compose'
import { checkFigure } from '../../../shared/figures/check'
import { splitChunks } from '../../../shared/figures/png'
import { presetIds } from '../../../shared/figures/presets'
import type { FigureSpecification } from '../../../shared/figures/specification'
import { fontMetrics } from './fonts'
import type { Recipe, RenderedFigure, RenderRequest } from './render'
import { readRecipe, renderFigure } from './render'

const axes = [uniformAxis('x', 0, 1, 33, false), uniformAxis('y', 0, 1, 33, false)]
const field: FigureSource = { name: 'u', grid: { axes }, values: Float64Array.from({ length: 33 * 33 }, (_, k) => Math.sin((Math.PI * (k % 33)) / 32) * Math.sin((Math.PI * Math.floor(k / 33)) / 32)) }
const residuals: FigureSource = { name: 'residuals', values: Float64Array.from({ length: 9 }, (_, i) => 1 / 10 ** i) }
const data = new Map<string, FigureSource>([['fd/u', field], ['fd/residuals', residuals]])
const specification: FigureSpecification = {
  id: 'poisson', title: 'Poisson', preset: 'nature-single',
  panels: [
    { marks: [{ mark: 'heatmap', data: 'fd/u', contours: 4 }], colours: { label: 'solution $u(x,y)$' } },
    { marks: [{ mark: 'line', data: 'fd/residuals', label: 'multigrid' }], y: { scale: 'log', label: 'residual $\\frac{a}{b}$' } },
  ],
}
const recipe: Recipe = { figure: specification as unknown as Recipe['figure'], experiment: 'c0ffee', versions: { residuum: '0.1.0', 'ünïcode': '→ 1' }, seed: 20261120 }
const draw = (format: RenderRequest['format'], rest: Partial<RenderRequest> = {}): Promise<RenderedFigure> =>
  renderFigure({ specification, data: ({ step, array }) => data.get(`${step}/${array}`), format, recipe, ...rest })

const folder = mkdtempSync(join(tmpdir(), 'residuum-figure-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const hasPoppler = spawnSync('pdftotext', ['-v']).status === 0
if (!hasPoppler) console.warn('pdftotext is not installed: the checks of PDF files skip')

async function pdfFile(rest: Partial<RenderRequest> = {}): Promise<string> {
  const path = join(folder, 'figure.pdf')
  writeFileSync(path, (await draw('pdf', rest)).bytes)
  return path
}

describe('a rendered figure', () => {
  it('has the same bytes every time, in every format', async () => {
    for (const format of ['svg', 'pdf', 'png'] as const) {
      const [first, second] = [await draw(format, { dpi: 150 }), await draw(format, { dpi: 150 })]
      expect(Buffer.compare(first.bytes, second.bytes), format).toBe(0)
      expect(first.faults).toEqual([])
      expect(first.widthMm).toBeCloseTo(89, 3)
      expect(first.heightMm).toBeLessThanOrEqual(170)
    }
  })

  it('carries its recipe, in every format', async () => {
    for (const format of ['svg', 'pdf', 'png'] as const) expect(readRecipe((await draw(format, { dpi: 100 })).bytes), format).toEqual(recipe)
    expect(readRecipe(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeUndefined()
    expect(readRecipe(new TextEncoder().encode('%PDF-1.7 /Type /EmbeddedFile /Length 99999999 >> stream\n'))).toBeUndefined()
    expect(readRecipe(new Uint8Array(0))).toBeUndefined()
  })

  it.skipIf(!hasPoppler)('is a PDF of 89 mm with embedded fonts and extractable words', async () => {
    const path = await pdfFile()
    const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' })
    for (const word of ['solution', 'multigrid', 'iteration', 'residual', '0.2']) expect(text).toContain(word)
    const fonts = execFileSync('pdffonts', [path], { encoding: 'utf8' }).trim().split('\n').slice(2)
    expect(fonts.length).toBeGreaterThanOrEqual(2)
    for (const font of fonts) expect(font).toMatch(/^[A-Z]{6}\+Arimo\S*\s+CID TrueType\s+Identity-H\s+yes yes yes/)
    const size = /Page size:\s+([\d.]+) x/.exec(execFileSync('pdfinfo', [path], { encoding: 'utf8' }))![1]
    expect(Number(size)).toBeCloseTo((89 * 72) / 25.4, 2)
    expect(execFileSync('pdfimages', ['-list', path], { encoding: 'utf8' })).toMatch(/450\s+450/)
  })

  it.skipIf(!hasPoppler)('writes minus signs that are minus signs', async () => {
    const wave: FigureSource = { name: 'u', grid: { axes: [axes[0]] }, values: Float64Array.from(axes[0].coordinates, x => Math.cos(Math.PI * x)) }
    const path = await pdfFile({ specification: { id: 'w', panels: [{ marks: [{ mark: 'line', data: 'w/u' }] }] }, data: () => wave })
    expect(execFileSync('pdftotext', [path, '-'], { encoding: 'utf8' })).toContain('\u22121.0')
  })

  it('draws the picture pixel for pixel into a PNG of its resolution', async () => {
    const plain = { ...specification, panels: [{ marks: [{ mark: 'heatmap', data: 'fd/u' }] }] } as FigureSpecification
    const dpi = 200
    const png = decodePng((await draw('png', { specification: plain, dpi })).bytes)
    expect(png.width).toBe(Math.round((89 / 25.4) * dpi))
    expect(png.perMetre).toBe(Math.round(dpi / 0.0254))
    const checked = checkFigure(plain)
    if (!checked.ok) throw new Error('specification')
    const picture = composeFigure(checked.value, data, fontMetrics, { dpi }).list.items.find(item => item.kind === 'image')
    if (picture?.kind !== 'image') throw new Error('no picture')
    const [left, top] = [Math.round((picture.x * dpi) / 72), Math.round((picture.y * dpi) / 72)]
    let worst = 0
    // The frame's line covers the outermost pixels.
    for (let row = 2; row < picture.rows - 2; row++) {
      for (let i = 2; i < picture.columns - 2; i++) {
        for (let c = 0; c < 3; c++) worst = Math.max(worst, Math.abs(png.rgb[3 * ((top + row) * png.width + left + i) + c] - picture.rgb[3 * (row * picture.columns + i) + c]))
      }
    }
    expect(worst).toBeLessThanOrEqual(1)
  })

  it('is drawn by every preset', async () => {
    for (const preset of presetIds) {
      const { bytes, faults } = await draw('pdf', { preset, dpi: 72 })
      expect(faults, preset).toEqual([])
      expect(new TextDecoder('latin1').decode(bytes.subarray(0, 5))).toBe('%PDF-')
    }
  })

  it('keeps going without a glyph and says so; refuses what it cannot read', async () => {
    const strange = await draw('pdf', { specification: { ...specification, panels: [{ ...specification.panels[1], title: 'fine 漢 ⟹' }] } })
    expect(strange.faults.map(fault => fault.code)).toEqual(['missing-glyph'])
    await expect(draw('svg', { preset: 'nature-singel' })).rejects.toMatchObject({ faults: [{ code: 'unknown-preset', tip: 'Did you mean "nature-single"?' }] })
    await expect(draw('svg', { specification: { id: 'x' } })).rejects.toMatchObject({ faults: [{ code: 'figure-malformed' }] })
  })
})

/** 8-bit RGB without interlace, all five filters. */
function decodePng(file: Uint8Array): { width: number; height: number; rgb: Uint8Array; perMetre: number } {
  const chunks = splitChunks(file)!
  const header = Buffer.from(chunks.find(chunk => chunk.type === 'IHDR')!.bytes)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const raw = inflateSync(Buffer.concat(chunks.filter(chunk => chunk.type === 'IDAT').map(chunk => chunk.bytes)))
  const stride = 3 * width
  const rgb = new Uint8Array(stride * height)
  for (let row = 0; row < height; row++) {
    for (let i = 0; i < stride; i++) {
      const at = row * stride + i
      const a = i >= 3 ? rgb[at - 3] : 0
      const b = row > 0 ? rgb[at - stride] : 0
      const c = i >= 3 && row > 0 ? rgb[at - stride - 3] : 0
      const p = a + b - c
      const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)]
      const prediction = [0, a, b, (a + b) >> 1, pa <= pb && pa <= pc ? a : pb <= pc ? b : c][raw[row * (stride + 1)]]
      rgb[at] = raw[row * (stride + 1) + 1 + i] + prediction
    }
  }
  return { width, height, rgb, perMetre: Buffer.from(chunks.find(chunk => chunk.type === 'pHYs')!.bytes).readUInt32BE(0) }
}
