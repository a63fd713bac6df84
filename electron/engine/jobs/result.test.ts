import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describe as describeResult, picture } from '../file-process/arrays'
import { writeNpyFile } from '../files/npy-file'
import { faultCode } from '../files/testing/fault-code'
import { workspaceAt } from '../store/workspace'
import { readResult } from './result'

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
  it.each([['{', 'json-syntax'], ['{"__proto__":1}', 'forbidden-key'], ['[1]', 'damaged-result']])('with the text %s says so', (text, code) => {
    for (const change of [{ metrics: text }, { result: text }]) expect(faultCode(() => describeResult({ workspace: workspaceWith(change), step: 'fd' }))).toBe(code)
  })
})
