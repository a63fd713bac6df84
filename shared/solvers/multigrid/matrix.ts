import type { Arena, Team } from '../../kernels/team'
import { createAssembler, type SparseMatrix } from '../linear/sparse'
import type { Discretisation } from './discretise'
import { constantNetwork, type Network } from './network'
import { sizeOf, strides } from './shape'

/** The equations of the free nodes as a sparse matrix; `nodes[k]` is the node of unknown k. */
export interface FreeSystem {
  readonly matrix: SparseMatrix
  readonly nodes: Int32Array
}

/** The network of a discretisation, also of one that has constants only. */
export function networkOf(team: Team, { constant, network, axes, shape, fixedNodes }: Discretisation, shift: number): Network {
  if (network) return network
  const fixed = new Uint8Array(sizeOf(shape))
  for (const node of fixedNodes) fixed[node] = 1
  return constantNetwork(team, axes, constant!.diffusion, constant!.reaction + shift, node => fixed[node] === 1)
}

/** Fixed nodes drop out: their values belong to the right-hand side. `held` (a node or −1) drops out too. */
export function freeSystem(arena: Arena, network: Network, held = -1): FreeSystem {
  const { shape, kappa, d, velocity, periodic } = network
  const size = sizeOf(shape)
  const inverse = network.inverse.view()
  const number = new Int32Array(size).fill(-1)
  const free: number[] = []
  for (let node = 0; node < size; node++) if (inverse[node] !== 0 && node !== held) number[node] = free.push(node) - 1
  const nodes = Int32Array.from(free)
  const axes = [0, 1, 2].filter(axis => shape[axis] > 1)
  const limit = nodes.length * (1 + 2 * axes.length)
  const rows = new Int32Array(limit)
  const columns = new Int32Array(limit)
  const values = new Float64Array(limit)
  const stride = strides(shape)
  const edges = kappa.map(block => block.view())
  const reaction = d.view()
  const speeds = velocity.map(block => block.view())
  let count = 0
  const add = (row: number, node: number, value: number): void => {
    const column = number[node]
    if (column < 0 || value === 0) return
    rows[count] = row
    columns[count] = column
    values[count++] = value
  }
  nodes.forEach((node, row) => {
    let diagonal = reaction[node]
    for (const axis of axes) {
      const n = shape[axis]
      const i = Math.floor(node / stride[axis]) % n
      const next = i === n - 1 ? node - (n - 1) * stride[axis] : node + stride[axis]
      const previous = i === 0 ? node + (n - 1) * stride[axis] : node - stride[axis]
      const east = edges[axis][node]
      const west = edges[axis][previous]
      const v = speeds[axis]?.[node] ?? 0
      diagonal += east + west
      if (periodic[axis] || i < n - 1) add(row, next, -east + v)
      if (periodic[axis] || i > 0) add(row, previous, -west - v)
    }
    rows[count] = columns[count] = row
    values[count++] = diagonal
  })
  const assembler = createAssembler(nodes.length, nodes.length, rows.subarray(0, count), columns.subarray(0, count))
  const matrix = assembler.matrix(arena)
  assembler.assemble(values.subarray(0, count), matrix)
  return { matrix, nodes }
}
