import { rounded } from '../display-list'

/** x' = a x + c y + e, y' = b x + d y + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

export const identity: Affine = [1, 0, 0, 1, 0, 0]

/** First `inner`, then `outer`. */
export function compose(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer
  const [p, q, r, s, t, u] = inner
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f]
}

/** A path as absolute commands with their coordinates: M and L 2 numbers, Q 4, C 6, Z none. */
export interface OutlineCommand {
  readonly command: 'M' | 'L' | 'Q' | 'C' | 'Z'
  readonly numbers: readonly number[]
}
export type Outline = readonly OutlineCommand[]

const numbersPer: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, Q: 4, T: 2, C: 6, S: 4, Z: 0 }

/** Reads SVG path data with absolute commands M L H V Q T C S Z. Throws on anything else: glyph outlines contain nothing else. */
export function parseOutline(data: string): Outline {
  const out: OutlineCommand[] = []
  let x = 0
  let y = 0
  let control: readonly [string, number, number] | undefined
  for (const [, command, text] of data.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const count = numbersPer[command]
    if (count === undefined) throw new Error(`unexpected path command ${command}`)
    const numbers = (text.match(/-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/g) ?? []).map(Number)
    if (count === 0) {
      out.push({ command: 'Z', numbers: [] })
      continue
    }
    for (let i = 0; i < numbers.length; i += count) {
      const n = numbers.slice(i, i + count)
      const reflected: [number, number] = control && control[0] === (command === 'T' ? 'Q' : 'C') ? [2 * x - control[1], 2 * y - control[2]] : [x, y]
      const full =
        command === 'H' ? [n[0], y] : command === 'V' ? [x, n[0]] : command === 'T' || command === 'S' ? [...reflected, ...n] : n
      const name = (command === 'H' || command === 'V' ? 'L' : command === 'T' ? 'Q' : command === 'S' ? 'C' : command === 'M' && i > 0 ? 'L' : command) as OutlineCommand['command']
      out.push({ command: name, numbers: full })
      x = full[full.length - 2]
      y = full[full.length - 1]
      control = name === 'Q' || name === 'C' ? [name, full[full.length - 4], full[full.length - 3]] : undefined
    }
  }
  return out
}

export function transformOutline(outline: Outline, [a, b, c, d, e, f]: Affine): Outline {
  return outline.map(({ command, numbers }) => {
    const moved: number[] = []
    for (let i = 0; i < numbers.length; i += 2) {
      moved.push(a * numbers[i] + c * numbers[i + 1] + e, b * numbers[i] + d * numbers[i + 1] + f)
    }
    return { command, numbers: moved }
  })
}

/** SVG path data, rounded to 0.001. */
export const outlinePath = (outline: Outline): string => outline.map(({ command, numbers }) => command + numbers.map(rounded).join(' ')).join('')
