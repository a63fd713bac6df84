/**
 * The part of the WebAssembly binary format that compiled expressions need: one function over v128 locals, imported functions, one imported shared memory.
 * Source: WebAssembly Core Specification 2.0, chapter 5 (binary format); SIMD opcodes have the prefix 0xfd.
 */
export type Bytes = readonly number[]

/** Unsigned LEB128. */
export function unsigned(value: number): Bytes {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low + 128 : low)
  } while (rest > 0)
  return bytes
}

/** Signed LEB128 of a 32-bit integer. */
export function signed(value: number): Bytes {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const low = rest & 127
    rest >>= 7
    if ((rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0)) return [...bytes, low]
    bytes.push(low + 128)
  }
}

const text = (value: string): Bytes => [...unsigned(value.length), ...[...value].map(c => c.charCodeAt(0))]
const vector = (items: readonly Bytes[]): Bytes => [...unsigned(items.length), ...items.flat()]
const section = (id: number, content: Bytes): Bytes => [id, ...unsigned(content.length), ...content]

export const type = { i32: 0x7f, v128: 0x7b } as const

export interface FunctionImport {
  readonly module: string
  readonly name: string
  /** Number of v128 parameters; the result is one v128. */
  readonly parameters: number
}

export interface FunctionBody {
  /** All parameters are i32; there is no result. */
  readonly parameters: number
  /** Types of the locals after the parameters. */
  readonly locals: readonly number[]
  readonly code: Bytes
}

/** A module that imports `env.memory` (shared) and the given functions and exports the body as `run`. Function indices: imports in order. */
export function encodeModule(imports: readonly FunctionImport[], body: FunctionBody): Uint8Array {
  const largest = imports.reduce((most, f) => Math.max(most, f.parameters), 0)
  const types = [
    [0x60, ...vector(Array.from({ length: body.parameters }, () => [type.i32])), 0],
    ...Array.from({ length: largest }, (_, i) => [0x60, ...vector(Array.from({ length: i + 1 }, () => [type.v128])), 1, type.v128]),
  ]
  const memory = [...text('env'), ...text('memory'), 0x02, 0x03, ...unsigned(1), ...unsigned(65536)]
  const functions = imports.map(f => [...text(f.module), ...text(f.name), 0x00, ...unsigned(f.parameters)])
  const runs: [count: number, type: number][] = []
  for (const local of body.locals) {
    const last = runs.at(-1)
    if (last?.[1] === local) last[0]++
    else runs.push([1, local])
  }
  const content = [...vector(runs.map(([count, kind]) => [...unsigned(count), kind])), ...body.code, 0x0b]
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00,
    ...section(1, vector(types)),
    ...section(2, vector([memory, ...functions])),
    ...section(3, vector([unsigned(0)])),
    ...section(7, vector([[...text('run'), 0x00, ...unsigned(imports.length)]])),
    ...section(10, vector([[...unsigned(content.length), ...content]])),
  ])
}

const simd = (opcode: number, ...rest: number[]): Bytes => [0xfd, ...unsigned(opcode), ...rest]

export const instruction = {
  localGet: (index: number): Bytes => [0x20, ...unsigned(index)],
  localSet: (index: number): Bytes => [0x21, ...unsigned(index)],
  call: (index: number): Bytes => [0x10, ...unsigned(index)],
  i32Constant: (value: number): Bytes => [0x41, ...signed(value)],
  i32Load: (offset: number): Bytes => [0x28, 0x02, ...unsigned(offset)],
  i32Add: [0x6a] as Bytes,
  i32GreaterSigned: [0x4a] as Bytes,
  i32Multiply: [0x6c] as Bytes,
  i32ShiftLeft: [0x74] as Bytes,
  i32LessSigned: [0x48] as Bytes,
  block: [0x02, 0x40] as Bytes,
  loop: [0x03, 0x40] as Bytes,
  if: [0x04, 0x40] as Bytes,
  end: [0x0b] as Bytes,
  branchIf: (depth: number): Bytes => [0x0d, ...unsigned(depth)],
  load: simd(0x00, 0x03, 0x00),
  /** Two doubles from an address plus an offset. */
  loadAt: (offset: number): Bytes => simd(0x00, 0x03, ...unsigned(offset)),
  /** One double into both lanes, from an address plus an offset. */
  loadSplat: (offset: number): Bytes => simd(0x0a, 0x03, ...unsigned(offset)),
  store: simd(0x0b, 0x03, 0x00),
  /** The lower lane only. */
  storeLower: simd(0x5b, 0x03, 0x00, 0x00),
  /** The same double in both lanes. */
  constant: (value: number): Bytes => {
    const bytes = [...new Uint8Array(Float64Array.of(value).buffer)]
    return simd(0x0c, ...bytes, ...bytes)
  },
  not: simd(0x4d),
  and: simd(0x4e),
  or: simd(0x50),
  bitSelect: simd(0x52),
  compare: { '<': simd(0x49), '>': simd(0x4a), '<=': simd(0x4b), '>=': simd(0x4c) },
  unary: { ceil: simd(0x74), floor: simd(0x75), abs: simd(0xec), negate: simd(0xed), sqrt: simd(0xef) },
  binary: { add: simd(0xf0), subtract: simd(0xf1), multiply: simd(0xf2), divide: simd(0xf3), min: simd(0xf4), max: simd(0xf5) },
} as const
