import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { gridShape } from '../../../shared/fields/field'
import { listArrays, readArrayAsField, readForeignArray } from './foreign'
import { writeNpy } from './npy'
import { faultCode } from './testing/fault-code'
import { hasPython, runPython } from './testing/python'
import { zipBytes } from './zip'

const folder = mkdtempSync(join(tmpdir(), 'residuum-foreign-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const data = join(dirname(fileURLToPath(import.meta.url)), '../../../../shared/data')
const read = (name: string): Buffer => readFileSync(join(data, name))
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const npz = (arrays: Record<string, [number[], number[]]>): Uint8Array =>
  zipBytes(Object.entries(arrays).map(([name, [shape, values]]) => ({ name: `${name}.npy`, deflate: false, content: writeNpy(Float64Array.from(values), shape) })))
const count = (n: number, f = (i: number): number => i): number[] => Array.from({ length: n }, (_, i) => f(i))

describe.skipIf(!existsSync(data))('reference data (skips where ../shared/data is absent)', () => {
  it('reads burgers_shock.mat as u(t, x)', () => {
    const bytes = read('raissi/burgers_shock.mat')
    expect(listArrays('burgers_shock.mat', bytes).arrays.find(array => array.name === 'usol')).toEqual({ name: 'usol', shape: [256, 100], complex: false, guess: { x: 'x', t: 't' } })
    const field = readArrayAsField('burgers_shock.mat', bytes, 'usol', { x: 'x', t: 't' })
    expect(field.name).toBe('usol')
    expect(gridShape(field.grid)).toEqual([256])
    expect(field.times).toHaveLength(100)
    expect(field.times?.[99]).toBeCloseTo(0.99, 12)
    const { coordinates, lower, upper } = field.grid.axes[0]
    expect([lower, upper]).toEqual([-1, 1])
    // Row 0 is the initial value −sin πx.
    for (let i = 0; i < 256; i++) expect(field.values[i]).toBeCloseTo(-Math.sin(Math.PI * coordinates[i]), 12)
    expect(Math.max(...field.values)).toBeLessThanOrEqual(1)
  })

  it.each(['AC', 'KdV'])('reads %s.mat with its initial value', name => {
    const field = readArrayAsField(`${name}.mat`, read(`raissi/${name}.mat`), 'uu', { x: 'x', t: 'tt' })
    expect([gridShape(field.grid), field.times?.length]).toEqual([[512], 201])
    const { coordinates } = field.grid.axes[0]
    const initial = (x: number): number => (name === 'AC' ? x * x * Math.cos(Math.PI * x) : Math.cos(Math.PI * x))
    for (let i = 0; i < 512; i++) expect(field.values[i]).toBeCloseTo(initial(coordinates[i]), 8)
  })

  it('reads the parts of the complex NLS.mat, and asks which one', () => {
    const bytes = read('raissi/NLS.mat')
    expect(listArrays('NLS.mat', bytes).arrays.find(array => array.name === 'uu')).toMatchObject({ complex: true, guess: { x: 'x', t: 'tt' } })
    expect(faultCode(() => readArrayAsField('NLS.mat', bytes, 'uu', { x: 'x', t: 'tt' }))).toBe('array-complex')
    const [re, im, abs] = ['re(uu)', 'im(uu)', 'abs(uu)'].map(part => readArrayAsField('NLS.mat', bytes, part, { x: 'x', t: 'tt' }))
    expect(abs.name).toBe('abs_uu')
    const { coordinates } = re.grid.axes[0]
    for (let i = 0; i < 256; i++) {
      expect(re.values[i]).toBeCloseTo(2 / Math.cosh(coordinates[i]), 3)
      expect(im.values[i]).toBeCloseTo(0, 12)
    }
    for (let i = 0; i < abs.values.length; i += 97) expect(abs.values[i]).toBeCloseTo(Math.sqrt(re.values[i] ** 2 + im.values[i] ** 2), 12)
  })

  it.skipIf(!hasPython('scipy'))('agrees with scipy.io.loadmat to the bit on every file (skips without scipy)', () => {
    for (const name of ['burgers_shock', 'AC', 'KdV', 'NLS']) {
      const sums = JSON.parse(
        runPython(
          `
import sys, json, hashlib, numpy as np, scipy.io
m = scipy.io.loadmat(sys.argv[1])
print(json.dumps({k: hashlib.sha256(np.ascontiguousarray(v.real.astype('<f8')).tobytes()).hexdigest() for k, v in m.items() if not k.startswith('__')}))`,
          join(data, `raissi/${name}.mat`),
        ),
      ) as Record<string, string>
      const bytes = read(`raissi/${name}.mat`)
      const { arrays } = listArrays(`${name}.mat`, bytes)
      expect(arrays.map(array => array.name).sort()).toEqual(Object.keys(sums).sort())
      for (const array of arrays) {
        const { values } = readForeignArray(`${name}.mat`, bytes, array.complex ? `re(${array.name})` : array.name)
        expect(sha256(values), `${name} ${array.name}`).toBe(sums[array.name])
      }
    }
  })

  it('reads COMSOL columns at several times', () => {
    const bytes = read('pinnacle/burgers1d.dat')
    const listing = listArrays('burgers1d.dat', bytes)
    expect(listing.format).toBe('comsol')
    expect(listing.arrays.find(array => array.name === 'u')).toEqual({ name: 'u', shape: [11, 101], complex: false, guess: { x: 'X', t: '@t' } })
    const field = readArrayAsField('burgers1d.dat', bytes, 'u', { x: 'X', t: '@t' })
    expect(Array.from(field.times ?? [])).toEqual(count(11, i => i / 10))
    expect(field.values[1]).toBe(0.0627901217127178)
    expect(field.values[10 * 101 + 1]).toBe(0.015308190466115005)
  })

  it('makes a field of scattered columns that form a tensor grid, and says so where they do not', () => {
    const listing = listArrays('lid_driven_a4.dat', read('pinnacle/lid_driven_a4.dat'))
    expect(listing.arrays.map(array => array.name)).toEqual(['x', 'y', 'u', 'v', 'p'])
    const field = readArrayAsField('lid_driven_a4.dat', read('pinnacle/lid_driven_a4.dat'), 'u', { x: 'x', y: 'y' })
    expect(gridShape(field.grid)).toEqual([101, 101])
    // The lid moves with 4x(1 − x); the other walls stand still.
    field.grid.axes[0].coordinates.forEach((x, i) => {
      expect(field.values[100 * 101 + i]).toBeCloseTo(4 * x * (1 - x), 3)
      expect(Math.abs(field.values[i])).toBe(0)
    })
    expect(faultCode(() => readArrayAsField('p.dat', read('pinnacle/poisson1_cg_data.dat'), 'u', { x: 'X', y: 'Y' }))).toBe('scattered')
    expect(readForeignArray('p.dat', read('pinnacle/poisson1_cg_data.dat'), 'u').values).toHaveLength(1246)
  })

  it('reads an array without coordinates with given bounds, downwards too', () => {
    const bytes = read('hypino/helmholtz/reference_solution.npy')
    expect(listArrays('reference_solution.npy', bytes).arrays).toEqual([{ name: 'reference_solution', shape: [224, 224], complex: false }])
    const field = readArrayAsField('reference_solution.npy', bytes, 'reference_solution', { x: '[-1, 1]#1', y: '[1, -1]#0' })
    const [x, y] = field.grid.axes.map(axis => axis.coordinates)
    expect([x[0], x[223], y[0], y[223]]).toEqual([-1, 1, -1, 1])
    // Row 0 is y = +1, and the solution sin 4πy sin πx then.
    let [sum, norm] = [0, 0]
    y.forEach((b, j) =>
      x.forEach((a, i) => {
        sum += (field.values[j * 224 + i] - Math.sin(4 * Math.PI * b) * Math.sin(Math.PI * a)) ** 2
        norm += field.values[j * 224 + i] ** 2
      }),
    )
    expect(Math.sqrt(sum / norm)).toBeLessThan(1e-7)
    const byConvention = readArrayAsField('reference_solution.npy', bytes, 'reference_solution', { x: '[-1, 1]', y: '[1, -1]' })
    expect(byConvention.values).toEqual(field.values)
    const indexed = readArrayAsField('reference_solution.npy', bytes, 'reference_solution', { x: 'index', y: 'index' })
    expect(indexed.grid.axes[0].upper).toBe(223)
    expect(indexed.values[5]).toBe(field.values[223 * 224 + 5])
  })
})

describe.skipIf(!hasPython('scipy'))('MATLAB files by scipy (skips without scipy)', () => {
  it('reads every class, order and compression', () => {
    runPython(
      `
import sys, numpy as np, scipy.io
base = (np.arange(24) * 5 % 101).reshape(2, 3, 4)
d = {}
for kind in ['f4','f8','i1','i2','i4','i8','u1','u2','u4','u8']: d['a_' + kind] = base.astype(kind)
d['logical'] = base > 50
d['complex'] = base - 1j * base[::-1]
d['scalar'] = 7.25
d['row'] = np.arange(5.)
d['empty'] = np.zeros((0, 3))
d['text'] = 'characters'
d['cell'] = np.array([1, 'a', base], dtype=object)
d['structure'] = {'a': 1, 'b': base}
import scipy.sparse
d['sparse'] = scipy.sparse.eye(4).tocsc()
for packed in (False, True): scipy.io.savemat(f'{sys.argv[1]}/{packed}.mat', d, do_compression=packed)`,
      folder,
    )
    const base = count(24, i => (i * 5) % 101)
    for (const packed of ['False', 'True']) {
      const name = `${packed}.mat`
      const bytes = readFileSync(join(folder, name))
      const { arrays, refused } = listArrays(name, bytes)
      expect(refused.map(item => item.name).sort()).toEqual(['cell', 'sparse', 'structure', 'text'])
      expect(refused.find(item => item.name === 'cell')?.reason).toBe('it is a cell, and only arrays of numbers are read')
      for (const { name: array, shape } of arrays.filter(item => item.name.startsWith('a_'))) {
        expect(shape).toEqual([2, 3, 4])
        expect(Array.from(readForeignArray(name, bytes, array).values), array).toEqual(base)
      }
      expect(Array.from(readForeignArray(name, bytes, 'logical').values)).toEqual(base.map(v => (v > 50 ? 1 : 0)))
      expect(Array.from(readForeignArray(name, bytes, 're(complex)').values)).toEqual(base)
      expect(Array.from(readForeignArray(name, bytes, 'im(complex)').values).map(v => v + 0)).toEqual([...base.slice(12), ...base.slice(0, 12)].map(v => 0 - v))
      expect(readForeignArray(name, bytes, 'scalar')).toEqual({ shape: [1, 1], values: Float64Array.of(7.25) })
      expect(readForeignArray(name, bytes, 'row').shape).toEqual([1, 5])
      expect(readForeignArray(name, bytes, 'empty').values).toHaveLength(0)
      expect(faultCode(() => readForeignArray(name, bytes, 'cell'))).toBe('array-missing')
    }
  })
})

describe('axes', () => {
  // u(t, y, x) with lengths 2, 3, 4.
  const values = count(24)
  const arrays: Record<string, [number[], number[]]> = { x: [[4], count(4)], y: [[3], count(3, i => 10 + i)], t: [[2], [0, 0.5]] }

  it('puts any order of dimensions into [t, z, y, x]', () => {
    const reference = readArrayAsField('a.npz', npz({ ...arrays, u: [[2, 3, 4], values] }), 'u', { x: 'x', y: 'y', t: 't' })
    expect(Array.from(reference.values)).toEqual(values)
    expect(gridShape(reference.grid)).toEqual([4, 3])
    // u(x, t, y)
    const turned = count(24, k => values[(Math.floor(k / 3) % 2) * 12 + (k % 3) * 4 + Math.floor(k / 6)])
    expect(readArrayAsField('a.npz', npz({ ...arrays, u: [[4, 2, 3], turned] }), 'u', { x: 'x', y: 'y', t: 't' })).toEqual(reference)
  })

  it('turns decreasing coordinates and times round', () => {
    const bytes = npz({ x: [[3], [2, 1, 0]], t: [[2], [1, 0]], u: [[2, 3], [1, 2, 3, 4, 5, 6]] })
    const field = readArrayAsField('a.npz', bytes, 'u', { x: 'x', t: 't' })
    expect(Array.from(field.grid.axes[0].coordinates)).toEqual([0, 1, 2])
    expect(Array.from(field.times ?? [])).toEqual([0, 1])
    expect(Array.from(field.values)).toEqual([6, 5, 4, 3, 2, 1])
  })

  it('guesses only where there is one choice', () => {
    const guess = (file: Record<string, [number[], number[]]>): unknown => listArrays('a.npz', npz(file)).arrays.find(array => array.name === 'u')?.guess
    expect(guess({ ...arrays, u: [[2, 3, 4], values] })).toEqual({ x: 'x', y: 'y', t: 't' })
    expect(guess({ x: [[5], count(5)], t: [[5], count(5)], u: [[5, 5], count(25)] })).toBeUndefined()
    expect(guess({ x: [[4], count(4)], u: [[4, 3], count(12)] })).toBeUndefined()
    expect(guess({ xx: [[4], count(4)], time: [[3], count(3)], u: [[4, 3], count(12)] })).toEqual({ x: 'xx', t: 'time' })
    expect(guess({ X: [[2, 3], count(6)], Y: [[2, 3], count(6)], u: [[2, 3], count(6)] })).toEqual({ x: 'X', y: 'Y' })
  })

  it('asks where lengths are ambiguous, and takes the dimension then', () => {
    const bytes = npz({ x: [[2], [0, 1]], y: [[2], [5, 6]], u: [[2, 2], [1, 2, 3, 4]] })
    expect(faultCode(() => readArrayAsField('a.npz', bytes, 'u', { x: 'x', y: 'y' }))).toBe('axes-ambiguous')
    expect(Array.from(readArrayAsField('a.npz', bytes, 'u', { x: 'x#1', y: 'y#0' }).values)).toEqual([1, 2, 3, 4])
    expect(Array.from(readArrayAsField('a.npz', bytes, 'u', { x: 'x#0', y: 'y' }).values)).toEqual([1, 3, 2, 4])
  })

  it('reads meshgrid coordinates point by point', () => {
    const bytes = npz({ X: [[2, 3], [0, 1, 2, 0, 1, 2]], Y: [[2, 3], [7, 7, 7, 5, 5, 5]], u: [[2, 3], [1, 2, 3, 4, 5, 6]] })
    const field = readArrayAsField('a.npz', bytes, 'u', { x: 'X', y: 'Y' })
    expect(Array.from(field.grid.axes[1].coordinates)).toEqual([5, 7])
    expect(Array.from(field.values)).toEqual([4, 5, 6, 1, 2, 3])
  })

  it.each<[string, string, Record<string, string>]>([
    ['axes-unknown', 'u', { x: 'x', w: 't' }],
    ['axes-missing', 'u', { t: 't' }],
    ['axes-missing', 'u', { x: 'x', t: 't' }],
    ['axes-length', 'u', { x: 'long', y: 'y', t: 't' }],
    ['axes-length', 'u', { x: 'x#7', y: 'y', t: 't' }],
    ['axes-length', 'u', { x: 'x#0', y: 'y', t: 't' }],
    ['axes-ambiguous', 'u', { x: 'index#0', y: 'index#0', t: 't' }],
    ['axes-coordinates', 'u', { x: 'zigzag', y: 'y', t: 't' }],
    ['axes-coordinates', 'u', { x: 'broken', y: 'y', t: 't' }],
    ['axes-coordinates', 'u', { x: '[1, 1]', y: 'y', t: 't' }],
    ['array-missing', 'v', { x: 'x' }],
    ['array-missing', 'u', { x: 'xs', y: 'y', t: 't' }],
    ['scattered', 'long', { x: 'same' }],
  ])('refuses with %s', (code, array, axes) => {
    const bytes = npz({ ...arrays, long: [[5], count(5)], same: [[5], [1, 2, 2, 3, 4]], zigzag: [[4], [0, 2, 1, 3]], broken: [[4], [0, 1, NaN, 3]], u: [[2, 3, 4], values] })
    expect(faultCode(() => readArrayAsField('a.npz', bytes, array, axes))).toBe(code)
  })

  it('names what is nearest', () => {
    expect(() => readArrayAsField('a.npz', npz({ usol: [[2], [1, 2]] }), 'usl', { x: 'index' })).toThrow('The file has no array usl.')
  })
})

describe('tables', () => {
  const columns = (text: string, name = 'a.csv'): Record<string, number[]> => {
    const { arrays } = listArrays(name, encode(text))
    return Object.fromEntries(arrays.map(array => [array.name, Array.from(readForeignArray(name, encode(text), array.name).values)]))
  }

  it.each([
    ['comma', 'x,u\n1,2\n3,4e-1\n'],
    ['semicolon and decimal comma', 'x;u\r\n1;2\r\n3;0,4\r\n'],
    ['tab', 'x\tu\n1\t2\n3\t.4'],
    ['bar', 'x|u\n1|2\n3|+0.4\n'],
    ['spaces', '  x   u\n  1   2\n  3   4.0D-01\n'],
    ['quotes', '"x","u"\n"1","2"\n3,0.4\n'],
    ['numpy.savetxt', '# x u\n1 2\n3 0.4\n'],
    ['comments between', '// made by hand\n\nx, u\n1, 2\n# half\n3, 0.4\n\n'],
    ['a delimiter at every line end', 'x,u,\n1,2,\n3,0.4,\n'],
  ])('reads columns apart by %s', (_title, text) => {
    expect(columns(text)).toEqual({ x: [1, 3], u: [2, 0.4] })
  })

  it('reads nan, inf, empty cells, and names columns without names', () => {
    expect(columns('1,nan\n-inf,\n')).toEqual({ column1: [1, -Infinity], column2: [NaN, NaN] })
    expect(columns('u (m/s),u (km/h)\n1,2\n')).toEqual({ 'u (m/s)': [1], 'u (km/h)': [2] })
    expect(columns('u,u\n1,2\n')).toEqual({ u: [1], 'u [2]': [2] })
  })

  it('says line and column of what is no number', () => {
    expect(() => columns('x,u\n1,2\n3,four\n')).toThrow('Line 3, column 2 of the table is not a number: four.')
    expect(() => columns('x,u\n1,2\n3,4,5\n')).toThrow('Line 3 of the table has 3 cells where the first row has 2.')
  })

  it('orders points of a grid from any order, with times as a column', () => {
    const rows = [[1, 0, 0.5, 5], [0, 0, 0, 1], [1, 0, 0, 2], [0, 0, 0.5, 4], [0, 1, 0, 3], [1, 1, 0, 7], [0, 1, 0.5, 8], [1, 1, 0.5, 9]]
    const field = readArrayAsField('a.csv', encode(`x,y,t,u\n${rows.map(row => row.join(',')).join('\n')}`), 'u', { x: 'x', y: 'y', t: 't' })
    expect(Array.from(field.values)).toEqual([1, 2, 3, 7, 4, 5, 8, 9])
    expect(Array.from(field.times ?? [])).toEqual([0, 0.5])
  })

  it('takes coordinates that differ by rounding as one', () => {
    const field = readArrayAsField('a.csv', encode('x,y,u\n0,0,1\n0.3,0,2\n0,1,3\n0.30000000000000004,1,4\n'), 'u', { x: 'x', y: 'y' })
    expect(Array.from(field.values)).toEqual([1, 2, 3, 4])
  })
})

function sha256(values: Float64Array): string {
  return createHash('sha256').update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest('hex')
}
