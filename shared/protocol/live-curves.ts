/** A piece of a curve that grows while a step runs: points in order of x. */
export interface CurvePiece {
  readonly name: string
  readonly x: Float64Array
  readonly values: Float64Array
}

/** Points kept of one curve, about. */
const capacity = 8192

/** What is no number counts as high, so that it stays in sight; of equal ones the later is the higher, so that the two extremes differ. */
const isHigher = (value: number, than: number): boolean => Number.isNaN(value) || value >= than
const isLower = (value: number, than: number): boolean => value < than || (Number.isNaN(than) && !Number.isNaN(value))

interface Point { readonly x: number; readonly value: number }

/**
 * One growing curve in bounded memory. While it is short every point is kept; then, of each `2·stride` points in a row, the lowest and the highest, so that
 * peaks survive and the density stays even. A step back in x starts the curve anew: what came before belongs to another run.
 */
export class LiveCurve {
  private readonly x = new Float64Array(capacity)
  private readonly values = new Float64Array(capacity)
  private kept = 0
  private stride = 1
  /** The bucket that is being filled: its number of points, their extremes, and the last of them. */
  private filled = 0
  private low: Point = { x: 0, value: 0 }
  private high: Point = { x: 0, value: 0 }
  private last: Point = { x: -Infinity, value: 0 }

  append(x: number, value: number): void {
    if (x < this.last.x) {
      this.kept = 0
      this.stride = 1
      this.filled = 0
    }
    const point = { x, value }
    this.last = point
    if (this.filled === 0 || isLower(value, this.low.value)) this.low = point
    if (this.filled === 0 || isHigher(value, this.high.value)) this.high = point
    if (++this.filled < 2 * this.stride) return
    if (this.kept + 2 > capacity) this.thin()
    this.kept = this.write(this.bucket(), this.x, this.values, this.kept)
    this.filled = 0
  }

  private bucket(): readonly Point[] {
    const { low, high } = this
    return low === high ? [low] : low.x <= high.x ? [low, high] : [high, low]
  }

  private write(points: readonly Point[], x: Float64Array, values: Float64Array, at: number): number {
    for (const point of points) {
      x[at] = point.x
      values[at++] = point.value
    }
    return at
  }

  /** Half of the points: of every four the two extremes. */
  private thin(): void {
    const { x, values } = this
    let to = 0
    for (let from = 0; from < this.kept; from += 4) {
      const end = Math.min(from + 4, this.kept)
      let [low, high] = [from, from]
      for (let i = from + 1; i < end; i++) {
        if (isLower(values[i], values[low])) low = i
        if (isHigher(values[i], values[high])) high = i
      }
      // Both are read before they are overwritten: `to` never passes `from`.
      const chosen = (low <= high ? [low, high] : [high, low]).map(i => ({ x: x[i], value: values[i] }))
      to = this.write(low === high ? chosen.slice(1) : chosen, x, values, to)
    }
    this.kept = to
    this.stride *= 2
  }

  /** Copies of what is kept, in order of x; the last point is always among them. */
  points(): { readonly x: Float64Array; readonly values: Float64Array } {
    const open = this.filled === 0 ? [] : this.bucket()
    const tail = this.filled > 0 && open.at(-1) !== this.last ? [...open, this.last] : open
    const x = new Float64Array(this.kept + tail.length)
    const values = new Float64Array(x.length)
    x.set(this.x.subarray(0, this.kept))
    values.set(this.values.subarray(0, this.kept))
    this.write(tail, x, values, this.kept)
    return { x, values }
  }
}

/** The curves of one running step, in order of appearance. */
export class LiveCurves {
  private readonly curves = new Map<string, LiveCurve>()

  append(pieces: readonly CurvePiece[]): void {
    for (const { name, x, values } of pieces) {
      let curve = this.curves.get(name)
      if (!curve) {
        if (this.curves.size >= mostCurves) continue
        this.curves.set(name, (curve = new LiveCurve()))
      }
      for (let i = 0; i < Math.min(x.length, values.length); i++) curve.append(x[i], values[i])
    }
  }

  pieces(): CurvePiece[] {
    return [...this.curves].map(([name, curve]) => ({ name, ...curve.points() }))
  }
}

const mostCurves = 64
