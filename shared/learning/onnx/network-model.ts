import type { Libm } from '../../expressions/libm'
import { compile, type Program } from '../compile'
import type { Precision } from '../graph/graph'
import { applyNetwork, type Network, type Parameters } from '../networks/network'
import { concat, split } from '../tf'
import { withAnyLength } from './any-length'
import { exportOnnx } from './export'

export interface NetworkModelOptions {
  readonly precision: Precision
  /** Names of the network's inputs, in their order. */
  readonly coordinates: readonly string[]
  /** What comes out: unknowns with the network's outputs that are their components. */
  readonly unknowns: readonly { readonly name: string; readonly outputs: readonly number[]; readonly components?: readonly string[] }[]
  readonly metadata?: Readonly<Record<string, string>>
  readonly libm: Libm
}

/** Points of one call, of a model that cannot take any number. */
export const fixedPoints = 1024
/** Lengths that no width has by chance. */
const traced = [1021, 1031] as const

/**
 * A trained network as an ONNX model. Input `x` [points, coordinates] in physical coordinates, in the order `metadata.coordinates`; one output for every unknown under its name, [points, components], in
 * physical units: embeddings, boundary functions and fixed features are inside, every array is. `points` is a free length; of a network whose graph depends on it, `fixedPoints`.
 */
export function networkModel(network: Network, parameters: Parameters, { precision, coordinates, unknowns, metadata = {}, libm }: NetworkModelOptions): Uint8Array {
  const program = (points: number): Program => compile((state, { x }) => {
    const all = applyNetwork(network, state, x)
    const columns = network.outputs === 1 ? [all] : split(all, new Array<number>(network.outputs).fill(1), 1)
    const outputs = unknowns.map(({ name, outputs: own }) => [name, own.length === 1 ? columns[own[0]] : own.length === columns.length && own.every((c, i) => c === i) ? all : concat(own.map(c => columns[c]), 1)] as const)
    return { state, outputs: Object.fromEntries(outputs) }
  }, { precision, state: parameters, inputs: { x: [points, network.inputs] }, libm })
  const [first, second] = traced.map(length => ({ length, whole: program(length) }))
  const outputsOf = ({ whole: { graph } }: typeof first) => ({ inputs: graph.inputs, outputs: graph.outputs.filter(o => o.role === 'output') })
  const free = withAnyLength({ graph: outputsOf(first), length: first.length }, { graph: outputsOf(second), length: second.length })
  const whole = free ? { ...first.whole, graph: free } : program(fixedPoints)
  const points = free ? 'points' : fixedPoints
  const values = Object.fromEntries(Object.entries(parameters).map(([name, array]) => [name, array.values]))
  return exportOnnx(whole, values, {
    name: 'network', outputs: unknowns.map(u => u.name),
    shapes: { x: [points, network.inputs], ...Object.fromEntries(unknowns.map(u => [u.name, [points, u.outputs.length]])) },
    descriptions: {
      x: `points in physical coordinates: ${coordinates.join(', ')}`,
      ...Object.fromEntries(unknowns.map(u => [u.name, `${u.name} at the points${u.components ? `: ${u.components.join(', ')}` : ''}`])),
    },
    metadata: {
      ...metadata, coordinates: coordinates.join(','), unknowns: unknowns.map(u => u.name).join(','),
      ...Object.fromEntries(unknowns.flatMap(u => (u.components ? [[`components.${u.name}`, u.components.join(',')]] : []))),
    },
  })
}
