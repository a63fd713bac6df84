import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { compile } from '../compile'
import { valueAndGradients } from '../gradients'
import { add, matMul, mean, mul, square, sub, tanh, type Tensors } from '../tf'
import { graphNodes } from './graph'
import { drawGraph } from './picture'

const libm = loadLibm(readKernels())
const array = (...shape: number[]) => ({ shape, values: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => libm.sin(i)) })
/** One step of gradient descent for a layer of tanh: what docs/methods/learning-graph.md shows. */
const { graph } = compile((state: Tensors, { x, target }: Tensors) => {
  const { value, gradients } = valueAndGradients(({ W, b, v }) => ({ value: mean(square(sub(matMul(tanh(add(matMul(x, W), b)), v), target))) }), state)
  return { state: Object.fromEntries(Object.keys(state).map(name => [name, sub(state[name], mul(gradients[name], 0.1))])), outputs: { loss: value } }
}, { precision: 'float32', state: { W: array(2, 16), b: array(16), v: array(16, 1) }, inputs: { x: [64, 2], target: [64, 1] }, libm })

it('draws every node once, inside the page, without overlaps', () => {
  const svg = drawGraph(graph)
  const boxes = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="(\d+)"/g)].map(m => m.slice(1).map(Number))
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!.map(Number)
  const drawn = graphNodes(graph).filter(n => !(n.operator === 'Constant' && n.data!.length === 1)).length
  expect(boxes).toHaveLength(drawn + graph.outputs.length)
  for (const [i, [x, y, w, h]] of boxes.entries()) {
    expect(x >= 0 && y >= 0 && x + w <= width && y + h <= height).toBe(true)
    for (const [x2, y2, w2, h2] of boxes.slice(i + 1)) expect(x + w <= x2 || x2 + w2 <= x || y + h <= y2 || y2 + h2 <= y).toBe(true)
  }
  expect(drawGraph(graph)).toBe(svg)
})

it('is the picture in the documentation, of the graph as it then was (RESIDUUM_PICTURES=1 draws it anew)', () => {
  const file = new URL('../../../docs/images/graph-training-step.svg', import.meta.url)
  if (process.env.RESIDUUM_PICTURES) writeFileSync(file, drawGraph(graph))
  const shown = readFileSync(file, 'utf8')
  for (const name of ['Tanh', 'MatMul', 'ReduceMean', 'loss', 'new state', 'input 64 × 2']) expect(shown).toContain(name)
})
