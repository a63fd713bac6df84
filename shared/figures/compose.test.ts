import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fontMetrics } from '../../electron/engine/paint/fonts'
import type { Field } from '../fields/field'
import { uniformAxis } from '../fields/field'
import { checkFigure } from './check'
import type { Composition } from './compose'
import { composeFigure } from './compose'
import type { FigureSource } from './data'
import { figureReferences } from './data'
import type { Item, TextItem } from './display-list'
import { findPreset, presetIds, presets } from './presets'
import type { Figure, FigureSpecification } from './specification'
import { renderSvg, svgMetadata } from './svg'

const axis = (name: 'x' | 'y', nodes: number): ReturnType<typeof uniformAxis> => uniformAxis(name, 0, 1, nodes, false)
const bump: Field = { name: 'u', grid: { axes: [axis('x', 17), axis('y', 17)] }, values: Float64Array.from({ length: 289 }, (_, k) => ((k % 17) * (16 - (k % 17)) * Math.floor(k / 17) * (16 - Math.floor(k / 17))) / 4096) }
const wave: Field = {
  name: 'u', grid: { axes: [axis('x', 33)] }, times: Float64Array.from([0, 0.5, 1]),
  values: Float64Array.from({ length: 99 }, (_, k) => (1 - Math.floor(k / 33) / 3) * Math.sin((2 * Math.PI * (k % 33)) / 32)),
}
const h = Float64Array.from([0.1, 0.05, 0.025, 0.0125])
const data = new Map<string, FigureSource>([
  ['fd/u', bump], ['w/u', wave], ['c/h', { name: 'h', values: h }], ['c/relative_l2', { name: 'relative_l2', values: h.map(v => 3 * v * v) }],
  ['r/residuals', { name: 'residuals', values: Float64Array.from([1, 0.1, 0.01, 0, 1e-4]) }],
])

function parsed(specification: FigureSpecification): Figure {
  const checked = checkFigure(specification)
  if (!checked.ok) throw new Error(checked.faults[0].message)
  return checked.value
}
const compose = (specification: FigureSpecification, options: Parameters<typeof composeFigure>[3] = {}): Composition => composeFigure(parsed(specification), data, fontMetrics, { dpi: 72, ...options })

const flat = (items: readonly Item[]): Item[] => items.flatMap(item => (item.kind === 'group' ? flat(item.items) : [item]))
const texts = (composition: Composition): TextItem[] => flat(composition.list.items).filter(item => item.kind === 'text')
const words = (composition: Composition): string[] => texts(composition).map(item => item.text)

/** A display list in few lines: words with places, other items by kind and length. */
function summary({ list }: Composition): string[] {
  const line = (item: Item): string[] => {
    if (item.kind === 'text') return [`text ${item.x} ${item.y} ${item.size} ${item.font}${item.angle ? ' turned' : ''} "${item.text}"`]
    if (item.kind === 'image') return [`image ${item.x} ${item.y} ${item.width} ${item.height} ${item.columns}×${item.rows}`]
    if (item.kind === 'group') return [`group ${item.clip}`, ...item.items.flatMap(line).map(l => `  ${l}`)]
    return [`${item.kind} ${item.d.length > 60 ? `${item.d.slice(0, 57)}… ${item.d.length}` : item.d}${item.kind === 'path' && item.stroke ? ` ${item.stroke.colour} ${item.stroke.width}` : ''}`]
  }
  return [`page ${list.width} × ${list.height}`, ...list.items.flatMap(line)]
}

const map: FigureSpecification = { id: 'map', preset: 'nature-single', panels: [{ marks: [{ mark: 'heatmap', data: 'fd/u', contours: [0.5] }] }] }
const study: FigureSpecification = {
  id: 'study', preset: 'siam',
  panels: [{ marks: [{ mark: 'line', data: 'c/relative_l2', x: 'c/h', label: 'relative $L^2$', fit: true }, { mark: 'slope' }], x: { scale: 'log', label: '$h$' }, y: { scale: 'log', label: 'error' } }],
}
const curves: FigureSpecification = { id: 'curves', panels: [{ marks: [{ mark: 'line', data: 'w/u', time: [0, 0.5, 1] }] }] }

describe('a composed figure', () => {
  it('of a map keeps its list', () => expect(summary(compose(map))).toMatchSnapshot())
  it('of a convergence study keeps its list', () => expect(summary(compose(study))).toMatchSnapshot())

  it('is equal for equal input and rounds to 0.001 pt', () => {
    expect(compose(map).list).toEqual(compose(map).list)
    const numbers = JSON.stringify(flat(compose(curves).list.items).map(item => ('d' in item ? item.d : ''))).match(/-?\d+\.\d{4,}/g)
    expect(numbers).toBeNull()
  })

  it('has equal units on both axes of a space map, and the domain reaches the frame', () => {
    const [image] = flat(compose(map, { dpi: 300 }).list.items)
    expect(image).toMatchObject({ kind: 'image' })
    if (image.kind === 'image') {
      expect(Math.abs(image.width - image.height)).toBeLessThanOrEqual(72 / 300 + 1e-3)
      expect(image.columns).toBe(Math.round((image.width * 300) / 72))
      expect(((image.x * 300) / 72) % 1).toBeCloseTo(0, 2)
    }
  })

  it('stays inside its page with every word', () => {
    for (const specification of [map, study, curves]) {
      for (const preset of presetIds) {
        const { list, faults } = compose(specification, { preset })
        expect(faults.filter(fault => fault.severity === 'error')).toEqual([])
        for (const item of flat(list.items)) {
          if (item.kind !== 'text') continue
          const length = fontMetrics.advance(item.font, item.text) * item.size
          const [x0, x1, y0, y1] = item.angle === 0 ? [item.x, item.x + length, item.y - 0.7 * item.size, item.y] : [item.x - 0.7 * item.size, item.x, item.y - length, item.y]
          expect(Math.min(x0, y0), `${preset} "${item.text}"`).toBeGreaterThanOrEqual(-0.01)
          expect(x1, `${preset} "${item.text}"`).toBeLessThanOrEqual(list.width + 0.01)
          expect(y1, `${preset} "${item.text}"`).toBeLessThanOrEqual(list.height + 0.01)
        }
      }
    }
  })

  it('keeps to the widths, heights and smallest text of every preset', () => {
    for (const preset of presets) {
      for (const specification of [map, study]) {
        const composition = compose(specification, { preset: preset.id as (typeof presetIds)[number] })
        expect(composition.list.width).toBeCloseTo((preset.widthMm * 72) / 25.4, 2)
        expect((composition.list.height * 25.4) / 72).toBeLessThanOrEqual((preset.maximumHeightMm ?? 250) + 0.01)
        for (const { size, text } of texts(composition)) expect(size, `${preset.id} "${text}"`).toBeGreaterThanOrEqual(Math.min(preset.minimumPt, preset.minimumScriptPt))
      }
    }
    expect(findPreset('nature-single')).toMatchObject({ widthMm: 89, minimumPt: 5 })
    const natural = texts(compose(map)).map(item => item.size)
    expect([Math.min(...natural), Math.max(...natural)]).toEqual([6, 7])
  })

  it('names the times of its curves and tells them apart by colour and dash', () => {
    const composition = compose(curves)
    expect(words(composition).join('')).toContain('0.5')
    const strokes = flat(composition.list.items).flatMap(item => (item.kind === 'path' && item.stroke && item.stroke.colour !== '#000000' ? [`${item.stroke.colour} ${item.stroke.dash?.join() ?? ''}`] : []))
    expect(new Set(strokes).size).toBe(3)
  })

  it('puts the legend where no curve runs', () => {
    const composition = compose(curves)
    const legend = texts(composition).filter(item => item.text.includes('='))
    const left = Math.min(...legend.map(item => item.x)) - 20
    const [top, bottom] = [Math.min(...legend.map(item => item.y)) - 5, Math.max(...legend.map(item => item.y)) + 1]
    const right = Math.max(...legend.map(item => item.x)) + 10
    const lines = flat(composition.list.items).filter(item => item.kind === 'path' && item.d.split('L').length > 20)
    expect(lines).toHaveLength(3)
    for (const path of lines) {
      if (path.kind !== 'path') continue
      for (const [, x, y] of path.d.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)) expect(+x > left && +x < right && +y > top && +y < bottom).toBe(false)
    }
  })

  it('writes the fitted order and the slope', () => {
    const composition = compose(study)
    expect(words(composition).some(word => word.includes('order 2'))).toBe(true)
    expect(words(composition)).toContain('2')
  })

  it('leaves zeros out of a logarithmic axis and says how many', () => {
    const composition = compose({ id: 'r', panels: [{ marks: [{ mark: 'line', data: 'r/residuals' }], y: { scale: 'log' } }] })
    expect(composition.faults).toMatchObject([{ severity: 'warning', code: 'not-positive', message: expect.stringContaining('1 value') }])
    const curve = flat(composition.list.items).find(item => item.kind === 'path' && item.stroke?.colour === '#0072b2')
    // Broken at the zero: three points in one piece, the lone last point is left to its marker.
    expect(curve?.kind === 'path' && curve.d.match(/M/g)).toHaveLength(1)
    expect(curve?.kind === 'path' && curve.d.match(/[ML]/g)).toHaveLength(3)
  })

  it('draws an empty panel and one fault for data that are not there', () => {
    const composition = compose({ id: 'm', panels: [{ marks: [{ mark: 'heatmap', data: 'gone/u' }] }] })
    expect(composition.faults).toMatchObject([{ code: 'missing-data', where: { path: 'panels[0].marks[0].data' } }])
    expect(words(composition)).toEqual(['no data'])
  })

  it('refuses what cannot be a map, in words', () => {
    expect(compose({ id: 'm', panels: [{ marks: [{ mark: 'heatmap', data: 'r/residuals' }] }] }).faults[0].code).toBe('not-a-field')
    expect(compose({ id: 'm', panels: [{ marks: [{ mark: 'heatmap', data: 'w/u', view: 'space' }] }] }).faults[0].code).toBe('no-plane')
    expect(compose({ id: 'm', panels: [{ marks: [{ mark: 'heatmap', data: 'fd/u', view: 'spacetime' }] }] }).faults[0].code).toBe('no-spacetime')
    expect(compose({ id: 'm', panels: [{ marks: [{ mark: 'line', data: 'w/u', along: 'y' }] }] }).faults[0].code).toBe('no-axis')
    expect(compose({ ...study, panels: [{ marks: study.panels[0].marks }] }).faults[0].code).toBe('slope-needs-log')
  })

  it('draws panels side by side with letters and one bar for equal colours', () => {
    const two = compose({ id: 'two', preset: 'nature-double', panels: [map.panels[0], map.panels[0]] })
    const letters = texts(two).filter(item => item.font === 'arimo-bold')
    expect(letters.map(item => item.text)).toEqual(['a', 'b'])
    expect(letters.map(item => item.size)).toEqual([8, 8])
    expect(flat(two.list.items).filter(item => item.kind === 'image')).toHaveLength(3)
  })

  it('survives constants, single values and nothing finite', () => {
    const odd = new Map<string, FigureSource>([
      ['a/u', { ...bump, values: new Float64Array(289).fill(3) }], ['b/u', { ...bump, values: new Float64Array(289).fill(NaN) }], ['c/v', { name: 'v', values: Float64Array.from([NaN, Infinity]) }],
      ['d/v', { name: 'v', values: Float64Array.from([5]) }],
    ])
    for (const mark of [{ mark: 'heatmap', data: 'a/u', contours: 5 }, { mark: 'heatmap', data: 'b/u', contours: 5 }, { mark: 'line', data: 'c/v' }, { mark: 'line', data: 'd/v' }] as const) {
      const { list } = composeFigure(parsed({ id: 'odd', panels: [{ marks: [mark] }] }), odd, fontMetrics, { dpi: 72 })
      expect(renderSvg(list)).not.toMatch(/NaN|Infinity|undefined/)
    }
  })
})

it('a specification that does not fit says where', () => {
  const faults = (specification: unknown): unknown => { const checked = checkFigure(specification); return checked.ok ? [] : checked.faults }
  expect(faults({ id: 'x', panels: [{ marks: [{ mark: 'heatmap', data: 'nothing' }] }] })).toMatchObject([{ code: 'figure-malformed', where: { path: 'panels[0].marks[0].data' } }])
  expect(faults({ id: 'x', panels: [{ marks: [{ mark: 'pie', data: 'a/b' }] }] })).toHaveLength(1)
  expect(faults({ id: 'x', panels: [] })).toHaveLength(1)
})

it('the examples of the guide are figures', () => {
  const guide = readFileSync(new URL('../../docs/figures.md', import.meta.url), 'utf8')
  const examples = [...guide.matchAll(/```json\n([^`]+)```/g)].map(match => JSON.parse(match[1]) as unknown)
  expect(examples).toHaveLength(3)
  for (const example of examples) expect(checkFigure(example)).toMatchObject({ ok: true })
  for (const preset of presetIds) expect(guide).toContain(`| \`${preset}\` |`)
})

it('references are found once, in order', () => {
  expect(figureReferences(parsed({ id: 'x', panels: [study.panels[0], study.panels[0]] }))).toEqual(['c/relative_l2', 'c/h'])
})

describe('SVG', () => {
  it('escapes everything that came from a document and keeps the recipe', () => {
    const { list } = compose({ ...map, title: '</title><script>alert(1)</script>\u0000', panels: [{ ...map.panels[0], title: '<b> & "c"' }] })
    const recipe = '{"a":"</metadata><script>&amp;"}'
    const svg = renderSvg(list, { metadata: recipe })
    expect(svg).not.toContain('<script')
    expect(svg).not.toContain('\u0000')
    expect(svg).toContain('&lt;b&gt; &amp; &quot;c&quot;')
    expect(svgMetadata(svg)).toBe(recipe)
  })
})
