import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Field } from '../../../shared/fields/field'
import { uniformAxis } from '../../../shared/fields/field'
import { csvBytes, csvOfColumns, csvOfFields } from './csv-write'
import { readArrayAsField } from './foreign'
import { faultCode } from './testing/fault-code'
import { hasPython, runPython } from './testing/python'
import { vtiSeries, writeVti } from './vti'
import { writeVtu } from './vtu'

const folder = mkdtempSync(join(tmpdir(), 'residuum-export-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const axes = [uniformAxis('x', -1, 1, 4, false), uniformAxis('y', 0, 3, 3, true), uniformAxis('z', 0, 1, 2, false)]
const field: Field = { name: 'u', grid: { axes }, times: Float64Array.of(0, 0.25), values: Float64Array.from({ length: 48 }, (_, i) => (i === 7 ? NaN : i / 3)) }
const steady: Field = { name: 'v<1>', grid: { axes: axes.slice(0, 2) }, values: Float64Array.from({ length: 12 }, (_, i) => -i) }

/** Reads the file as the VTK format is described, with a real XML parser for everything before the appended data. */
const parser = `
import sys, json, struct, xml.etree.ElementTree as E
raw = open(sys.argv[1], 'rb').read()
head, rest = raw.split(b'<AppendedData encoding="raw">\\n   _', 1)
tail = b'\\n  </AppendedData>\\n</VTKFile>\\n'
assert rest.endswith(tail)
rest = rest[:-len(tail)]
root = E.fromstring(head + b'</VTKFile>')
image = root.find('ImageData')
piece = image.find('Piece')
out = {'root': root.attrib, 'extent': image.get('WholeExtent'), 'piece': piece.get('Extent'), 'origin': image.get('Origin'), 'spacing': image.get('Spacing'), 'arrays': {}}
time = image.find('FieldData/DataArray')
out['time'] = None if time is None else float(time.text)
end = 0
for a in piece.find('PointData'):
    at = int(a.get('offset')); assert at == end
    n, = struct.unpack_from('<Q', rest, at)
    out['arrays'][a.get('Name')] = [repr(v) for v in struct.unpack_from('<%dd' % (n // 8), rest, at + 8)]
    end = at + 8 + n
assert end == len(rest)
print(json.dumps(out))`

interface Parsed {
  root: Record<string, string>
  extent: string
  piece: string
  origin: string
  spacing: string
  arrays: Record<string, string[]>
  time: number | null
}

describe.skipIf(!hasPython('struct'))('VTI (skips without Python)', () => {
  const parse = (bytes: Uint8Array): Parsed => {
    const path = join(folder, 'a.vti')
    writeFileSync(path, bytes)
    return JSON.parse(runPython(parser, path)) as Parsed
  }

  it('holds grid, time and values of a 3-D field, x fastest', () => {
    const seen = parse(writeVti([field], 1))
    expect(seen.root).toEqual({ type: 'ImageData', version: '1.0', byte_order: 'LittleEndian', header_type: 'UInt64' })
    expect([seen.extent, seen.piece, seen.origin, seen.time]).toEqual(['0 3 0 2 0 1', '0 3 0 2 0 1', '-1 0 0', 0.25])
    expect(seen.spacing.split(' ').map(Number)).toEqual([2 / 3, 1, 1])
    expect(seen.arrays.u.map(Number)).toEqual(Array.from(field.values.subarray(24)))
    expect(parse(writeVti([field], 0)).arrays.u[7]).toBe('nan')
  })

  it('holds several 2-D fields with names that XML would mistake', () => {
    const seen = parse(writeVti([steady, { ...steady, name: 'w&"' }]))
    expect(Object.keys(seen.arrays)).toEqual(['v<1>', 'w&"'])
    expect([seen.extent, seen.time]).toEqual(['0 3 0 2 0 0', null])
    expect(seen.arrays['w&"'].map(Number)).toEqual(Array.from(steady.values))
  })

  it('makes one file for each time and their list', () => {
    const files = [...vtiSeries(field, 'burgers')]
    expect(files.map(file => file.name)).toEqual(['burgers-0.vti', 'burgers-1.vti', 'burgers.pvd'])
    expect(new TextDecoder().decode(files[2].bytes)).toContain('<DataSet timestep="0.25" part="0" file="burgers-1.vti"/>')
    expect([...vtiSeries(steady, 'v')].map(file => file.name)).toEqual(['v.vti'])
  })

  it('holds a vector as three numbers a point, other components one by one', () => {
    const flow: Field = { name: 'v', grid: steady.grid, components: ['x', 'y'], values: Float64Array.from({ length: 24 }, (_, i) => i) }
    expect(parse(writeVti([flow])).arrays.v.slice(0, 6).map(Number)).toEqual([0, 12, 0, 1, 13, 0])
    const wave = parse(writeVti([{ ...flow, name: 'h', components: ['re', 'im'] }])).arrays
    expect(Object.keys(wave)).toEqual(['h_re', 'h_im'])
    expect(wave.h_im[0]).toBe('12.0')
  })

  it('refuses nodes that are not equally spaced, and fields of two grids', () => {
    const graded = { ...axes[0], coordinates: Float64Array.of(-1, -0.9, 0, 1) }
    expect(faultCode(() => writeVti([{ ...steady, grid: { axes: [graded, axes[1]] } }]))).toBe('vti-nonuniform')
    expect(faultCode(() => writeVti([steady, { ...steady, grid: { axes: [axes[0], uniformAxis('y', 0, 2, 3, true)] } }]))).toBe('vti-grids')
  })
})

describe('VTU', () => {
  const mesh = { dimension: 2 as const, degree: 2 as const, points: Float64Array.of(0, 0, 1, 0, 0, 1, 0.5, 0, 0.5, 0.5, 0, 0.5), cells: Int32Array.of(0, 1, 2, 3, 4, 5) }
  const field = { name: 'v', mesh, components: ['x', 'y'], times: Float64Array.of(0, 0.5), values: Float64Array.from({ length: 24 }, (_, i) => i / 4) }
  it.skipIf(!hasPython('vtk'))('is read by VTK itself (skips without it)', () => {
    const path = join(folder, 'a.vtu')
    writeFileSync(path, writeVtu(field, 1))
    const seen = runPython(`import sys, vtk; r = vtk.vtkXMLUnstructuredGridReader(); r.SetFileName(sys.argv[1]); r.Update(); g = r.GetOutput(); print(g.GetNumberOfPoints(), g.GetCell(0).GetClassName(), g.GetPointData().GetArray('v').GetTuple(1))`, path)
    expect(seen.trim()).toBe('6 vtkQuadraticTriangle (3.25, 4.75, 0.0)')
  })
  it('names its arrays, and their offsets lead to them', () => {
    const bytes = writeVtu(field, 1)
    const text = new TextDecoder('latin1').decode(bytes)
    expect(text).toContain('<Piece NumberOfPoints="6" NumberOfCells="1">')
    const start = text.indexOf('raw">\n   _') + 10
    const at = (name: string): DataView => {
      const from = start + Number(new RegExp(`Name="${name}"[^>]*offset="(\\d+)"`).exec(text)![1])
      return new DataView(bytes.buffer, from)
    }
    expect([at('Points').getBigUint64(0, true), at('Points').getFloat64(8 + 8 * 3, true)]).toEqual([144n, 1])
    expect([at('connectivity').getBigUint64(0, true), at('connectivity').getInt32(8 + 4 * 5, true), at('offsets').getInt32(8, true), at('types').getUint8(8)]).toEqual([24n, 5, 6, 22])
    expect([at('v').getFloat64(8 + 24, true), at('v').getFloat64(8 + 32, true)]).toEqual([3.25, 4.75])
  })
  it('has its points and components in a CSV', () => {
    const lines = new TextDecoder().decode(csvBytes(csvOfFields([field]))).split('\n')
    expect(lines[0]).toBe('x,y,t,v_x,v_y')
    expect(lines[11]).toBe('0.5,0.5,0.5,4,5.5')
  })
})

describe('CSV', () => {
  it('is read back to the same field', () => {
    const finite = { ...field, values: field.values.map(value => value * 0.1 + 1e-17) }
    const bytes = csvBytes(csvOfFields([finite]))
    const back = readArrayAsField('a.csv', bytes, 'u', { x: 'x', y: 'y', z: 'z', t: 't' })
    expect(back.values).toEqual(finite.values)
    expect(back.times).toEqual(finite.times)
    expect(back.grid.axes.map(axis => axis.coordinates)).toEqual(axes.map(axis => axis.coordinates))
  })

  it('begins with its names', () => {
    const text = new TextDecoder().decode(csvBytes(csvOfFields([field])))
    expect(text.split('\n').slice(0, 3)).toEqual(['x,y,z,t,u', '-1,0,0,0,0', '-0.3333333333333333,0,0,0,0.3333333333333333'])
    expect(text).toContain(',nan\n')
    expect(text.split('\n')).toHaveLength(1 + 48 + 1)
  })

  it('writes columns of different lengths', () => {
    expect([...csvOfColumns([{ name: 'n', values: [1, 2] }, { name: 'e', values: [-Infinity] }])].join('')).toBe('n,e\n1,-inf\n2,\n')
  })

  it.skipIf(!hasPython('numpy'))('is read by numpy.genfromtxt (skips without numpy)', () => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, csvBytes(csvOfFields([steady])))
    const sum = runPython(`import sys, numpy as np; a = np.loadtxt(sys.argv[1], delimiter=',', skiprows=1); print(a.shape, a[:, 2].sum())`, path)
    expect(sum.trim()).toBe('(12, 3) -66.0')
  })
})
