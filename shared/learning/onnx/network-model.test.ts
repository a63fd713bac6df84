import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { hasPython, runPython } from '../../../electron/engine/files/testing/python'
import { compile } from '../compile'
import { evaluateGraph } from '../graph/evaluate'
import type { Data } from '../graph/graph'
import { applyNetwork, boxEmbedding, createNetwork, distanceInInterval, networks, periodicEmbedding, withEmbedding, withHardBoundary, type Network, type Parameters } from '../networks'
import { createRandom } from '../random'
import { add, constant, matMul } from '../tf'
import { fixedPoints, networkModel } from './network-model'
import { readOnnx } from './read'

const libm = loadLibm(readKernels())
const random = createRandom(11, libm)
const folder = mkdtempSync(join(tmpdir(), 'network-model-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** On [0, 4] × [−1, 3], periodic along the second coordinate, zero at both ends of the first. */
async function built(kind: string, outputs: number): Promise<Network> {
  const waves = periodicEmbedding([undefined, { period: 2 }])
  const inner = await createNetwork(kind, { width: 6, depth: 2, features: 3, omega: 2, scale: 0.3 }, { inputs: waves.outputs, outputs })
  return withHardBoundary(withEmbedding(boxEmbedding([0, -1], [4, 3]), withEmbedding(waves, inner)), { distance: distanceInInterval(0, 0, 4) })
}
const options = { precision: 'float64', coordinates: ['x', 't'], unknowns: [{ name: 'h', outputs: [0, 2], components: ['re', 'im'] }, { name: 'p', outputs: [1] }], libm } as const

function valuesOf(network: Network, parameters: Parameters, x: Float64Array): Data {
  const points = x.length / network.inputs
  const program = compile((p, given) => ({ state: p, outputs: { u: applyNetwork(network, p, given.x) } }), { precision: 'float64', state: parameters, inputs: { x: [points, network.inputs] }, libm })
  return evaluateGraph(program.graph, { x, ...Object.fromEntries(Object.entries(parameters).map(([name, array]) => [name, array.values])) }, libm).outputs.u
}

const files: string[] = []
it.each(networks.map(({ descriptor }) => descriptor.id))('%s takes any number of points in ONNX Runtime, in physical coordinates', async kind => {
  const network = await built(kind, 3)
  const parameters = network.initialise(random.child(kind))
  const bytes = networkModel(network, parameters, options)
  files.push(join(folder, `${kind}.onnx`))
  writeFileSync(files.at(-1)!, bytes)
  expect(networkModel(network, parameters, options)).toEqual(bytes)
  const read = readOnnx(bytes)
  expect(read.inputs).toEqual([{ name: 'x', elementType: 'double', shape: ['points', 2] }])
  expect(read.outputs).toEqual([{ name: 'h', elementType: 'double', shape: ['points', 2] }, { name: 'p', elementType: 'double', shape: ['points', 1] }])
  expect(read.metadata).toEqual({ 'coordinates': 'x,t', 'unknowns': 'h,p', 'components.h': 're,im' })
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 })
  for (const count of [1, 2, 37]) {
    const x = Float64Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 4 * ((i * 0.37) % 1) : 4 * ((i * 0.61) % 1) - 1))
    const exact = valuesOf(network, parameters, x)
    const { h, p } = await session.run({ x: new Tensor('float64', x, [count, 2]) })
    expect([h.dims, p.dims]).toEqual([[count, 2], [count, 1]])
    for (let k = 0; k < count; k++) {
      const found = [(h.data as Float64Array)[2 * k], (p.data as Float64Array)[k], (h.data as Float64Array)[2 * k + 1]]
      found.forEach((value, c) => expect(Math.abs(value - exact[3 * k + c])).toBeLessThan(1e-13))
    }
  }
  // The boundary values and the period are in the file.
  const ends = await session.run({ x: new Tensor('float64', Float64Array.of(0, 0.5, 4, 0.5, 1, -1, 1, 3), [4, 2]) })
  const p = ends.p.data as Float64Array
  expect([Math.abs(p[0]), Math.abs(p[1])]).toEqual([0, 0])
  expect(Math.abs(p[2] - p[3])).toBeLessThan(1e-13)
  await session.release()
})

it('in single precision too', async () => {
  const network = await built('mlp', 3)
  const session = await InferenceSession.create(networkModel(network, network.initialise(random), { ...options, precision: 'float32' }), { intraOpNumThreads: 1, logSeverityLevel: 4 })
  const { p } = await session.run({ x: new Tensor('float32', new Float32Array(10), [5, 2]) })
  expect([p.type, p.dims]).toEqual(['float32', [5, 1]])
})

it('names its number of points where the graph depends on it', () => {
  const inner: Network = {
    inputs: 1, outputs: 1, fixed: [], initialise: () => ({ k: { shape: [1, 1], values: Float64Array.of(2) } }),
    // Another constant for every point.
    propagate: (p, x) => ({ ...x, value: add(matMul(x.value, p.k), constant(Float64Array.from({ length: x.value.shape[0] }, (_, i) => i), [x.value.shape[0], 1])) }),
  }
  const { inputs, outputs } = readOnnx(networkModel(inner, inner.initialise(random), { ...options, coordinates: ['x'], unknowns: [{ name: 'u', outputs: [0] }] }))
  expect([inputs[0].shape, outputs[0].shape]).toEqual([[fixedPoints, 1], [fixedPoints, 1]])
})

it.skipIf(!hasPython('onnx'))('python3-onnx accepts the files (skipped where it is missing)', () => {
  const told = runPython('import onnx, sys\nfor f in sys.argv[1:]:\n    onnx.checker.check_model(onnx.load(f), full_check=True)\nprint(len(sys.argv) - 1)', ...files)
  expect([Number(told), files.length]).toEqual([networks.length, networks.length])
})
