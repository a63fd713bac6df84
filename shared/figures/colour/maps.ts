import { interpolateCividis, interpolateInferno, interpolateMagma, interpolateRdBu, interpolateViridis } from 'd3-scale-chromatic'
import type { ColourMapName } from '../specification'

/** A colour table: 3·size bytes, the colour of position i/(size−1). */
export interface ColourTable {
  readonly size: number
  readonly rgb: Uint8Array
  /** Ends meet: for angles. */
  readonly cyclic: boolean
}

const size = 256
const cache = new Map<ColourMapName, ColourTable>()

/**
 * viridis, magma, inferno: S. van der Walt, N. Smith 2015. cividis: J. Nuñez, C. Anderton, R. Renslow, doi:10.1371/journal.pone.0199239.
 * diverging: ColorBrewer RdBu, blue below, red above. phase: cyclic in OKLab, light at the ends, bluish then reddish through dark, after twilight.
 */
export function colourTable(name: ColourMapName): ColourTable {
  const known = cache.get(name)
  if (known) return known
  const rgb = new Uint8Array(3 * size)
  for (let i = 0; i < size; i++) rgb.set(colourOf(name, i / (size - 1)), 3 * i)
  const table = { size, rgb, cyclic: name === 'phase' }
  cache.set(name, table)
  return table
}

function colourOf(name: ColourMapName, t: number): readonly number[] {
  switch (name) {
    case 'viridis': return parseColour(interpolateViridis(t))
    case 'magma': return parseColour(interpolateMagma(t))
    case 'inferno': return parseColour(interpolateInferno(t))
    case 'cividis': return parseColour(interpolateCividis(t))
    case 'diverging': return parseColour(interpolateRdBu(1 - t))
    case 'grey': return [Math.round(255 * t), Math.round(255 * t), Math.round(255 * t)]
    case 'phase': return phase(t)
  }
}

/** `#rrggbb` or `rgb(r, g, b)`. */
export function parseColour(text: string): readonly [number, number, number] {
  if (text.startsWith('#')) return [1, 3, 5].map(i => Number.parseInt(text.slice(i, i + 2), 16)) as [number, number, number]
  return text.match(/\d+/g)!.slice(0, 3).map(Number) as [number, number, number]
}

/** Lightness and the two opponent axes of OKLab (B. Ottosson 2020) at equal distances around the circle. */
const phaseKnots = [
  [0.91, 0.003, -0.006], [0.78, -0.035, -0.07], [0.6, -0.02, -0.125], [0.42, 0.05, -0.125],
  [0.26, 0.045, -0.035], [0.42, 0.115, -0.005], [0.6, 0.115, 0.055], [0.78, 0.045, 0.045],
] as const

function phase(t: number): number[] {
  const n = phaseKnots.length
  const u = (t % 1) * n
  const i = Math.floor(u)
  const f = u - i
  const knot = (k: number): readonly number[] => phaseKnots[(((i + k) % n) + n) % n]
  // Periodic Catmull–Rom spline through the knots.
  const lab = [0, 1, 2].map(c => {
    const [p0, p1, p2, p3] = [knot(-1)[c], knot(0)[c], knot(1)[c], knot(2)[c]]
    return p1 + 0.5 * f * (p2 - p0 + f * (2 * p0 - 5 * p1 + 4 * p2 - p3 + f * (3 * (p1 - p2) + p3 - p0)))
  })
  const cube = (x: number): number => x * x * x
  const l = cube(lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2])
  const m = cube(lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2])
  const s = cube(lab[0] - 0.0894841775 * lab[1] - 1.291485548 * lab[2])
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  return linear.map(x => Math.round(255 * Math.min(1, Math.max(0, encodeGamma(x)))))
}

/** sRGB transfer: 1.055 x^(5/12) − 0.055, the power by two square roots and a Newton cube root. */
function encodeGamma(x: number): number {
  if (x <= 0.0031308) return 12.92 * x
  const fourth = Math.sqrt(Math.sqrt(x * x * x * x * x))
  let y = Math.sqrt(fourth)
  for (let i = 0; i < 40; i++) y -= (y * y * y - fourth) / (3 * y * y)
  return 1.055 * y - 0.055
}
