import { evaluate } from '../../expressions'
import type { Libm } from '../../expressions/libm'
import type { Fault } from '../../fault'
import { error } from '../../fault'
import type { ParsedStatement } from '../parsed'
import { pointText } from '../sampling'
import type { RawSystem } from '../system'
import { spectralAbscissa } from './eigenvalues'
import type { Linearisation } from './linearisation'

/** Waves so much shorter than the domain that only the principal parts count; twice as short beside it for the growth. */
const SHORT = 1e5

/**
 * A fault where short waves grow without bound: the symbol of the rows linearised about the initial state, constraints eliminated, has an eigenvalue whose real part grows with the wave number
 * (Petrovsky's condition fails). Looked at in a few states and directions; where the constraints cannot be eliminated nothing is said.
 */
export function shortWaveGrowth(linearisation: Linearisation, states: readonly Record<string, number>[], raw: RawSystem, statement: ParsedStatement, libm: Libm): Fault | undefined {
  const { axes } = statement
  const rates = raw.rows.flatMap((row, i) => (row.kind === 'rate' ? [i] : []))
  const constraints = raw.rows.flatMap((row, i) => (row.kind === 'constraint' ? [i] : []))
  if (axes.length === 0 || raw.rows.length > 10 || states.length === 0) return undefined
  const constant = linearisation.entries.every(e => e.coefficient.kind === 'number')
  const chosen = constant ? states.slice(0, 1) : [0.07, 0.31, 0.5, 0.72, 0.95].map(s => states[Math.floor(s * states.length)])
  for (const state of chosen) {
    const values = linearisation.entries.map(e => evaluate(e.coefficient, state, libm))
    if (values.some(v => !Number.isFinite(v))) continue
    for (const direction of directionsOf(axes.length)) {
      const at = (factor: number): ReturnType<typeof spectralAbscissa> | undefined => {
        const xi = direction.map((d, i) => (d * 2 * Math.PI * SHORT * factor) / (axes[i].upper - axes[i].lower))
        const symbol = reduced(linearisation, values, xi, rates, constraints, axes.map(a => a.name))
        return symbol && spectralAbscissa(symbol.re, symbol.im)
      }
      const [one, two] = [at(1), at(2)]
      if (!one || !two || !(one.abscissa > 1e-3 * one.radius) || !(two.abscissa > 1e-3 * two.radius) || two.abscissa < 1.7 * one.abscissa) continue
      const along = direction.flatMap((d, i) => (d !== 0 ? [axes[i].name] : [])).join(' and ')
      const place = constant ? '' : ` at ${pointText(state, axes)}`
      return error('not-parabolic', `The evolution is not well posed: waves along ${along} grow the faster the shorter they are${place}.`, { where: { path: 'problem.equations' }, tip: 'Check the signs of the highest derivatives.' })
    }
  }
  return undefined
}

const directionsOf = (dimension: number): number[][] =>
  dimension === 1 ? [[1]] : dimension === 2 ? [[1, 0], [0, 1], [1, 1], [1, -1]] : [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 1, 1]]

interface ComplexMatrix { readonly re: Float64Array[]; readonly im: Float64Array[] }

/** F_y − F_z C_z⁻¹ C_y by elimination of the constraint columns; undefined where C_z is singular. */
function reduced({ entries }: Linearisation, values: readonly number[], xi: readonly number[], rates: readonly number[], constraints: readonly number[], names: readonly string[]): ComplexMatrix | undefined {
  const order = [...constraints, ...rates]
  const n = order.length
  const place = new Map(order.map((index, k) => [index, k]))
  const re = order.map(() => new Float64Array(n))
  const im = order.map(() => new Float64Array(n))
  entries.forEach(({ row, component, along }, k) => {
    const size = along.reduce((product, c) => product * xi[names.indexOf(c)], values[k])
    const [i, j] = [place.get(row)!, place.get(component)!]
    const turn = along.length % 4
    if (turn % 2 === 0) re[i][j] += turn === 0 ? size : -size
    else im[i][j] += turn === 1 ? size : -size
  })
  const m = constraints.length
  // What the column held before elimination: a pivot far below it is rounding.
  const scales = Array.from({ length: m }, (_, k) => Math.max(...Array.from({ length: m }, (_unused, i) => re[i][k] * re[i][k] + im[i][k] * im[i][k])))
  for (let k = 0; k < m; k++) {
    let pivot = k
    const modulus = (i: number): number => re[i][k] * re[i][k] + im[i][k] * im[i][k]
    for (let i = k + 1; i < m; i++) if (modulus(i) > modulus(pivot)) pivot = i
    if (!(modulus(pivot) > 1e-20 * scales[k])) return undefined
    ;[re[k], re[pivot], im[k], im[pivot]] = [re[pivot], re[k], im[pivot], im[k]]
    const size = modulus(k)
    for (let i = k + 1; i < n; i++) {
      const [a, b] = [(re[i][k] * re[k][k] + im[i][k] * im[k][k]) / size, (im[i][k] * re[k][k] - re[i][k] * im[k][k]) / size]
      for (let j = k; j < n; j++) {
        const [p, q] = [re[k][j], im[k][j]]
        re[i][j] -= a * p - b * q
        im[i][j] -= a * q + b * p
      }
    }
  }
  return { re: re.slice(m).map(row => row.slice(m)), im: im.slice(m).map(row => row.slice(m)) }
}
