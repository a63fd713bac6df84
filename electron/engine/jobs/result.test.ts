import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { uniformAxis } from '../../../shared/fields/field'
import type { AnyField } from '../../../shared/fields/mesh'
import { cut, describe as describeResult, meshEdges, picture, probe } from '../file-process/arrays'
import { writeNpyFile } from '../files/npy-file'
import { faultCode } from '../files/testing/fault-code'
import { workspaceAt } from '../store/workspace'
import { arrayNames, readResult, writeResult } from './result'

const root = mkdtempSync(join(tmpdir(), 'residuum-result-'))
afterAll(() => rmSync(root, { recursive: true }))

interface Parts { x: number[]; y: number[]; t: number[]; shape: number[]; axes: Record<string, unknown>[]; metrics: string; result: string }
const axis = (name: string, upper: number): Record<string, unknown> => ({ name, lower: 0, upper, periodic: false, coordinates: name })
const good: Parts = { x: [0, 1, 2], y: [0, 1], t: [0, 0.5], shape: [2, 2, 3], axes: [axis('x', 2), axis('y', 1)], metrics: '{"a":"NaN","b":2}', result: '' }

/** A working folder whose result of fd is as said. */
function workspaceWith(change: Partial<Parts>): string {
  const parts = { ...good, ...change }
  const workspace = mkdtempSync(join(root, 'work-'))
  const folder = workspaceAt(workspace).result('fd')
  mkdirSync(folder, { recursive: true })
  const put = (name: string, values: number[], shape: number[]): void => writeNpyFile(join(folder, `${name}.npy`), Float64Array.from(values), shape)
  for (const name of ['x', 'y', 't'] as const) put(name, parts[name], [parts[name].length])
  put('u', Array.from({ length: parts.shape.reduce((n, m) => n * m, 1) }, (_, i) => i), parts.shape)
  writeFileSync(join(folder, 'result.json'), parts.result || JSON.stringify({ fields: { u: { axes: parts.axes, times: 't' } } }))
  writeFileSync(join(folder, 'metrics.json'), parts.metrics)
  return workspace
}

describe('a stored result', () => {
  it('is read where its parts fit', () => {
    const workspace = workspaceWith({})
    expect(readResult(workspaceAt(workspace).result('fd'))).toMatchObject({ fields: [{ name: 'u' }], metrics: { a: NaN, b: 2 } })
    expect(describeResult({ workspace, step: 'fd' })).toMatchObject({ arrays: [{ name: 't' }, { name: 'u', shape: [2, 2, 3] }, { name: 'x' }, { name: 'y' }] })
  })

  const hostile: [string, Partial<Parts>][] = [
    ['coordinates fall', { x: [2, 1, 0] }], ['coordinates are out of order', { x: [1, 2, 0] }], ['coordinates stand still', { x: [1, 1, 1] }],
    ['a coordinate is no number', { x: [0, NaN, 2] }], ['a coordinate is infinite', { x: [0, 1, Infinity] }], ['coordinates leave the bounds', { x: [0, 1, 5] }],
    ['there are too few coordinates', { x: [0, 1] }], ['times fall', { t: [1, 0] }], ['a time is no number', { t: [0, NaN] }],
    ['the shape is another of the same size', { shape: [12] }], ['the axes are exchanged', { shape: [2, 3, 2] }], ['the shape is too small', { shape: [2, 2, 2] }],
    ['bounds are exchanged', { axes: [{ ...axis('x', 2), lower: 2, upper: 0 }, axis('y', 1)] }], ['an axis comes twice', { y: [0, 1, 2], shape: [2, 3, 3], axes: [axis('x', 2), axis('x', 2)] }],
  ]
  it.each(hostile)('is damaged where %s', (_, change) => {
    const workspace = workspaceWith(change)
    for (const read of [() => readResult(workspaceAt(workspace).result('fd')), () => describeResult({ workspace, step: 'fd' }), () => picture({ workspace, step: 'fd', array: 'u' })]) {
      expect(faultCode(read)).toBe('damaged-result')
    }
  })

  const square = { points: [0, 0, 1, 0, 1, 1, 0, 1], cells: [0, 1, 2, 0, 2, 3], values: [0, 1, 2, 3, 0, 10, 20, 30], dimension: 2, degree: 1, shape: [2, 4] }
  const meshWith = (change: Partial<typeof square>): string => {
    const { points, cells, values, dimension, degree, shape } = { ...square, ...change }
    const workspace = mkdtempSync(join(root, 'mesh-'))
    const folder = workspaceAt(workspace).result('fd')
    mkdirSync(folder, { recursive: true })
    writeNpyFile(join(folder, 'points.npy'), Float64Array.from(points), [points.length / 2, 2])
    // As another program may write them: any type of number.
    writeNpyFile(join(folder, 'cells.npy'), Float64Array.from(cells), [cells.length / 3, 3])
    writeNpyFile(join(folder, 'u.npy'), Float64Array.from(values), shape)
    writeFileSync(join(folder, 'result.json'), JSON.stringify({ fields: { u: { mesh: { dimension, degree, points: 'points', cells: 'cells' }, components: ['re', 'im'] } } }))
    return workspace
  }
  it('on a mesh is described by its bounding box, drawn, probed and cut exactly', () => {
    const workspace = meshWith({})
    const u = describeResult({ workspace, step: 'fd' }).arrays.find(({ name }) => name === 'u')!
    expect(u).toMatchObject({ mesh: { dimension: 2, degree: 1, points: 4, cells: 2 }, components: ['re', 'im'], axes: [{ name: 'x', lower: 0, upper: 1 }, { name: 'y' }] })
    const seen = picture({ workspace, step: 'fd', array: 'u', size: [3, 3], component: 1 })
    expect([...seen.values]).toEqual([0, 5, 10, 15, 10, 15, 30, 25, 20])
    expect([seen.minimum, seen.maximum, seen.minimumOverall, seen.maximumOverall]).toEqual([0, 30, 0, 30])
    expect(picture({ workspace, step: 'fd', array: 'u', size: [2, 2] }).values[1]).toBeCloseTo(Math.sqrt(101), 5)
    expect(probe({ workspace, refs: [{ step: 'fd', array: 'u' }, { step: 'fd', array: 'u', component: 0 }], point: [0.75, 0.25], component: 1 })).toEqual([10, 1])
    expect(probe({ workspace, refs: [{ step: 'fd', array: 'u' }], point: [1.2, 0.5] })[0]).toBeNaN()
    const line = cut({ workspace, refs: [{ step: 'fd', array: 'u' }], from: [0, 0], to: [1, 1], samples: 3, component: 0 })
    expect([...line.values[0]]).toEqual([0, 1, 2])
    expect(meshEdges({ workspace, step: 'fd', array: 'u' }).edges).toHaveLength(10)
  })
  it('comes back as it was stored: a mesh field with components and times beside a grid field', () => {
    const workspace = workspaceAt(mkdtempSync(join(root, 'round-')))
    const mesh = { dimension: 2 as const, degree: 1 as const, points: Float64Array.from(square.points), cells: Int32Array.from(square.cells) }
    const times = Float64Array.of(0, 2)
    const fields: AnyField[] = [
      { name: 'v', mesh, components: ['x', 'y'], times, values: Float64Array.from({ length: 16 }, (_, i) => i) },
      { name: 'p', mesh: { ...mesh, points: mesh.points.slice(), cells: mesh.cells.slice() }, times, values: Float64Array.from({ length: 8 }, (_, i) => -i) },
      { name: 'h', grid: { axes: [uniformAxis('x', 0, 1, 3, false)] }, components: ['re', 'im'], values: Float64Array.of(1, 2, NaN, 4, 5, 6) },
    ]
    writeResult(workspace, { fields, arrays: [], metrics: {}, converged: true, faults: [] }, { step: 'fem', key: 'k', seconds: 1, backend: '', precision: '', threads: 1, version: '1', converged: true, faults: [] })
    expect(arrayNames(workspace.result('fem'))).toEqual(['cells', 'h', 'p', 'points', 't', 'v', 'x'])
    expect([...readResult(workspace.result('fem')).fields].sort((a, b) => a.name.localeCompare(b.name))).toEqual([fields[2], fields[1], fields[0]])
  })
  it('keeps titles and labels of arrays, and passes over words that do not fit', () => {
    const workspace = workspaceAt(mkdtempSync(join(root, 'words-')))
    const arrays = [{ name: 'group', values: Float64Array.of(0, 1), labels: ['adam', 'lbfgs'] }, { name: 'swept', values: Float64Array.of(8, 16), title: 'width' }, { name: 'loss', values: Float64Array.of(1) }]
    writeResult(workspace, { fields: [], arrays, metrics: {}, converged: true, faults: [] }, { step: 's', key: 'k', seconds: 1, backend: '', precision: '', threads: 1, version: '1', converged: true, faults: [] })
    expect([...readResult(workspace.result('s')).arrays].sort((a, b) => a.name.localeCompare(b.name))).toMatchObject([{ name: 'group', labels: ['adam', 'lbfgs'] }, { name: 'loss' }, { name: 'swept', title: 'width' }])
    expect(describeResult({ workspace: workspace.folder, step: 's' }).arrays).toMatchObject([{ name: 'group', labels: ['adam', 'lbfgs'] }, { name: 'loss' }, { name: 'swept', title: 'width' }])
    writeFileSync(join(workspace.result('s'), 'result.json'), JSON.stringify({ fields: {}, arrays: { group: { labels: ['adam', 7] }, swept: { title: 'w'.repeat(300) }, loss: 'loss', 'no name': { title: 'x' } } }))
    expect(describeResult({ workspace: workspace.folder, step: 's' }).arrays.map(({ title, labels }) => [title, labels])).toEqual([[undefined, undefined], [undefined, undefined], [undefined, undefined]])
  })
  it('holds fields in single precision where the step asks for it, everything else in double', () => {
    const workspace = workspaceAt(mkdtempSync(join(root, 'single-')))
    const values = Float64Array.of(0.1, -2, NaN)
    const arrays = [{ name: 'residuals', values: Float64Array.of(0.1) }]
    writeResult(workspace, { fields: [{ name: 'u', grid: { axes: [uniformAxis('x', 0, 1, 3, false)] }, values }], arrays, metrics: {}, converged: true, faults: [], store: 'float32' }, { step: 'fd', key: 'k', seconds: 1, backend: '', precision: '', threads: 1, version: '1', converged: true, faults: [] })
    const read = readResult(workspace.result('fd'))
    expect(read.fields[0].values).toEqual(Float64Array.from(Float32Array.from(values)))
    expect(read.arrays.find(({ name }) => name === 'residuals')?.values).toEqual(Float64Array.of(0.1))
    expect(statSync(join(workspace.result('fd'), 'u.npy')).size).toBe(statSync(join(workspace.result('fd'), 'x.npy')).size - 12)
  })
  const hostileMeshes: [string, Partial<typeof square>][] = [
    ['a cell points outside the points', { cells: [0, 1, 2, 0, 2, 4] }], ['a cell points before the points', { cells: [0, 1, 2, 0, 2, -1] }], ['a cell names half a point', { cells: [0, 1, 2, 0, 2, 2.5] }],
    ['a cell names no number', { cells: [0, 1, 2, 0, 2, NaN] }], ['a cell has a corner twice', { cells: [0, 1, 2, 0, 2, 2] }], ['a point is no number', { points: [0, 0, 1, 0, 1, NaN, 0, 1] }], ['a point is infinite', { points: [0, 0, 1, 0, 1, 1, 0, Infinity] }],
    ['cells are of another degree', { degree: 2 }], ['points are of another dimension', { dimension: 3 }], ['there is no such dimension', { dimension: 4 }], ['there is no such degree', { degree: 0 }],
    ['there are no cells', { cells: [] }], ['all points lie on a line', { points: [0, 0, 1, 0, 2, 0, 3, 0] }], ['the points are too far apart', { points: [-1e308, 0, 1e308, 0, 1, 1, 0, 1] }],
    ['there are too few values', { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] }], ['the shape is another', { shape: [4, 2] }],
  ]
  it.each(hostileMeshes)('is damaged where %s', (_, change) => {
    const workspace = meshWith(change)
    for (const read of [() => readResult(workspaceAt(workspace).result('fd')), () => describeResult({ workspace, step: 'fd' }), () => picture({ workspace, step: 'fd', array: 'u' })]) {
      expect(faultCode(read)).toBe('damaged-result')
    }
  })
  it.each([['{', 'json-syntax'], ['{"__proto__":1}', 'forbidden-key'], ['[1]', 'damaged-result']])('with the text %s says so', (text, code) => {
    for (const change of [{ metrics: text }, { result: text }]) expect(faultCode(() => describeResult({ workspace: workspaceWith(change), step: 'fd' }))).toBe(code)
  })
})
