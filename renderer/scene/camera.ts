/** An orbiting camera over a box, z upward. Plain numbers: the renderer and the labels project with the same formulas. */
export type Vector = readonly [number, number, number]

export interface OrbitCamera {
  /** Radians, counter-clockwise from +x: where the camera stands. */
  readonly azimuth: number
  /** Radians above the floor, −π/2 … π/2. */
  readonly elevation: number
  /** 1 shows the whole box. */
  readonly zoom: number
  /** Looked at, in box units. */
  readonly target: Vector
  readonly projection: 'perspective' | 'parallel'
}

export const defaultCamera: OrbitCamera = { azimuth: (-58 * Math.PI) / 180, elevation: (28 * Math.PI) / 180, zoom: 1, target: [0, 0, 0], projection: 'perspective' }

export const add = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
export const scaled = (a: Vector, s: number): Vector => [a[0] * s, a[1] * s, a[2] * s]
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

export interface Basis { readonly right: Vector; readonly up: Vector; readonly forward: Vector }

/** Orthonormal for every elevation, straight from above too. */
export function basisOf({ azimuth, elevation }: Pick<OrbitCamera, 'azimuth' | 'elevation'>): Basis {
  const [ca, sa, ce, se] = [Math.cos(azimuth), Math.sin(azimuth), Math.cos(elevation), Math.sin(elevation)]
  return { right: [-sa, ca, 0], up: [-se * ca, -se * sa, ce], forward: [-ce * ca, -ce * sa, -se] }
}

export const halfAngle = (15 * Math.PI) / 180

/** Half extents of the box along x, y, z, centred at the origin. */
export type Box = Vector

/** Corners of the box in the order of their bits: x, y, z. */
export const cornersOf = (box: Box): Vector[] => Array.from({ length: 8 }, (_, k) => [k & 1 ? box[0] : -box[0], k & 2 ? box[1] : -box[1], k & 4 ? box[2] : -box[2]])

/** Share of the height that the box may fill; the rest is for tick values. */
const filledHeight = 0.84
/** Room for tick values at either side, in pixels, where the caller does not measure them. */
const usualRoom = 60

const azimuths = Array.from({ length: 24 }, (_, k) => (k * Math.PI) / 12)
const reaches = (box: Box, elevation: number): { r: number; u: number; f: number }[] =>
  azimuths.flatMap(azimuth => {
    const { right, up, forward } = basisOf({ azimuth, elevation })
    return cornersOf(box).map(corner => ({ r: dot(corner, right), u: dot(corner, up), f: dot(corner, forward) }))
  })

/** How far the camera stands below the line to the target, so that the near corners, which reach lower, leave as much room as the far ones above. */
function centring(corners: readonly { u: number; f: number }[], distance: number): number {
  let [low, high] = [-1, 1]
  for (let n = 0; n < 24; n++) {
    const shift = (low + high) / 2
    let [top, bottom] = [0, 0]
    for (const { u, f } of corners) {
      top = Math.max(top, (u - shift) / (distance + f))
      bottom = Math.max(bottom, (shift - u) / (distance + f))
    }
    if (top > bottom) low = shift
    else high = shift
  }
  return (low + high) / 2
}

/**
 * Distance from which the box fits, whatever the azimuth at the usual elevation: the same while the reader turns it, so that it does not breathe.
 * A corner at (r, u, f) in camera axes fits when |r| ≤ (d + f)·tan·(free width / height), and so for u about the centring.
 */
export function fittingDistance(box: Box, width: number, height: number, room = usualRoom): number {
  const t = Math.tan(halfAngle)
  const across = (t * width * Math.min(0.9, Math.max(0.45, 1 - (2 * room) / width))) / height
  const corners = reaches(box, defaultCamera.elevation)
  let distance = 4
  for (let n = 0; n < 3; n++) {
    const shift = centring(corners, distance)
    distance = 0
    for (const { r, u, f } of corners) {
      distance = Math.max(distance, Math.abs(r) / across - Math.min(0, f), Math.abs(u - shift) / (t * filledHeight) - f)
      // In parallel projection, where nothing is centred or shortened.
      distance = Math.max(distance, Math.abs(u) / (t * 0.94))
    }
  }
  return distance
}

/** A camera over a viewport in CSS pixels. */
export interface Projector extends Basis {
  readonly position: Vector
  readonly distance: number
  readonly width: number
  readonly height: number
  readonly projection: OrbitCamera['projection']
  /** Half the height seen at the target. */
  readonly halfHeight: number
}

export function projectorOf(camera: OrbitCamera, box: Box, width: number, height: number, room = usualRoom): Projector {
  const basis = basisOf(camera)
  const fitting = fittingDistance(box, width, height, room)
  const distance = fitting / camera.zoom
  const shift = camera.projection === 'parallel' ? 0 : centring(reaches(box, camera.elevation), fitting)
  return { ...basis, position: add(camera.target, add(scaled(basis.forward, -distance), scaled(basis.up, shift))), distance, width, height, projection: camera.projection, halfHeight: distance * Math.tan(halfAngle) }
}

/** Pixels from the left top corner, and the distance along the line of sight. */
export function project(p: Projector, point: Vector): readonly [number, number, number] {
  const q: Vector = [point[0] - p.position[0], point[1] - p.position[1], point[2] - p.position[2]]
  const depth = dot(q, p.forward)
  const scale = (p.height / 2) / (p.projection === 'perspective' ? Math.max(1e-6, depth) * Math.tan(halfAngle) : p.halfHeight)
  return [p.width / 2 + dot(q, p.right) * scale, p.height / 2 - dot(q, p.up) * scale, depth]
}

/** The line of sight through a pixel. */
export function rayOf(p: Projector, px: number, py: number): { readonly origin: Vector; readonly direction: Vector } {
  const unit = (2 * p.halfHeight) / p.height
  const offset = add(scaled(p.right, (px - p.width / 2) * unit), scaled(p.up, (p.height / 2 - py) * unit))
  if (p.projection === 'parallel') return { origin: add(p.position, offset), direction: p.forward }
  const direction = add(scaled(p.forward, p.distance), offset)
  return { origin: p.position, direction: scaled(direction, 1 / Math.sqrt(dot(direction, direction))) }
}

const limit = Math.PI / 2

/** Turning by pixels: a drag over the whole height turns by π. */
export const rotated = (camera: OrbitCamera, dx: number, dy: number, height: number): OrbitCamera => ({
  ...camera, azimuth: camera.azimuth - (dx / height) * Math.PI, elevation: Math.max(-limit, Math.min(limit, camera.elevation + (dy / height) * Math.PI)),
})

/** Moves what is seen with the pointer. */
export function pannedCamera(camera: OrbitCamera, p: Projector, dx: number, dy: number): OrbitCamera {
  const unit = (2 * p.halfHeight) / p.height
  return { ...camera, target: add(camera.target, add(scaled(p.right, -dx * unit), scaled(p.up, dy * unit))) }
}

export const zoomed = (camera: OrbitCamera, factor: number): OrbitCamera => ({ ...camera, zoom: Math.max(0.2, Math.min(60, camera.zoom * factor)) })

export type Direction = '+x' | '-x' | '+y' | '-y' | '+z' | '-z'

/** Looks from a side of the box; from above with x to the right and y upward. */
export function fromDirection(camera: OrbitCamera, direction: Direction): OrbitCamera {
  const azimuth = { '+x': 0, '-x': Math.PI, '+y': Math.PI / 2, '-y': -Math.PI / 2, '+z': -Math.PI / 2, '-z': -Math.PI / 2 }[direction]
  return { ...camera, azimuth, elevation: direction === '+z' ? limit : direction === '-z' ? -limit : 0, target: [0, 0, 0], zoom: 1 }
}
