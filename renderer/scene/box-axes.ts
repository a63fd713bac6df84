import { project } from './camera'
import type { Box, Projector, Vector } from './camera'

/** Axes around the box of a landscape: which edges carry the ticks, which faces lie behind, and where the values stand on screen. */
export interface AxisTicks {
  readonly symbol: string
  /** Positions along the edge, 0 … 1, increasing. */
  readonly positions: readonly number[]
  readonly labels: readonly string[]
}

export interface ScreenLabel {
  readonly x: number
  readonly y: number
  readonly text: string
  readonly align: 'left' | 'right' | 'center'
  readonly kind: 'value' | 'symbol'
}

export interface ScreenTick { readonly from: readonly [number, number]; readonly to: readonly [number, number] }

export interface BoxAxes {
  /** Pairs of points: edges of the floor and of the faces behind, and their grid. */
  readonly edges: readonly Vector[]
  readonly grid: readonly Vector[]
  readonly ticks: readonly ScreenTick[]
  readonly labels: readonly ScreenLabel[]
}

type Sign = -1 | 1
const tickLength = 5

/** Ticks: x and y on the floor's (seen from below: the ceiling's) edges nearest to the viewer, z on the upright edge furthest left. */
export function boxAxes(box: Box, view: Projector, ticks: readonly [AxisTicks, AxisTicks, AxisTicks], measure: (text: string) => number, lineHeight: number): BoxAxes {
  // A face is behind when its outward normal points away from the viewer.
  const towards = (axis: 0 | 1 | 2): number => (view.projection === 'perspective' ? view.position[axis] : -view.forward[axis])
  const back: readonly [Sign, Sign] = [towards(0) > 0 ? -1 : 1, towards(1) > 0 ? -1 : 1]
  const floor: Sign = towards(2) >= -1e-9 ? -1 : 1
  const at = (x: number, y: number, z: number): Vector => [x * box[0], y * box[1], z * box[2]]
  const along = (t: number): number => 2 * t - 1

  const edges: Vector[] = [
    at(-1, -1, floor), at(1, -1, floor), at(1, -1, floor), at(1, 1, floor), at(1, 1, floor), at(-1, 1, floor), at(-1, 1, floor), at(-1, -1, floor),
    at(back[0], -1, -1), at(back[0], -1, 1), at(back[0], 1, -1), at(back[0], 1, 1), at(-back[0], back[1], -1), at(-back[0], back[1], 1),
    at(back[0], -1, -floor), at(back[0], 1, -floor), at(-1, back[1], -floor), at(1, back[1], -floor),
  ]
  const grid: Vector[] = []
  for (const t of ticks[0].positions.map(along)) grid.push(at(t, -1, floor), at(t, 1, floor), at(t, back[1], -1), at(t, back[1], 1))
  for (const t of ticks[1].positions.map(along)) grid.push(at(-1, t, floor), at(1, t, floor), at(back[0], t, -1), at(back[0], t, 1))
  for (const t of ticks[2].positions.map(along)) grid.push(at(back[0], -1, t), at(back[0], 1, t), at(-1, back[1], t), at(1, back[1], t))

  const uprights = ([[-1, -1], [1, -1], [-1, 1], [1, 1]] as const).map(([x, y]) => ({ x, y, screen: project(view, at(x, y, 0))[0] }))
  const upright = uprights.reduce((a, b) => (b.screen < a.screen - 0.5 ? b : a))
  const places: readonly ((t: number) => Vector)[] = [t => at(along(t), -back[1], floor), t => at(-back[0], along(t), floor), t => at(upright.x, upright.y, along(t))]
  const centre = project(view, [0, 0, 0])
  const screenTicks: ScreenTick[] = []
  const labels: ScreenLabel[] = []
  const boxes: { left: number; right: number; top: number; bottom: number }[] = []

  places.forEach((place, axis) => {
    const [a, b] = [project(view, place(0)), project(view, place(1))]
    const length = Math.hypot(b[0] - a[0], b[1] - a[1])
    // Seen end on, an axis has nothing to say.
    if (length < 24) return
    const along2 = [(b[0] - a[0]) / length, (b[1] - a[1]) / length]
    const normal: [number, number] = [along2[1], -along2[0]]
    const middle = [(a[0] + b[0]) / 2 - centre[0], (a[1] + b[1]) / 2 - centre[1]]
    if (normal[0] * middle[0] + normal[1] * middle[1] < 0) normal.splice(0, 2, -normal[0], -normal[1])
    if (axis === 2) normal.splice(0, 2, -1, 0)
    const align = Math.abs(normal[0]) < 0.25 ? 'center' : normal[0] > 0 ? 'left' : 'right'
    const put = (x: number, y: number, text: string, kind: 'value' | 'symbol'): boolean => {
      const width = measure(text)
      const left = align === 'center' ? x - width / 2 : align === 'left' ? x : x - width
      const taken = { left: left - 3, right: left + width + 3, top: y - lineHeight / 2, bottom: y + lineHeight / 2 }
      if (boxes.some(o => o.left < taken.right && taken.left < o.right && o.top < taken.bottom && taken.top < o.bottom)) return false
      boxes.push(taken)
      labels.push({ x, y, text, align, kind })
      return true
    }
    let widest = 0
    ticks[axis].positions.forEach((t, k) => {
      const [x, y] = project(view, place(t))
      const end: [number, number] = [x + normal[0] * tickLength, y + normal[1] * tickLength]
      screenTicks.push({ from: [x, y], to: end })
      const reach = 4 + (align === 'center' ? lineHeight / 2 : 0)
      if (put(end[0] + normal[0] * reach, end[1] + normal[1] * (reach + (align === 'center' ? 0 : 2)), ticks[axis].labels[k], 'value')) widest = Math.max(widest, measure(ticks[axis].labels[k]))
    })
    if (axis === 2) {
      const [x, y] = b[1] <= a[1] ? b : a
      put(x, y - lineHeight * 1.1, ticks[axis].symbol, 'symbol')
      return
    }
    const far = tickLength + 10 + (align === 'center' ? 2 * lineHeight : widest * Math.abs(normal[0]) + lineHeight * 0.9)
    const [mx, my] = project(view, place(0.5))
    put(mx + normal[0] * far, my + normal[1] * far, ticks[axis].symbol, 'symbol')
  })
  return { edges, grid, ticks: screenTicks, labels }
}
