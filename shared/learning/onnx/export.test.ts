import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { FaultError } from '../../fault'
import { compile, type Program } from '../compile'
import { evaluateGraph } from '../graph/evaluate'
import { operatorExamples } from '../graph/examples.testing'
import { makeConstant, makeInput, type Graph, type Precision } from '../graph/graph'
import { apply } from '../graph/operators'
import { largestDifference, randomGraphs } from '../graph/passes/random-graphs.testing'
import { valueAndGradients } from '../gradients'
import { add, matMul, mean, mul, square, sub, tanh, type Tensors } from '../tf'
import { exportOnnx } from './export'
import { readOnnx } from './read'
import { runOnnx } from './run-onnx.testing'
import { writeOnnx } from './write'

const libm = loadLibm(readKernels())
const folder = mkdtempSync(join(tmpdir(), 'onnx-'))
afterAll(() => rmSync(folder, { recursive: true }))
const python = '/usr/bin/python3'
const checkerExists = (() => {
  try {
    execFileSync(python, ['-c', 'import onnx'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

const values = (count: number, s: number): Float64Array => Float64Array.from({ length: count }, (_, i) => libm.sin(1.3 * i + s))
const state = { 'layer.kernel': { shape: [2, 6], values: values(12, 1) }, 'layer.bias': { shape: [6], values: values(6, 2) }, 'readout': { shape: [6, 1], values: values(6, 3) } }
const model = (p: Tensors, x: Tensors[string]) => matMul(tanh(add(matMul(x, p['layer.kernel']), p['layer.bias'])), p.readout)
const training = (p: Tensors, { x, target }: Tensors) => {
  const { value, gradients } = valueAndGradients(q => ({ value: mean(square(sub(model(q, x), target))) }), p)
  return { state: Object.fromEntries(Object.keys(p).map(name => [name, sub(p[name], mul(gradients[name], 0.05))])), outputs: { loss: value } }
}
const trainingProgram = (precision: Precision): Program => compile(training, { precision, state, inputs: { x: [5, 2], target: [5, 1] }, libm })
const inference = (precision: Precision): Program => compile((p, { x }) => ({ state: p, outputs: { u: model(p, x), twice: mul(model(p, x), 2) } }), { precision, state, inputs: { x: [5, 2], unused: [3] }, libm })
const initial = Object.fromEntries(Object.entries(state).map(([name, { values: v }]) => [name, v]))

it.skipIf(!checkerExists)('python3-onnx accepts what is written and infers the same shapes (skipped where it is missing)', () => {
  const files: string[] = []
  const keep = (bytes: Uint8Array): void => {
    files.push(join(folder, `${files.length}.onnx`))
    writeFileSync(files.at(-1)!, bytes)
  }
  for (const { graph } of fc.sample(randomGraphs, { numRuns: 25, seed: 4 })) keep(writeOnnx(graph, { precision: 'float32' }))
  for (const { operator, inputs, attributes } of operatorExamples) {
    const declared = inputs.map((type, i) => ({ name: `x${i}`, role: 'input' as const, value: makeInput(`x${i}`, type) }))
    const { outputs } = apply(operator, declared.map(d => d.value), attributes)
    keep(writeOnnx({ inputs: declared, outputs: outputs.map((value, i) => ({ name: `y${i}`, role: 'output', value })) }, { precision: 'float32' }))
  }
  for (const precision of ['float32', 'float64'] as const) {
    keep(writeOnnx(trainingProgram(precision).graph, { precision }))
    keep(writeOnnx(trainingProgram(precision).graph, { precision, steps: 3 }))
    keep(exportOnnx(inference(precision), initial, { documentation: 'ε ≤ 1', metadata: { unit: 'K' }, descriptions: { u: 'temperature in K' } }))
  }
  const script = `
import onnx, sys
for f in sys.argv[1:]:
    m = onnx.load(f)
    onnx.checker.check_model(m, full_check=True)
    told = {o.name: [d.dim_value for d in o.type.tensor_type.shape.dim] for o in m.graph.output}
    for o in m.graph.output: o.type.tensor_type.ClearField('shape')
    inferred = {o.name: [d.dim_value for d in o.type.tensor_type.shape.dim] for o in onnx.shape_inference.infer_shapes(m, strict_mode=True).graph.output}
    loops = any(n.op_type == 'Loop' for n in m.graph.node)
    assert loops or inferred == told, (f, inferred, told)
print(len(sys.argv) - 1, 'checked')`
  expect(execFileSync(python, ['-c', script, ...files], { encoding: 'utf8' })).toBe(`${files.length} checked\n`)
})

it('ONNX Runtime computes what random graphs mean', async () => {
  for (const { graph, inputs } of fc.sample(randomGraphs, { numRuns: 40, seed: 7 })) {
    const exact = evaluateGraph(graph, inputs, libm).outputs
    expect(largestDifference(await runOnnx(graph, inputs, 'float64', { extra: { optimization: { disable_specified_optimizers: 'MatMulScaleFusion;QuickGeluFusion' } } }), exact)).toBeLessThan(1e-11)
  }
})

it('names outputs without copies, where the value is nothing else', () => {
  const x = makeInput('x', { type: 'real', shape: [2] })
  const y = apply('Tanh', [x]).outputs[0]
  const graph: Graph = { inputs: [{ name: 'x', role: 'state', value: x }], outputs: [{ name: 'y', role: 'output', value: y }, { name: 'again', role: 'output', value: y }, { name: 'x', role: 'state', value: x }, { name: 'one', role: 'output', value: makeConstant(Float64Array.of(1), []) }] }
  const { nodes, outputs } = readOnnx(writeOnnx(graph, { precision: 'float32' }))
  expect(nodes.map(n => [n.operator, ...n.inputs, ...n.outputs])).toEqual([['Tanh', 'x', 'y'], ['Identity', 'y', 'again'], ['Identity', 'x', 'x.next'], ['Identity', 'constant_1', 'one']])
  expect(outputs.map(o => o.name)).toEqual(['y', 'again', 'x.next', 'one'])
})

it('keeps generated names apart from the program\'s', async () => {
  const declared = ['Tanh_0', 'list_0', 'constant_1'].map(name => ({ name, role: 'input' as const, value: makeInput(name, { type: 'real', shape: [2, 2] }) }))
  const sum = apply('ReduceSum', [apply('Add', [apply('Tanh', [declared[0].value]).outputs[0], makeConstant(Float64Array.of(2), [])]).outputs[0]], { axes: [0], keepdims: 0 }).outputs[0]
  const graph: Graph = { inputs: declared, outputs: [{ name: 'y', role: 'output', value: apply('Neg', [apply('Add', [sum, declared[1].value]).outputs[0]]).outputs[0] }] }
  const inputs = Object.fromEntries(declared.map(({ name }, i) => [name, values(4, i)]))
  expect(largestDifference(await runOnnx(graph, inputs, 'float64'), evaluateGraph(graph, inputs, libm).outputs)).toBeLessThan(1e-15)
})

it.each(['float32', 'float64'] as const)('steps in a loop are the same steps, in %s', async precision => {
  const { InferenceSession, Tensor } = await import('onnxruntime-node')
  const { graph } = trainingProgram(precision)
  const steps = 4
  const inputs = { x: values(10 * steps, 5), target: values(5 * steps, 6) }
  const array = (v: Float64Array, shape: readonly number[]) => (precision === 'float64' ? new Tensor('float64', v, [...shape]) : new Tensor('float32', Float32Array.from(v), [...shape]))
  const create = (bytes: Uint8Array) => InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 })
  const [single, looped] = [await create(writeOnnx(graph, { precision })), await create(writeOnnx(graph, { precision, steps }))]
  const first = Object.fromEntries(Object.entries(state).map(([name, s]) => [name, array(s.values, s.shape)]))
  const all = await looped.run({ ...first, x: array(inputs.x, [steps, 5, 2]), target: array(inputs.target, [steps, 5, 1]) })
  let now = first
  const losses: number[] = []
  for (let k = 0; k < steps; k++) {
    const result = await single.run({ ...now, x: array(inputs.x.slice(10 * k, 10 * k + 10), [5, 2]), target: array(inputs.target.slice(5 * k, 5 * k + 5), [5, 1]) })
    losses.push(Number(result.loss.data[0]))
    now = Object.fromEntries(Object.keys(state).map(name => [name, result[`${name}.next`] as typeof now[string]]))
  }
  expect(Array.from(all.loss.data as Float64Array)).toEqual(losses)
  for (const name of Object.keys(state)) expect(all[`${name}.next`].data).toEqual(now[name].data)
})

it.each(['float32', 'float64'] as const)('an exported model runs in a plain Node script and gives the same output, in %s', precision => {
  const program = inference(precision)
  const [file, script] = [join(folder, `model-${precision}.onnx`), join(folder, 'run.mjs')]
  const bytes = exportOnnx(program, initial, { outputs: ['u'], documentation: 'A test.', metadata: { 'residuum.unit.u': 'K' }, descriptions: { u: 'temperature in K' } })
  expect(exportOnnx(program, initial, { outputs: ['u'], documentation: 'A test.', metadata: { 'residuum.unit.u': 'K' }, descriptions: { u: 'temperature in K' } })).toEqual(bytes)
  writeFileSync(file, bytes)
  writeFileSync(script, `
import { createRequire } from 'node:module'
const ort = createRequire(${JSON.stringify(resolve('package.json'))})('onnxruntime-node')
const session = await ort.InferenceSession.create(process.argv[2])
const x = JSON.parse(process.argv[3])
const { u } = await session.run({ x: new ort.Tensor('${precision}', ${precision === 'float64' ? 'Float64Array' : 'Float32Array'}.from(x), [5, 2]) })
console.log(JSON.stringify({ inputs: session.inputNames, outputs: session.outputNames, u: Array.from(u.data) }))`)
  const x = values(10, 9)
  const answer = JSON.parse(execFileSync(process.execPath, [script, file, JSON.stringify([...x])], { encoding: 'utf8' })) as { inputs: string[]; outputs: string[]; u: number[] }
  expect([answer.inputs, answer.outputs]).toEqual([['x'], ['u']])
  const exact = evaluateGraph(program.graph, { ...initial, x, unused: values(3, 0) }, libm).outputs.u
  expect(largestDifference({ u: Float64Array.from(answer.u) }, { u: exact })).toBeLessThan(precision === 'float64' ? 1e-14 : 1e-6)
  const read = readOnnx(new Uint8Array(readFileSync(file)))
  for (const [name, { values: v, shape }] of Object.entries(state)) {
    expect(read.tensors.get(name)).toEqual({ shape, elementType: precision === 'float64' ? 'double' : 'float', values: precision === 'float64' ? v : Float64Array.from(Float32Array.from(v)) })
  }
  expect(read.inputs).toEqual([{ name: 'x', elementType: precision === 'float64' ? 'double' : 'float', shape: [5, 2] }])
  expect(read.metadata).toEqual({ 'residuum.unit.u': 'K' })
  expect(Object.keys(read.operatorSets)).toEqual([''])
})

it('says what cannot be exported', () => {
  const program = inference('float32')
  expect(() => exportOnnx(program, initial, { outputs: ['v'] })).toThrow('no output v')
  expect(() => exportOnnx(program, { ...initial, readout: [1] })).toThrow('has 1 values')
  expect(() => exportOnnx(program, {})).toThrow('layer.kernel has no values')
  const large = makeInput('large', { type: 'real', shape: [2 ** 29] })
  const graph: Graph = { inputs: [{ name: 'large', role: 'state', value: large }], outputs: [{ name: 'y', role: 'output', value: apply('ReduceSum', [large], { axes: [0], keepdims: 0 }).outputs[0] }] }
  expect(() => writeOnnx(graph, { precision: 'float32', parameters: { large: { length: 2 ** 29 } } })).toThrow('2.0 GiB; an ONNX file can hold 2')
})

it('reads or refuses any bytes', () => {
  const bytes = exportOnnx(inference('float32'), initial, { metadata: { a: 'b' } })
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), fc.nat(bytes.length), (changes, length) => {
    const damaged = length % 3 === 0 ? bytes.slice(0, length) : bytes.slice()
    for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value
    try {
      readOnnx(damaged)
    } catch (reason) {
      expect(reason).toBeInstanceOf(FaultError)
      expect((reason as FaultError).faults[0].code).toBe('onnx-file')
    }
  }), { numRuns: 2000 })
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), noise => {
    expect(() => readOnnx(noise)).toThrow(FaultError)
  }), { numRuns: 500 })
})

it('a small file cannot ask for much, nor write over the terminal', () => {
  /** A field of bytes: `number`, its length, itself. */
  const field = (number: number, inner: Uint8Array): Uint8Array => {
    const head = [number * 8 + 2]
    let rest = inner.length
    for (; rest > 127; rest >>>= 7) head.push((rest & 127) | 128)
    return Uint8Array.from([...head, rest, ...inner])
  }
  const ports = Uint8Array.from({ length: 250_000 }, (_, i) => (i % 2 === 0 ? 11 * 8 + 2 : 0))
  expect(() => readOnnx(field(7, ports))).toThrow('it has more than 100,000 inputs')
  const name = new TextEncoder().encode('\u001b[2J\n'.repeat(100))
  const tensor = Uint8Array.from([...field(8, name), 2 * 8, 1, 8, 5])
  const message = (() => { try { readOnnx(field(7, field(5, tensor))) } catch (reason) { return (reason as Error).message } })()
   
  expect(message).toMatch(/^[^\u0000-\u001f]{1,200}$/)
  expect(message).toContain('holds 0 values')
  expect(() => readOnnx(field(7, field(5, Uint8Array.from([...field(1, new Uint8Array(65)), 2 * 8, 1]))))).toThrow('too many axes')
})

it.skipIf(!checkerExists)('reads what other tools write: every element type, packed and raw (skipped where python3-onnx is missing)', () => {
  const file = join(folder, 'types.onnx')
  execFileSync(python, ['-c', `
import onnx, numpy as np
from onnx import helper as h, TensorProto as T, numpy_helper
ts = [h.make_tensor('a', T.FLOAT, [3], [1.5, -2, 3e38]), h.make_tensor('b', T.INT64, [2], [-1, 9]), h.make_tensor('c', T.DOUBLE, [1, 2], [0.1, 1e300]), h.make_tensor('d', T.INT32, [2], [-7, 7]), h.make_tensor('e', T.BOOL, [2], [True, False])]
ts += [numpy_helper.from_array(np.array([1.5, -0.25, 65504, 6e-8], np.float16), 'f'), numpy_helper.from_array(np.array([-3, 100], np.int8), 'g'), h.make_tensor('h', T.FLOAT16, [2], np.array([0.5, -2], np.float16))]
k = h.make_node('Constant', [], ['k'], value=h.make_tensor('', T.FLOAT, [], [2.5]))
g = h.make_graph([k, h.make_node('Add', ['x', 'k'], ['y'])], 'g', [h.make_tensor_value_info('x', T.FLOAT, ['batch', 3])], [h.make_tensor_value_info('y', T.FLOAT, ['batch', 3])], ts)
onnx.save(h.make_model(g, opset_imports=[h.make_opsetid('', 17)]), '${file}')`])
  const { tensors, inputs, nodes } = readOnnx(new Uint8Array(readFileSync(file)))
  expect(Object.fromEntries([...tensors].map(([name, t]) => [name, [t.elementType, t.shape.join(), ...t.values]]))).toEqual({
    a: ['float', '3', 1.5, -2, Math.fround(3e38)], b: ['int64', '2', -1, 9], c: ['double', '1,2', 0.1, 1e300], d: ['int32', '2', -7, 7], e: ['bool', '2', 1, 0],
    f: ['float16', '4', 1.5, -0.25, 65504, 2 ** -24], g: ['int8', '2', -3, 100], h: ['float16', '2', 0.5, -2], k: ['float', '', 2.5],
  })
  expect(inputs).toEqual([{ name: 'x', elementType: 'float', shape: ['batch', 3] }])
  expect(nodes.map(n => n.operator)).toEqual(['Constant', 'Add'])
})
