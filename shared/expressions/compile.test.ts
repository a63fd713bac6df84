import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../fault'
import { evaluate, toText } from './algebra'
import { elementaryExpression, longSum } from './arbitraries.testing'
import type { Expression } from './ast'
import { compileProgram } from './compile'
import { functionTable } from './functions'
import { instantiateLibm } from './libm.testing'
import { parseExpression } from './parse'
import { call, name } from './structure'

const { libm, exports } = instantiateLibm(new Uint8Array(readFileSync(new URL('../../dist/kernels/libm.wasm', import.meta.url))))
const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true })

const e = (text: string): Expression => {
  const outcome = parseExpression(text)
  if (!outcome.ok) throw new Error(outcome.faults[0].message)
  return outcome.value
}

/** Runs a program over [begin, end) cut at the given places; nodes outside keep −7. */
function run(outputs: readonly Expression[], inputs: Readonly<Record<string, readonly number[]>>, scalars: Readonly<Record<string, number>>, cuts?: readonly number[]): number[][] {
  const bytes = compileProgram({ inputs: Object.keys(inputs), scalars: Object.keys(scalars), outputs })
  const program = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), { env: { memory }, libm: exports }).exports.run as (...values: number[]) => void
  const columns = Object.values(inputs)
  const length = columns[0].length
  const arrays = [...columns, ...outputs.map(() => Array.from({ length }, () => -7))].map((values, k) => {
    // not aligned to 16 bytes, as an array in the middle of another may be
    const array = new Float64Array(memory.buffer, 4096 + 8 * k * (length + 1), length)
    array.set(values)
    return array
  })
  new Int32Array(memory.buffer, 512, arrays.length).set(arrays.map(a => a.byteOffset))
  new Float64Array(memory.buffer, 64, 16).set(Object.values(scalars))
  const places = cuts ?? [0, length]
  for (let i = 0; i + 1 < places.length; i++) program(places[i], places[i + 1], 512, 64)
  return arrays.slice(columns.length).map(a => [...a])
}

/** The contents of the code section, the last one. */
function codeOf(bytes: Uint8Array): Uint8Array {
  for (let at = 8; ;) {
    const id = bytes[at++]
    let size = 0
    for (let shift = 0; ; shift += 7) {
      size += (bytes[at] & 127) << shift
      if (bytes[at++] < 128) break
    }
    if (id === 10) return bytes.subarray(at, at + size)
    at += size
  }
}

const bits = (values: readonly number[]) => values.map(v => (Object.is(v, -0) ? '-0' : String(v)))
const numbers = fc.oneof(fc.double({ min: -4, max: 4, noNaN: true }), fc.double(), fc.constantFrom(0, -0, 1, -1, 0.5, Infinity, -Infinity, NaN, 1e300, -1e-310))

describe('a compiled program', () => {
  it('gives the bits of evaluate at every node, wherever it is cut', () => {
    fc.assert(fc.property(elementaryExpression, elementaryExpression, fc.array(fc.tuple(numbers, numbers), { minLength: 1, maxLength: 9 }), numbers, fc.array(fc.nat(9), { maxLength: 3 }), (a, b, points, k, where) => {
      const [x, y] = [points.map(p => p[0]), points.map(p => p[1])]
      const cuts = [0, ...where.map(c => Math.min(c, x.length)), x.length].sort((p, q) => p - q)
      const [va, vb] = run([a, b], { x, y }, { k }, cuts)
      expect(bits(va), toText(a)).toEqual(bits(x.map((_, i) => evaluate(a, { x: x[i], y: y[i], k }, libm))))
      expect(bits(vb), toText(b)).toEqual(bits(x.map((_, i) => evaluate(b, { x: x[i], y: y[i], k }, libm))))
    }), { numRuns: 1000 })
  })

  it.each(functionTable.filter(f => f.kind === 'elementary' || f.kind === 'complex').map(f => [f.name, f.arity] as const))('%s: each lane has the bits of the scalar, rare arguments beside common ones', (f, arity) => {
    const special = [0.3, -0.3, 0, -0, 1, -1, 2.5, 1e-9, -1e-9, 0.9999999, 100.25, -20.5, 709.5, 711, -745.3, 2e6, 1e22, -3e300, 5e-324, 2e-308, Infinity, -Infinity, NaN, 0.55, 0.4375, 0.975]
    const x = special.flatMap(a => special.flatMap(b => (arity === 1 ? [a, b] : [a])))
    const y = special.flatMap(a => special.flatMap(b => (arity === 1 ? [a, b] : [b])))
    const expression = call(f, ...[name('x'), name('y')].slice(0, arity))
    const [values] = run([expression], { x, y }, {})
    expect(bits(values)).toEqual(bits(x.map((_, i) => evaluate(expression, { x: x[i], y: y[i] }, libm))))
  })

  it('leaves nodes outside [begin, end) alone', () => {
    expect(run([e('x + 1')], { x: [1, 2, 3, 4, 5] }, {}, [1, 4])[0]).toEqual([-7, 3, 4, 5, -7])
    expect(run([e('x + 1')], { x: [1, 2, 3] }, {}, [2, 2])[0]).toEqual([-7, -7, -7])
  })

  it('holds numbers exactly', () => {
    expect(run([e('0.1'), e('1e-300'), e('x*0 + 12345678.9'), e('k')], { x: [1, 2, 3] }, { k: 1 / 3 })).toEqual([[0.1, 0.1, 0.1], [1e-300, 1e-300, 1e-300], [12345678.9, 12345678.9, 12345678.9], [1 / 3, 1 / 3, 1 / 3]])
  })

  it('may write over its inputs', () => {
    const bytes = compileProgram({ inputs: ['a', 'b'], scalars: [], outputs: [e('b'), e('a')] })
    const swap = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), { env: { memory }, libm: exports }).exports.run as (...values: number[]) => void
    const [a, b] = [new Float64Array(memory.buffer, 1024, 3), new Float64Array(memory.buffer, 1048, 3)]
    a.set([1, 2, 3])
    b.set([4, 5, 6])
    new Int32Array(memory.buffer, 512, 4).set([1024, 1048, 1024, 1048])
    swap(0, 3, 512, 64)
    expect([...a, ...b]).toEqual([4, 5, 6, 1, 2, 3])
  })

  it('computes common subexpressions once and scalar ones outside the loop', () => {
    const one = compileProgram({ inputs: ['x'], scalars: [], outputs: [e('sin(x)')] }).length
    const many = compileProgram({ inputs: ['x'], scalars: [], outputs: [e('sin(x)*sin(x) + sin(x)')] }).length
    expect(many - one).toBeLessThan(40)
    // called once in the preamble, neither in the loop nor for the last node
    const calls = (bytes: Uint8Array) => [...codeOf(bytes)].filter((b, i, code) => b === 0x10 && code[i + 1] === 0).length
    expect(calls(compileProgram({ inputs: ['x'], scalars: ['k'], outputs: [e('x + sin(k)')] }))).toBe(1)
    expect(calls(compileProgram({ inputs: ['x'], scalars: ['k'], outputs: [e('k + sin(x)')] }))).toBe(2)
  })

  it('takes expressions at the limits', () => {
    expect(run([longSum(1000)], { x: [2] }, {})[0]).toEqual([evaluate(longSum(1000), { x: 2 }, libm)])
    const many = Array.from({ length: 300 }, (_, i) => e(`sin(x*${i + 1}) + x^${(i % 8) + 1}`))
    expect(run(many, { x: [0.7] }, {}).map(v => v[0])).toEqual(many.map(m => evaluate(m, { x: 0.7 }, libm)))
  })

  it('says what has no value', () => {
    for (const text of ['lap(u)', 'dx(x)', 'nosuch + 1', 'sum(i, xi)']) expect(() => compileProgram({ inputs: ['x', 'u'], scalars: [], outputs: [e(text)] }), text).toThrow(FaultError)
  })

  it('takes pi and e as constants unless they are declared', () => {
    expect(run([e('pi'), e('e'), e('e^x')], { x: [1] }, {})).toEqual([[Math.PI], [Math.E], [libm.exp(1)]])
    expect(run([e('e^x')], { x: [2] }, { e: 3 })).toEqual([[libm.pow(3, 2)]])
  })
})
