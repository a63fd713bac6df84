import * as tfjs from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, expect, it } from 'vitest'
import { eagerBackend } from '../../../../electron/engine/learning/eager'
import { FaultError } from '../../../fault'
import { numbers } from '../../graph/examples.testing'
import { valueAndGradients } from '../../gradients'
import { avgPool, avgPool3d, conv2d, conv3d, gather, matMul, max, maxPool, maxPool3d, maximum, mul, prod, relu, resizeBilinear, scatterND, square, sum, tile, topk, type Tensor } from '../../tf'

beforeAll(async () => {
  await eagerBackend.load({ threads: 1 })
})

const tensor = (shape: readonly number[], seed = 1): Tensor => tfjs.tensor(Float32Array.from(numbers(shape, -1, 1, seed).data), [...shape])
const four = (x: Tensor): tfjs.Tensor4D => x as tfjs.Tensor4D

/** Gradients of the sum of squares, on a backend of tfjs. */
async function gradientsOn(backend: string, loss: (...x: Tensor[]) => Tensor, shapes: readonly (readonly number[])[]): Promise<number[][]> {
  expect(await tfjs.setBackend(backend)).toBe(true)
  return tfjs.tidy(() => {
    const given = Object.fromEntries(shapes.map((shape, i) => [`x${i}`, tensor(shape, i + 1)]))
    const { gradients } = valueAndGradients(p => ({ value: sum(square(loss(...shapes.map((_, i) => p[`x${i}`])))) }), given)
    return Object.values(gradients).map(g => Array.from(g.dataSync())) as unknown as tfjs.TensorContainer
  }) as unknown as number[][]
}

const programs: Readonly<Record<string, { readonly shapes: readonly (readonly number[])[]; readonly loss: (...x: Tensor[]) => Tensor }>> = {
  'a convolution': { shapes: [[2, 6, 5, 2], [3, 2, 2, 3]], loss: (x, w) => relu(conv2d(four(x), four(w), 1, 'same')) },
  'a convolution with strides': { shapes: [[1, 7, 6, 2], [3, 3, 2, 2]], loss: (x, w) => conv2d(four(x), four(w), 2, 'valid') },
  'greatest of windows': { shapes: [[1, 4, 4, 2]], loss: x => maxPool(four(x), 2, 2, 'valid') },
  'greatest of boxes': { shapes: [[1, 4, 4, 2, 2]], loss: x => maxPool3d(x as tfjs.Tensor5D, 2, 2, 'valid') },
  'means of boxes': { shapes: [[1, 4, 4, 2, 2]], loss: x => avgPool3d(x as tfjs.Tensor5D, 2, 2, 'valid') },
  'means of windows': { shapes: [[1, 4, 4, 2]], loss: x => avgPool(four(x), 2, 2, 'valid') },
  'gathers': { shapes: [[4, 3]], loss: x => gather(x, tfjs.tensor1d([2, 0, 2], 'int32')) },
  'scatters': { shapes: [[3, 2]], loss: x => scatterND(tfjs.tensor2d([[0], [3], [0]], [3, 1], 'int32'), x, [4, 2]) },
  'broadcasting': { shapes: [[3, 1], [4]], loss: (x, y) => mul(tile(maximum(x, y), [1, 2]), 0.3) },
  'reductions': { shapes: [[3, 4]], loss: x => mul(prod(x, 1), max(x, 1)) },
  'resizing': { shapes: [[1, 3, 4, 2]], loss: x => resizeBilinear(x, [5, 2]) },
  'the greatest': { shapes: [[2, 5]], loss: x => topk(x, 2).values },
  'stacks of products': { shapes: [[2, 3, 4], [2, 4, 2]], loss: (x, y) => matMul(x, y) },
}

it.each(Object.keys(programs))('gradients of %s are the same on both of tfjs\'s backends', async name => {
  const { loss, shapes } = programs[name]
  const [wasm, cpu] = [await gradientsOn('wasm', loss, shapes), await gradientsOn('cpu', loss, shapes)]
  expect(wasm.map(g => g.length)).toEqual(shapes.map(shape => shape.reduce((n, m) => n * m, 1)))
  wasm.forEach((g, i) => g.forEach((value, j) => expect(Math.abs(value - cpu[i][j])).toBeLessThan(2e-5)))
})

it('equal greatest elements share their gradient', async () => {
  await tfjs.setBackend('cpu')
  const { gradients } = valueAndGradients(p => ({ value: sum(max(p.x, 1)) }), { x: tfjs.tensor2d([[2, 1, 2], [0, 3, 1]]) })
  expect(Array.from(gradients.x.dataSync())).toEqual([0.5, 0, 0.5, 0, 1, 0])
})

it('refuses gradients that tfjs gets wrong in WebAssembly', async () => {
  await tfjs.setBackend('wasm')
  expect(() => valueAndGradients(p => ({ value: sum(maxPool(four(p.x), 3, 1, 'same')) }), { x: tensor([1, 4, 4, 1]) })).toThrow('overlapping')
  expect(() => valueAndGradients(p => ({ value: sum(conv3d(p.x as tfjs.Tensor5D, p.w as tfjs.Tensor5D, 1, 'same')) }), { x: tensor([1, 3, 4, 3, 2]), w: tensor([2, 2, 3, 2, 2]) })).toThrow('three-dimensional')
})

it('refuses the gradient of a dilated convolution eagerly rather than giving a wrong one', async () => {
  await tfjs.setBackend('cpu')
  expect(() => valueAndGradients(p => ({ value: sum(conv2d(four(p.x), four(p.w), 1, 'valid', 'NHWC', 2)) }), { x: tensor([1, 6, 6, 1]), w: tensor([2, 2, 1, 1]) })).toThrow(FaultError)
})
