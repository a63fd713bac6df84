import { uniformAxis, type Axis } from '../../../fields/field'
import type { AnalysedProblem } from '../../../problems/analysed'
import type { Point } from './roles'

/** A uniform grid of nodes with control volumes: half of one at the ends, a quarter in corners. One or two axes, x fastest. */
export interface VolumeGrid {
  readonly axes: readonly Axis[]
  readonly shape: readonly number[]
  readonly nodes: number
  readonly widths: readonly number[]
  /** Measure of each node's volume. */
  readonly volumes: Float64Array
  readonly faces: Faces
  point(node: number): Point
}

/** Faces between neighbouring volumes. */
export interface Faces {
  readonly count: number
  readonly first: Int32Array
  readonly second: Int32Array
  readonly axis: Uint8Array
  /** Measure of the face over the distance of its nodes. */
  readonly conductance: Float64Array
}

export function createVolumeGrid({ axes }: Pick<AnalysedProblem, 'axes'>, shape: readonly number[]): VolumeGrid {
  const own = axes.map(({ name, lower, upper }, a) => uniformAxis(name, lower, upper, shape[a], false))
  const nodes = shape.reduce((n, m) => n * m, 1)
  const widths = own.map(({ lower, upper }, a) => (upper - lower) / (shape[a] - 1))
  const place = (node: number): number[] => (shape.length === 1 ? [node] : [node % shape[0], Math.floor(node / shape[0])])
  const share = (index: number, a: number): number => (index === 0 || index === shape[a] - 1 ? 0.5 : 1)
  const volumes = Float64Array.from({ length: nodes }, (_, node) => place(node).reduce((v, index, a) => v * share(index, a) * widths[a], 1))
  const list: [number, number, number, number][] = []
  for (let node = 0; node < nodes; node++) {
    const index = place(node)
    index.forEach((i, a) => {
      if (i === shape[a] - 1) return
      const across = index.reduce((m, other, b) => (b === a ? m : m * share(other, b) * widths[b]), 1)
      list.push([node, node + (a === 0 ? 1 : shape[0]), a, across / widths[a]])
    })
  }
  return {
    axes: own, shape, nodes, widths, volumes,
    faces: { count: list.length, first: Int32Array.from(list, f => f[0]), second: Int32Array.from(list, f => f[1]), axis: Uint8Array.from(list, f => f[2]), conductance: Float64Array.from(list, f => f[3]) },
    point: node => Object.fromEntries(place(node).map((i, a) => [own[a].name, own[a].coordinates[i]])),
  }
}
