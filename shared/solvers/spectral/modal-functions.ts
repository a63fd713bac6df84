import type { Libm } from '../../expressions/libm'
import type { Pointer, Team } from '../../kernels/team'
import { densePhi, type DensePhi } from './dense-phi'
import { inverted } from './modal-inverse'
import { blocksOf, entryOf, type ModalMatrix } from './modal-matrix'
import { exponential, phi } from './phi'

/** Functions of dt S that exponential integrators need. q = ½ dt φ₁(½ dt S); f₁, f₂, f₃ as in Cox & Matthews 2002 (doi:10.1006/jcph.2002.6995, eq. 29). */
export const etdFunctions = ['e', 'eHalf', 'q', 'f1', 'f2', 'f3'] as const
/** The resolvent (1 − dt S)⁻¹, asked for alone, is what implicit stages need. */
const functionNames = [...etdFunctions, 'resolvent'] as const
export type SymbolFunction = (typeof functionNames)[number]

/** Functions of dt S for one step size, on the arena: in a diagonal S one complex array [component, mode] each. */
export interface ModalFunctions {
  readonly pointers: Readonly<Record<SymbolFunction, Pointer>>
}

export interface FunctionsOfSymbol {
  /** No component's symbol couples it to another: the arrays are [component, mode]. */
  readonly diagonal: boolean
  /** The functions of dt S; the least recently used step size gives way. */
  at(dt: number): ModalFunctions
  /** out ← Σ f(dt S) v over (function, vector) pairs. `out` is none of the vectors. */
  apply(terms: readonly (readonly [Pointer, Pointer])[], out: Pointer): void
}

/**
 * f(dt S) of a modal matrix, block by block over the components that it couples: one complex number per mode where a block has one component, Sylvester's formula with two, Taylor series with
 * scaling and doubling beyond.
 *
 * @param names the functions wanted
 * @param kept how many step sizes keep their factors at once (step doubling alternates between dt and dt/2)
 */
export function createFunctionsOfSymbol(symbol: ModalMatrix, names: readonly SymbolFunction[], kept: number, team: Team, libm: Libm): FunctionsOfSymbol {
  const { arena } = team
  const { modes } = symbol
  const bytes = 16 * modes
  const blocks = blocksOf(symbol)
  const diagonal = blocks.every(block => block.length === 1)
  // Where the entries of each block begin, in complex arrays over the modes.
  const starts: number[] = []
  let arrays = 0
  for (const block of blocks) {
    starts.push(arrays)
    arrays += block.length * block.length
  }
  interface Set extends ModalFunctions { dt: number; used: number; readonly views: Readonly<Record<SymbolFunction, () => Float64Array>> }
  const sets: Set[] = []
  let clock = 0
  const makeSet = (): Set => {
    const made = functionNames.map(name => [name, names.includes(name) ? arena.f64(2 * modes * arrays) : undefined] as const)
    return {
      dt: 0, used: 0,
      pointers: Object.fromEntries(made.map(([name, block]) => [name, block?.pointer ?? 0])) as Record<SymbolFunction, Pointer>,
      views: Object.fromEntries(made.map(([name, block]) => [name, () => block?.view() ?? new Float64Array(0)])) as Record<SymbolFunction, () => Float64Array>,
    }
  }
  const fill = (set: Set, dt: number): void => {
    const views = names.map(name => [name, set.views[name]()] as const)
    blocks.forEach((block, b) => {
      const n = block.length
      const values = names.includes('resolvent') ? resolvents(n, dt) : n === 1 ? scalarFunctions(dt, libm) : denseFunctions(n, dt, libm)
      const matrix = new Float64Array(2 * n * n)
      const entries = block.flatMap(i => block.map(j => entryOf(symbol, i, j)))
      for (let mode = 0; mode < modes; mode++) {
        entries.forEach((entry, at) => {
          matrix[2 * at] = entry?.[2 * mode] ?? 0
          matrix[2 * at + 1] = entry?.[2 * mode + 1] ?? 0
        })
        const result = values(matrix)
        for (const [name, view] of views) {
          const from = result[name]
          for (let at = 0; at < n * n; at++) {
            const to = 2 * ((starts[b] + at) * modes + mode)
            view[to] = from[2 * at]
            view[to + 1] = from[2 * at + 1]
          }
        }
      }
    })
    set.dt = dt
  }
  const table = arena.bytes(8 * 8 * Math.max(...blocks.map(block => block.length)))
  return {
    diagonal,
    at(dt) {
      clock++
      let set = sets.find(candidate => candidate.dt === dt)
      if (!set) {
        if (sets.length < kept) sets.push(makeSet())
        set = sets.reduce((oldest, candidate) => (candidate.used < oldest.used ? candidate : oldest))
        fill(set, dt)
      }
      set.used = clock
      return set
    },
    apply(terms, out) {
      blocks.forEach((block, b) => {
        const n = block.length
        block.forEach((component, row) => {
          const pairs = new Int32Array(arena.memory.buffer, table, 2 * terms.length * n)
          terms.forEach(([entries, vector], t) => block.forEach((other, column) => {
            pairs[2 * (t * n + column)] = entries + (starts[b] + row * n + column) * bytes
            pairs[2 * (t * n + column) + 1] = vector + other * bytes
          }))
          team.parallel('spectral.sumProducts', 0, modes, [terms.length * n, table, 0, out + component * bytes], { grain: 1024 })
        })
      })
    },
  }
}

type Values = Readonly<Record<SymbolFunction, Float64Array>>

const emptyValues = (length: number): Record<SymbolFunction, Float64Array> => Object.fromEntries(functionNames.map(name => [name, new Float64Array(length)])) as Record<SymbolFunction, Float64Array>

function combine(out: Record<SymbolFunction, Float64Array>, dt: number, half: DensePhi, whole: DensePhi): Values {
  for (let at = 0; at < out.e.length; at++) {
    out.e[at] = whole[0][at]
    out.eHalf[at] = half[0][at]
    out.q[at] = (dt / 2) * half[1][at]
    out.f1[at] = dt * (whole[1][at] - 3 * whole[2][at] + 4 * whole[3][at])
    out.f2[at] = dt * (whole[2][at] - 2 * whole[3][at])
    out.f3[at] = dt * (4 * whole[3][at] - whole[2][at])
  }
  return out
}

function scalarFunctions(dt: number, libm: Libm): (symbol: Float64Array) => Values {
  const out = emptyValues(2)
  return symbol => {
    const z = [symbol[0] * dt, symbol[1] * dt] as const
    const halfZ = [z[0] / 2, z[1] / 2] as const
    const [whole, half] = [exponential(z, libm), exponential(halfZ, libm)]
    return combine(out, dt, [half, ...phi(halfZ, half)] as unknown as DensePhi, [whole, ...phi(z, whole)] as unknown as DensePhi)
  }
}

function denseFunctions(n: number, dt: number, libm: Libm): (symbol: Float64Array) => Values {
  const out = emptyValues(2 * n * n)
  const scaled = new Float64Array(2 * n * n)
  return symbol => {
    for (let at = 0; at < scaled.length; at++) scaled[at] = dt * symbol[at]
    const { half, whole } = densePhi(scaled, n, libm)
    return combine(out, dt, half, whole)
  }
}

function resolvents(n: number, c: number): (symbol: Float64Array) => Values {
  const out = emptyValues(2 * n * n)
  const a = new Float64Array(2 * n * n)
  const scales = new Float64Array(n)
  return symbol => {
    for (let i = 0; i < n; i++) {
      scales[i] = 0
      for (let j = 0; j < n; j++) {
        const at = 2 * (i * n + j)
        a[at] = (i === j ? 1 : 0) - c * symbol[at]
        a[at + 1] = -c * symbol[at + 1]
        scales[i] = Math.max(scales[i], Math.abs(a[at]), Math.abs(a[at + 1]))
      }
    }
    inverted(a, n, scales, out.resolvent)
    return out
  }
}
