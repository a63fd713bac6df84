import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readForeignField } from '../../electron/engine/jobs/foreign'
import type { Libm } from '../expressions/libm'
import { FaultError } from '../fault'
import { uniformAxis, type Field } from '../fields/field'
import type { AnyField, MeshField } from '../fields/mesh'
import { Cancelled, type Run } from '../kernels/team'
import { compareRunner } from './compare-runner'
import type { StepContext, StepOutput } from './step-kind'

const data = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data')
// The host's own functions: these tests are about fields.
const libm = { sin: Math.sin, cos: Math.cos } as Libm

async function compare(step: Record<string, unknown>, results: Record<string, readonly AnyField[]>, run: Partial<Run> = {}): Promise<StepOutput> {
  const context = {
    step: { id: 'c', kind: 'compare', ...step }, libm, run: { throwIfCancelled: () => undefined, ...run },
    input: (id: string) => ({ fields: results[id], arrays: [], metrics: {} }),
    foreign: async (name: string, array: string | readonly string[] | undefined, axes: Record<string, string> | undefined) => readForeignField(name, join(data, name), array, axes),
  }
  return compareRunner.run(context as unknown as StepContext)
}
const refused = async (work: Promise<unknown>): Promise<string> => work.then(() => 'nothing', (reason: unknown) => (reason instanceof FaultError ? reason.faults[0].code : String(reason)))

const square = (n: number, f: (x: number, y: number) => number, name = 'u'): Field => {
  const axes = [uniformAxis('x', 0, 1, n, false), uniformAxis('y', 0, 1, n, false)]
  return { name, grid: { axes }, values: Float64Array.from({ length: n * n }, (_, i) => f(axes[0].coordinates[i % n], axes[1].coordinates[Math.floor(i / n)])) }
}
const triangles = (f: (x: number, y: number) => number): MeshField => {
  const points = [0, 0, 1, 0, 1, 1, 0, 1, 0.4, 0.5]
  return { name: 'u', mesh: { dimension: 2, degree: 1, points: Float64Array.from(points), cells: Int32Array.of(0, 1, 4, 1, 2, 4, 2, 3, 4, 3, 0, 4) }, values: Float64Array.from({ length: 5 }, (_, i) => f(points[2 * i], points[2 * i + 1])) }
}

describe('a comparison', () => {
  it('of a grid with a mesh is taken at the nodes of the mesh, and the other way round at those of the grid', async () => {
    const cubic = (x: number, y: number): number => x * x * x + y
    const onMesh = await compare({ a: 'fd', b: 'fem' }, { fd: [square(21, cubic)], fem: [triangles((x, y) => 1.1 * cubic(x, y))] })
    expect(onMesh.metrics.relative_l2).toBeCloseTo(0.1 / 1.1, 12)
    expect(onMesh.metrics.points).toBe(5)
    expect(onMesh.fields.map(({ name }) => name)).toEqual(['a', 'b', 'difference'])
    const onGrid = await compare({ a: 'fem', b: 'fd' }, { fd: [square(21, (x, y) => x + y)], fem: [triangles((x, y) => x + y)] })
    expect(onGrid.metrics.max_error).toBeLessThan(1e-14)
    expect(onGrid.metrics.points).toBe(441)
  })
  it('of components is over all of them, and of each', async () => {
    const two = (s: number): Field => ({ ...square(5, () => 0, 'v'), components: ['x', 'y'], values: Float64Array.from({ length: 50 }, (_, i) => (i < 25 ? 3 + s : 4)) })
    const { metrics } = await compare({ a: 'a', b: 'b' }, { a: [two(0.3)], b: [two(0)] })
    expect(metrics.relative_l2).toBeCloseTo(0.06, 12)
    expect(metrics.relative_l2_x).toBeCloseTo(0.1, 12)
    expect(metrics.relative_l2_y).toBe(0)
  })
  it('chooses unknowns by name, several together, and parts of a complex one', async () => {
    const [u, v] = [square(5, x => x, 'u'), square(5, (_, y) => y, 'v')]
    const pair = await compare({ a: 'a', b: 'b', field: ['u', 'v'] }, { a: [u, v], b: [u, { ...v, values: v.values.map(x => 2 * x) }] })
    expect(Object.keys(pair.metrics)).toEqual(['relative_l2', 'max_error', 'points', 'relative_l2_u', 'relative_l2_v'])
    expect(pair.metrics.relative_l2_v).toBeCloseTo(0.5, 12)
    const h: Field = { ...u, name: 'h', components: ['re', 'im'], values: Float64Array.from({ length: 50 }, (_, i) => (i < 25 ? 3 : 4)) }
    expect((await compare({ a: 'a', b: 'b', field: 'abs(h)' }, { a: [h], b: [square(5, () => 5)] })).metrics.max_error).toBe(0)
    expect(await refused(compare({ a: 'a', b: 'b' }, { a: [h], b: [u] }))).toBe('components-differ')
    expect(await refused(compare({ a: 'a', b: 'b', field: 'w' }, { a: [u, v], b: [u, v] }))).toBe('unknown-field')
  })
  it('with a steady reference is taken at the end; a steady field has no times to give', async () => {
    const moving: Field = { ...square(5, () => 0), times: Float64Array.of(0, 1), values: Float64Array.from({ length: 50 }, (_, i) => (i < 25 ? 0 : 2)) }
    const { metrics, faults } = await compare({ a: 'a', b: 'b' }, { a: [moving], b: [square(5, () => 2)] })
    expect(metrics.relative_l2).toBe(0)
    expect(faults.map(({ code }) => code)).toEqual(['last-time'])
    expect(await refused(compare({ a: 'b', b: 'a' }, { a: [moving], b: [square(5, () => 2)] }))).toBe('time-differs')
  })
  it('ends when it is told to', async () => {
    const stop = compare({ a: 'a', b: 'b' }, { a: [square(9, x => x)], b: [triangles(x => x)] }, { throwIfCancelled: () => { throw new Cancelled() } })
    await expect(stop).rejects.toBeInstanceOf(Cancelled)
  })
})

describe.skipIf(!existsSync(data))('a comparison with files of others (skips where ../shared/data is absent)', () => {
  it('takes a complex array as the two components of a complex unknown', async () => {
    const axis = uniformAxis('x', -5, 5, 512, true)
    const sech = axis.coordinates.map(x => 2 / Math.cosh(x))
    const a: Field = { name: 'h', grid: { axes: [axis] }, components: ['re', 'im'], times: Float64Array.of(0, 1e-9), values: Float64Array.from([...sech, ...axis.coordinates.map(() => 0), ...sech, ...axis.coordinates.map(() => 0)]) }
    const { metrics, fields } = await compare({ a: 'a', b: { file: 'raissi/NLS.mat', array: 'uu' } }, { a: [a] })
    expect(fields[1].components).toEqual(['re', 'im'])
    expect(metrics.relative_l2).toBeLessThan(1e-4)
    expect((await compare({ a: 'a', field: 're(h)', b: { file: 'raissi/NLS.mat', array: 're(uu)' } }, { a: [a] })).metrics.relative_l2).toBeLessThan(1e-4)
  })
  it('takes the columns u and v of a table as a velocity', async () => {
    const lid: Field = { ...square(11, () => 0, 'v'), components: ['x', 'y'], values: new Float64Array(242) }
    const { metrics } = await compare({ a: 'a', b: { file: 'pinnacle/lid_driven_a4.dat', array: ['u', 'v'] } }, { a: [lid] })
    expect(metrics.points).toBe(10201)
    expect(metrics.relative_l2).toBe(1)
    expect(metrics.max_error).toBeCloseTo(1, 3)
  })
  it('is taken on the points of a file, whose triangles leave its holes open', async () => {
    const axes = [uniformAxis('x', -0.5, 0.5, 65, false), uniformAxis('y', -0.5, 0.5, 65, false)]
    const one: Field = { name: 'u', grid: { axes }, values: new Float64Array(65 * 65).fill(1) }
    const { metrics, fields } = await compare({ a: 'a', b: { file: 'pinnacle/poisson1_cg_data.dat', array: 'u', axes: { x: 'X', y: 'Y' } } }, { a: [one] })
    expect(metrics.points).toBe(1246)
    const { mesh } = fields[1] as MeshField
    let area = 0
    for (let c = 0; c < mesh.cells.length; c += 3) {
      const [ax, ay, bx, by, cx, cy] = [0, 1, 2].flatMap(k => [mesh.points[2 * mesh.cells[c + k]], mesh.points[2 * mesh.cells[c + k] + 1]])
      area += ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2
      const [mx, my] = [(ax + bx + cx) / 3, (ay + by + cy) / 3]
      for (const [hx, hy] of [[0.3, 0.3], [-0.3, 0.3], [0.3, -0.3], [-0.3, -0.3]]) expect(Math.hypot(mx - hx, my - hy)).toBeGreaterThan(0.095)
    }
    expect(area).toBeCloseTo(1 - 4 * Math.PI * 0.01, 2)
  })
})
