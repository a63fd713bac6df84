import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { afterAll, describe, expect, it } from 'vitest'
import { uniformAxis } from '../../../shared/fields/field'
import type { Field } from '../../../shared/fields/field'
import type { Json } from '../../../shared/json'
import { writeResult } from '../jobs/result'
import { workspaceAt } from '../store/workspace'
import { thumbnailOf } from './thumbnail'

const root = mkdtempSync(join(tmpdir(), 'residuum-thumbnail-'))
afterAll(() => rmSync(root, { recursive: true }))

const axes = (x: number, y: number): Field['grid'] => ({ axes: [uniformAxis('x', 0, x, 5, false), uniformAxis('y', 0, y, 5, false)] })
/** One colour per field: the k-th output of a field holds k everywhere, but for a corner that spans the range. */
const steps = (name: string, grid: Field['grid'], missing = false): Field => ({
  name, grid, times: Float64Array.of(0, 1, 2), values: Float64Array.from({ length: 75 }, (_, i) => (i % 25 === 0 ? 0 : i % 25 === 24 ? 2 : missing && i % 25 === 4 ? NaN : Math.floor(i / 25))),
})

function workspaceWith(results: Readonly<Record<string, Field>>): string {
  const workspace = workspaceAt(mkdtempSync(join(root, 'work-')))
  for (const [step, field] of Object.entries(results)) writeResult(workspace, { fields: [field], arrays: [], metrics: {}, converged: true, faults: [] }, { step, key: 'k', seconds: 1, backend: '', precision: '', threads: 1, version: '1', converged: true, faults: [] })
  return workspace.folder
}
const documentWith = (ids: Readonly<Record<string, string>>, figures: Json = []): Json => ({ steps: Object.entries(ids).map(([id, kind]) => ({ id, kind })), figures })

/** Red, green, blue and opacity at a place of the card, as a browser shows it. */
async function pixel(workspace: string, document: Json, ids: readonly string[], right: number, down: number): Promise<number[]> {
  const png = (await thumbnailOf(workspace, document, new Set(ids)))!
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="300"><image width="480" height="300" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/></svg>`
  const { pixels } = new Resvg(svg).render()
  const at = 4 * (Math.round(down * 299) * 480 + Math.round(right * 479))
  return [...pixels.subarray(at, at + 4)]
}
const purple = [68, 1, 84, 255]
const yellow = [253, 231, 37, 255]

describe('a thumbnail', () => {
  it('shows the map that the first figure begins with, at its time', async () => {
    const workspace = workspaceWith({ fd: steps('u', axes(1.6, 1)), fem: steps('v', axes(1.6, 1)) })
    const ids = { fd: 'solve', fem: 'solve' }
    const at = async (data: string, time: number): Promise<number[]> => pixel(workspace, documentWith(ids, [{ id: 'f', panels: [{ marks: [{ mark: 'heatmap', data, time }] }] }]), ['fd', 'fem'], 0.5, 0.5)
    expect(await at('fd/u', 0)).toEqual(purple)
    expect(await at('fd/u', 1.9)).toEqual(yellow)
  })
  it('takes the last solution before a comparison and a study, and leaves out what has no result', async () => {
    const workspace = workspaceWith({ fd: steps('u', axes(1.6, 1)), fem: { ...steps('u', axes(1.6, 1)), values: new Float64Array(75).fill(2).fill(0, 0, 1) }, difference: steps('a', axes(1.6, 1)) })
    const ids = { fd: 'solve', fem: 'solve', difference: 'compare', order: 'converge' }
    expect(await pixel(workspace, documentWith(ids), ['fd', 'fem', 'difference'], 0.5, 0.5)).toEqual(yellow)
    expect(await pixel(workspace, documentWith(ids), ['fd', 'difference'], 0.5, 0.5)).toEqual(purple)
    expect(await thumbnailOf(workspace, documentWith(ids), new Set())).toBeUndefined()
  })
  it('draws the curves of a training that has no picture', async () => {
    const workspace = workspaceAt(mkdtempSync(join(root, 'work-')))
    const values = Float64Array.from({ length: 9 }, (_, i) => 2 ** -i)
    writeResult(workspace, { fields: [], arrays: [{ name: 'loss', values }], metrics: {}, converged: true, faults: [] }, { step: 'net', key: 'k', seconds: 1, backend: '', precision: '', threads: 1, version: '1', converged: true, faults: [] })
    const figure = { id: 'f', panels: [{ marks: [{ mark: 'line', data: 'net/loss' }] }] }
    for (const figures of [[], [figure]]) {
      const png = await thumbnailOf(workspace.folder, documentWith({ net: 'train' }, figures), new Set(['net']))
      expect([...png!.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
    }
    expect(await thumbnailOf(workspace.folder, documentWith({ net: 'solve' }), new Set(['net']))).toBeUndefined()
  })
  it('fills the card with the middle of a square, and shows all of a domain with holes or where the figure asks for equal units, transparent beside it', async () => {
    const full = workspaceWith({ fd: steps('u', axes(1, 1)) })
    const holed = workspaceWith({ fd: steps('u', axes(1, 1), true) })
    const figure: Json = [{ id: 'f', panels: [{ aspect: 'equal', marks: [{ mark: 'heatmap', data: 'fd/u', time: 0 }] }] }]
    expect(await pixel(full, documentWith({ fd: 'solve' }), ['fd'], 0.02, 0.5)).toEqual(purple)
    expect((await pixel(full, documentWith({ fd: 'solve' }, figure), ['fd'], 0.02, 0.5))[3]).toBe(0)
    expect((await pixel(holed, documentWith({ fd: 'solve' }), ['fd'], 0.02, 0.5))[3]).toBe(0)
    expect(await pixel(holed, documentWith({ fd: 'solve' }), ['fd'], 0.5, 0.5)).toEqual(purple)
    expect((await pixel(holed, documentWith({ fd: 'solve' }), ['fd'], 0.5 + 0.5 * (300 / 480) - 0.01, 0.98))[3]).toBe(0)
  })
})
