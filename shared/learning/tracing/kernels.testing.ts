import * as tfjs from '@tensorflow/tfjs-core'
import { numbers } from '../graph/examples.testing'
import type { ArrayType, Data, Shape } from '../graph/graph'
import { atan2, constant, div, einsum, equal, floorDiv, greater, greaterEqual, less, lessEqual, mod, mul, normalise, notEqual, periodicPad, pow, roll, squaredDifference, type Tensor } from '../tf'

type Given = ArrayType & { readonly data: Data }

/** A program that runs one kernel of tfjs, and the arrays to run it on. */
export interface KernelExample {
  readonly kernel: string
  readonly inputs: readonly Given[]
  readonly program: (...x: Tensor[]) => Tensor | Tensor[]
  /** Why there is no gradient to check. Default: every real input has one. */
  readonly flat?: string
  /** What of it tfjs cannot do eagerly on its own cpu backend, and why. */
  readonly eager?: { readonly lacks: 'gradient' | 'everything'; readonly reason: string }
}

const on = (kernel: string, inputs: readonly Given[], program: KernelExample['program'], rest: Partial<KernelExample> = {}): KernelExample => ({ kernel, inputs, program, ...rest })
const r = (shape: Shape, low = -1, high = 1, seed = 1): Given => numbers(shape, low, high, seed)
const i = (shape: Shape, ...data: number[]): Given => ({ type: 'integer', shape, data: Int32Array.from(data) })
const b = (shape: Shape, ...data: number[]): Given => ({ type: 'boolean', shape, data: Uint8Array.from(data) })
const four = (x: Tensor): tfjs.Tensor4D => x as tfjs.Tensor4D
const five = (x: Tensor): tfjs.Tensor5D => x as tfjs.Tensor5D
const steps = { flat: 'piecewise constant' } as const
const whole = { flat: 'no real input' } as const

const unary = (names: readonly string[], low: number, high: number, rest: Partial<KernelExample> = {}): KernelExample[] =>
  names.map(name => on(name, [r([2, 3], low, high)], x => tfjs.engine().runKernel(name, { x }) as Tensor, rest))

/** Piecewise constant functions inside a program that is differentiated: they must not stop it. */
const choosing: readonly KernelExample[] = [
  ...([['Greater', greater], ['GreaterEqual', greaterEqual], ['Less', less], ['LessEqual', lessEqual], ['Equal', equal], ['NotEqual', notEqual]] as const).map(([name, f]) => on(name, [r([2, 3]), r([3], -1, 1, 2)], (x, y) => tfjs.where(f(x, y), mul(x, 3), mul(y, x)))),
  on('LogicalAnd', [r([4]), r([4], -1, 1, 2)], (x, y) => tfjs.where(tfjs.logicalAnd(tfjs.logicalNot(greater(x, 0)), less(y, 0.5)), x, y)), on('LogicalOr', [r([4]), r([4], -1, 1, 2)], (x, y) => tfjs.where(tfjs.logicalOr(greater(x, 0), tfjs.isNaN(y)), x, y)),
  on('Cast', [r([4])], x => mul(x, tfjs.cast(greater(x, 0), 'float32'))), on('Cast', [r([4], -3, 3)], x => mul(x, tfjs.cast(tfjs.cast(x, 'int32'), 'float32'))), on('Floor', [r([4], -3, 3)], x => mul(x, tfjs.floor(x))),
  on('ArgMax', [r([3, 4])], x => mul(tfjs.sum(x), tfjs.cast(tfjs.argMax(x, 1), 'float32'))), on('Any', [r([3])], x => tfjs.where(tfjs.any(greater(x, 0)), x, mul(x, 2))),
]

const elementwise: readonly KernelExample[] = [
  ...unary(['Neg', 'Abs', 'Exp', 'Sin', 'Cos', 'Sinh', 'Cosh', 'Tanh', 'Sigmoid', 'Relu', 'Softplus', 'Erf', 'Atan', 'Square', 'Expm1', 'Asinh', 'Elu', 'Selu'], -2, 2), ...unary(['Identity'], -1, 1),
  ...unary(['Tan'], -1, 1), ...unary(['Asin', 'Acos', 'Atanh', 'Log1p'], -0.9, 0.9), ...unary(['Sqrt', 'Rsqrt', 'Log', 'Reciprocal'], 0.2, 3), ...unary(['Acosh'], 1.2, 4), ...unary(['Relu6'], -2, 9),
  ...unary(['Sign', 'Floor', 'Ceil', 'Round', 'ZerosLike', 'OnesLike'], -2, 2, steps),
  ...['IsNan', 'IsInf', 'IsFinite'].map(name => on(name, [{ type: 'real' as const, shape: [4], data: Float64Array.of(NaN, Infinity, 0, -Infinity) }], x => tfjs.engine().runKernel(name, { x }) as Tensor, steps)),
  on('OnesLike', [b([2], 0, 1)], x => tfjs.onesLike(x), whole), on('ZerosLike', [b([2], 0, 1)], x => tfjs.zerosLike(x), whole), on('LogicalNot', [b([2], 0, 1)], x => tfjs.logicalNot(x), whole),
  ...([['Add', tfjs.add], ['Sub', tfjs.sub], ['Multiply', tfjs.mul], ['Maximum', tfjs.maximum], ['Minimum', tfjs.minimum], ['SquaredDifference', squaredDifference]] as const).flatMap(([name, f]) => [
    on(name, [r([2, 3]), r([2, 3], -1, 1, 2)], (x, y) => f(x, y)), on(name, [r([2, 1, 3]), r([4, 1], -1, 1, 2)], (x, y) => f(x, y)), on(name, [i([2, 2], 3, -1, 2, 5), i([2], 2, 2)], (x, y) => f(x, y), whole),
  ]),
  on('RealDiv', [r([2, 3]), r([3], 0.5, 2, 2)], (x, y) => div(x, y)), on('RealDiv', [r([3]), r([2, 1], 0.5, 2, 2)], (x, y) => div(x, y)), on('Multiply', [r([3])], x => mul(x, 0.1)),
  on('Pow', [r([2, 3], 0.3, 2), r([3], -2, 2, 2)], (x, y) => pow(x, y)), on('Pow', [r([4], -2, 2)], x => pow(x, 3)),
  on('Mod', [r([5], -5, 5), r([5], 1, 2, 2)], (x, y) => mod(x, y)), on('Mod', [i([4], 7, -7, 6, -6), i([4], 3, 3, -4, -4)], (x, y) => mod(x, y), whole),
  on('FloorDiv', [i([4], 7, -7, 6, -6), i([4], 3, 3, -4, -3)], (x, y) => floorDiv(x, y), whole), on('FloorDiv', [r([4], -5, 5), r([4], 1, 2, 2)], (x, y) => floorDiv(x, y), steps),
  on('Atan2', [r([3, 4]), r([3, 4], -1, 1, 2)], (x, y) => atan2(x, y)), on('Atan2', [{ type: 'real', shape: [5], data: Float64Array.of(0, 0, 1, -1, 0) }, { type: 'real', shape: [5], data: Float64Array.of(1, -1, 0, 0, 0) }], (x, y) => atan2(x, y), { flat: 'at its cuts' }),
  ...([['Equal', equal], ['NotEqual', notEqual], ['Greater', greater], ['GreaterEqual', greaterEqual], ['Less', less], ['LessEqual', lessEqual]] as const).map(([name, f]) => on(name, [i([3, 1], 1, 2, 3), i([3], 1, 2, 3)], (x, y) => f(x, y), whole)),
  ...([['LogicalAnd', tfjs.logicalAnd], ['LogicalOr', tfjs.logicalOr]] as const).map(([name, f]) => on(name, [b([4], 0, 0, 1, 1), b([4], 0, 1, 0, 1)], (x, y) => f(x, y), whole)),
  on('LogicalXor', [b([4], 0, 0, 1, 1), b([4], 0, 1, 0, 1)], (x, y) => tfjs.engine().runKernel('LogicalXor', { a: x, b: y }) as Tensor, { ...whole, eager: { lacks: 'everything', reason: 'no kernel' } }),
  on('Select', [b([2, 3], 0, 1, 0, 1, 1, 0), r([2, 3]), r([2, 3], -1, 1, 2)], (c, x, y) => tfjs.where(c, x, y)), on('Select', [b([2, 1], 0, 1), r([2, 3]), r([3], -1, 1, 2)], (c, x, y) => tfjs.where(c, x, y)),
  on('Select', [b([2], 0, 1), b([2], 1, 1), b([2], 0, 0)], (c, x, y) => tfjs.where(c, x, y), whole),
  on('Cast', [r([4], -3, 3)], x => tfjs.cast(x, 'int32'), steps), on('Cast', [i([3], 0, 1, -2)], x => tfjs.cast(x, 'float32'), whole), on('Cast', [r([3])], x => tfjs.cast(x, 'bool'), steps),
  on('Step', [r([5], -2, 2)], x => tfjs.step(x, 0.25), steps), on('AddN', [r([3]), r([3], -1, 1, 2), r([3], -1, 1, 3)], (...x) => tfjs.addN(x)),
  on('ClipByValue', [r([6], -2, 2)], x => tfjs.clipByValue(x, -0.3, 1.1)), on('LeakyRelu', [r([6], -2, 2)], x => tfjs.leakyRelu(x, 0.3)), on('Prelu', [r([2, 3], -2, 2), r([3], 0.1, 0.9, 2)], (x, a) => tfjs.prelu(x, a)),
  on('EluGrad', [r([4]), r([4], -0.9, 2, 2)], (dy, y) => tfjs.engine().runKernel('EluGrad', { dy, y }) as Tensor, { flat: 'itself a gradient' }),
  on('Fill', [r([1])], x => mul(x, tfjs.fill([2, 2], 0.5))), on('Fill', [i([1], 1)], x => tfjs.logicalAnd(equal(x, 1), tfjs.fill([2], 1, 'bool' as 'int32')), whole),
]

const reductions: readonly KernelExample[] = [
  ...([['Sum', tfjs.sum], ['Mean', tfjs.mean], ['Max', tfjs.max], ['Min', tfjs.min], ['Prod', tfjs.prod]] as const).flatMap(([name, f]) => [
    on(name, [r([2, 3, 2], 0.5, 2)], x => f(x)), on(name, [r([2, 3, 2], 0.5, 2)], x => f(x, 1)), on(name, [r([2, 3, 2], 0.5, 2)], x => f(x, [0, 2], true)), on(name, [r([2, 3], 0.5, 2)], x => f(x, -1)),
  ]),
  on('Max', [{ type: 'real', shape: [3], data: Float64Array.of(2, 2, 1) }], x => tfjs.max(x), { flat: 'two greatest elements' }), on('Sum', [i([3], 1, 2, 3)], x => tfjs.sum(x), whole), on('Sum', [b([3], 1, 0, 1)], x => tfjs.sum(x), whole),
  on('Mean', [i([3], 1, 2, 4)], x => tfjs.mean(x), whole),
  on('All', [b([2, 2], 1, 1, 0, 1)], x => tfjs.all(x, 1), whole), on('Any', [b([2, 2], 0, 0, 0, 1)], x => tfjs.any(x, 1), whole),
  on('ArgMax', [r([3, 4])], x => tfjs.argMax(x, -1), steps), on('ArgMin', [r([3, 4])], x => tfjs.argMin(x, 0), steps), on('TopK', [r([2, 5])], x => tfjs.topk(x, 2).values), on('TopK', [r([2, 5])], x => tfjs.topk(x, 2).indices, steps),
  on('Cumsum', [r([3, 4])], x => tfjs.cumsum(x, 1)), on('Cumsum', [r([3, 2])], x => tfjs.cumsum(x, 0, true, true)), on('Cumprod', [r([3, 4])], x => tfjs.cumprod(x, 1), { flat: 'tfjs has none' }),
  on('Cumprod', [r([5])], x => tfjs.cumprod(x, 0, true, true), { flat: 'tfjs has none' }), on('Softmax', [r([3, 4], -4, 4)], x => tfjs.softmax(x)),
  on('LogSoftmax', [r([3, 4], -4, 4)], logits => tfjs.engine().runKernel('LogSoftmax', { logits }, { axis: -1 }) as Tensor, { eager: { lacks: 'everything', reason: 'no kernel' } }), on('Max', [r([3, 4], -4, 4)], x => tfjs.logSoftmax(x)),
  on('Max', [r([3, 4], -4, 4)], x => tfjs.logSumExp(x, 1)), on('Mean', [r([2, 5], -2, 2)], x => normalise(x)),
]

const arrangement: readonly KernelExample[] = [
  on('Reshape', [r([2, 6])], x => tfjs.reshape(x, [3, -1])), on('ExpandDims', [r([2, 3])], x => tfjs.expandDims(x, 1)), on('ExpandDims', [r([2, 3])], x => tfjs.expandDims(x, -1)), on('Transpose', [r([2, 3, 4])], x => tfjs.transpose(x, [2, 0, 1])),
  on('BroadcastTo', [r([3, 1])], x => tfjs.engine().runKernel('BroadcastTo', { x }, { shape: [3, 2], inputShape: [3, 1] }) as Tensor, { eager: { lacks: 'everything', reason: 'no kernel' } }), on('Tile', [r([3, 1])], x => tfjs.broadcastTo(x, [2, 3, 4])),
  on('Tile', [r([2, 3])], x => tfjs.tile(x, [2, 2])), on('Tile', [r([2, 1, 2])], x => tfjs.tile(x, [1, 3, 2])), on('Concat', [r([2, 3]), r([2, 1], -1, 1, 2)], (x, y) => tfjs.concat([x, y], -1)), on('Concat', [r([1, 2]), r([0, 2])], x => tfjs.concat([x, tfjs.zeros([0, 2])], 0), { flat: 'an empty input' }),
  on('Slice', [r([4, 5])], x => tfjs.slice(x, [1, 2], [2, -1])), on('Slice', [r([4, 5])], x => tfjs.slice(x, 1)), on('StridedSlice', [r([6, 5])], x => tfjs.stridedSlice(x, [1, 4], [6, 0], [2, -2])), on('StridedSlice', [r([6, 5])], x => tfjs.stridedSlice(x, [2, 1], [4, 4], [1, 1], 0, 2, 0, 0, 1)),
  on('StridedSlice', [r([7])], x => tfjs.stridedSlice(x, [6], [-8], [-3])), on('SplitV', [r([4, 6])], x => tfjs.split(x, [1, 3, 2], 1)), on('SplitV', [r([4, 6])], x => tfjs.split(x, 2, 0)), on('Pack', [r([2, 3]), r([2, 3], -1, 1, 2)], (x, y) => tfjs.stack([x, y], 1)),
  on('Unpack', [r([2, 3])], x => tfjs.unstack(x, 1)), on('Reverse', [r([3, 4])], x => tfjs.reverse(x, [0, 1])), on('Reverse', [r([3, 4])], x => tfjs.reverse(x, -1)), on('PadV2', [r([2, 3])], x => tfjs.pad(x, [[1, 0], [0, 2]])), on('PadV2', [r([2, 3])], x => tfjs.pad(x, [[1, 0], [2, 2]], 0.75)),
  on('MirrorPad', [r([3, 4])], x => tfjs.mirrorPad(x, [[2, 1], [0, 3]], 'reflect')), on('MirrorPad', [r([3, 4])], x => tfjs.mirrorPad(x, [[2, 1], [0, 4]], 'symmetric')), on('Concat', [r([3, 4])], x => periodicPad(x, [[2, 1], [0, 3]])), on('Concat', [r([5])], x => roll(x, 2, 0)), on('Concat', [r([2, 5])], x => roll(x, -6, 1)),
  on('SpaceToBatchND', [r([2, 3, 4, 2])], x => tfjs.spaceToBatchND(x, [2, 2], [[1, 0], [0, 0]])), on('BatchToSpaceND', [r([8, 2, 2, 1])], x => tfjs.batchToSpaceND(x, [2, 2], [[1, 0], [0, 1]])),
  on('DepthToSpace', [r([1, 2, 3, 8])], x => tfjs.depthToSpace(four(x), 2, 'NHWC')), on('DepthToSpace', [r([1, 8, 2, 3])], x => tfjs.depthToSpace(four(x), 2, 'NCHW'), { eager: { lacks: 'everything', reason: 'channels last only' } }),
  on('LinSpace', [r([5])], x => mul(x, tfjs.linspace(0, 1, 5)), {}), on('Range', [i([4], 1, 2, 3, 4)], x => mul(x, tfjs.range(0, 8, 2, 'int32')), whole), on('Range', [r([4])], x => mul(x, tfjs.engine().runKernel('Range', {}, { start: 0.1, stop: 0.5, step: 0.1, dtype: 'float32' }) as Tensor)),
]

const indexing: readonly KernelExample[] = [
  on('GatherV2', [r([4, 3])], x => tfjs.gather(x, tfjs.tensor1d([3, 0, 0, 1], 'int32'))), on('GatherV2', [r([2, 4, 2]), i([3], 1, 1, 2)], (x, j) => tfjs.gather(x, j as tfjs.Tensor1D, 1)), on('GatherV2', [r([4, 3]), i([2, 2], 1, 0, 3, 3)], (x, j) => tfjs.gather(x, j as tfjs.Tensor1D)),
  on('GatherV2', [r([2, 3, 4]), i([2, 2], 1, 0, 3, 3)], (x, j) => tfjs.gather(x, j as tfjs.Tensor1D, 2, 1)), on('GatherNd', [r([3, 4, 2]), i([2, 2], 0, 3, 2, 1)], (x, j) => tfjs.gatherND(x, j)), on('GatherNd', [r([3, 4])], x => tfjs.gatherND(x, tfjs.tensor2d([[1, 1], [1, 1], [2, 0]], [3, 2], 'int32'))),
  on('ScatterNd', [i([3, 1], 2, 0, 2), r([3, 2])], (j, x) => tfjs.scatterND(j, x, [4, 2])), on('ScatterNd', [r([2])], x => tfjs.scatterND(tfjs.tensor2d([[0, 2], [1, 1]], [2, 2], 'int32'), x, [2, 3])), on('ScatterNd', [i([3, 2], 1, 2, 0, 0, 1, 2), r([3])], (j, x) => tfjs.scatterND(j, x, [2, 3])),
  on('TensorScatterUpdate', [r([4, 2]), i([2, 1], 3, 1), r([2, 2], -1, 1, 2)], (x, j, u) => tfjs.tensorScatterUpdate(x, j, u), { eager: { lacks: 'gradient', reason: 'its kernel writes into its own input' } }),
  on('UnsortedSegmentSum', [r([4, 2]), i([4], 0, 2, 0, 1)], (x, s) => tfjs.unsortedSegmentSum(x, s as tfjs.Tensor1D, 3)), on('UnsortedSegmentSum', [r([4, 2])], x => tfjs.unsortedSegmentSum(x, tfjs.tensor1d([2, 2, 0, 2], 'int32'), 3)), on('UnsortedSegmentSum', [r([3])], x => tfjs.unsortedSegmentSum(x, tfjs.tensor1d([2, 0, 1], 'int32'), 3)),
  on('OneHot', [i([3], 2, 0, 1)], x => tfjs.oneHot(x, 3), whole), on('OneHot', [i([2], 2, 0)], x => tfjs.oneHot(x, 3, 5, -1, 'int32'), whole), on('OneHot', [i([2], 2, 0)], x => tfjs.oneHot(x, 3, 0.5, -1), whole),
]

const products: readonly KernelExample[] = [
  on('BatchMatMul', [r([2, 3]), r([3, 4], -1, 1, 2)], (x, y) => tfjs.matMul(x, y)), on('BatchMatMul', [r([2, 4, 3]), r([2, 5, 4], -1, 1, 2)], (x, y) => tfjs.matMul(x, y, true, true)), on('BatchMatMul', [r([3, 2]), r([3, 4], -1, 1, 2)], (x, y) => tfjs.matMul(x, y, true)),
  on('BatchMatMul', [r([2, 3]), r([4, 3], -1, 1, 2)], (x, y) => tfjs.matMul(x, y, false, true)),
  on('BatchMatMul', [r([2, 3, 4]), r([4, 5], -1, 1, 2)], (x, y) => einsum('bix,xo->bio', x, y)), on('BatchMatMul', [r([2, 3, 4]), r([4, 3], -1, 1, 2), r([2], -1, 1, 3)], (x, y, z) => einsum('bij,jk,b->ki', x, y, z)), on('Multiply', [r([2]), r([3], -1, 1, 2)], (x, y) => einsum('i,j->ji', x, y)),
  on('BatchMatMul', [r([2, 3, 4]), r([3, 4, 2], -1, 1, 2)], (x, y) => einsum('aij,ija', x, y)), on('Sum', [r([2, 3])], x => einsum('ij->j', x)),
  ...(['linear', 'relu', 'sigmoid', 'elu', 'relu6'] as const).map(activation => on('_FusedMatMul', [r([2, 3]), r([3, 4], -1, 1, 2), r([4], -1, 1, 3)], (a, w, bias) => tfjs.fused.matMul({ a, b: w, bias, activation }))),
  on('_FusedMatMul', [r([2, 3]), r([3, 4], -1, 1, 2), r([4], 0.1, 0.5, 3)], (a, w, preluActivationWeights) => tfjs.fused.matMul({ a, b: w, activation: 'prelu', preluActivationWeights }), { flat: 'not fused where gradients are taken' }),
  on('_FusedMatMul', [r([2, 3]), r([3, 4], -1, 1, 2)], (a, w) => tfjs.fused.matMul({ a, b: w, activation: 'leakyrelu', leakyreluAlpha: 0.3 }), { flat: 'not fused where gradients are taken' }),
]

const conv = (pad: 'same' | 'valid' | number, strides: number, dilations = 1) => (x: Tensor, w: Tensor): Tensor => tfjs.conv2d(four(x), four(w), strides, pad, 'NHWC', dilations)
const noDilatedGradient = { eager: { lacks: 'gradient', reason: 'tfjs has none of dilated convolutions' } } as const

const convolutions: readonly KernelExample[] = [
  on('Conv2D', [r([2, 5, 4, 2]), r([3, 2, 2, 3], -1, 1, 2)], conv('same', 1)), on('Conv2D', [r([1, 6, 5, 2]), r([3, 3, 2, 2], -1, 1, 2)], conv('valid', 2)), on('Conv2D', [r([1, 6, 7, 1]), r([3, 2, 1, 2], -1, 1, 2)], conv('valid', 1, 2), noDilatedGradient),
  on('Conv2D', [r([2, 3, 4, 3]), r([1, 1, 3, 2], -1, 1, 2)], conv('same', 1)), on('Conv2D', [r([1, 4, 6, 2]), r([2, 2, 2, 3], -1, 1, 2)], conv('valid', 2)), on('Conv2D', [r([1, 5, 5, 1]), r([2, 2, 1, 2], -1, 1, 2)], conv('same', 2)), on('Conv2D', [r([1, 5, 6, 1]), r([3, 3, 1, 1], -1, 1, 2)], conv(2, 3)),
  on('Conv2D', [r([1, 2, 4, 5]), r([3, 2, 2, 3], -1, 1, 2)], (x, w) => tfjs.conv2d(four(x), four(w), 1, 'same', 'NCHW')), on('Conv2D', [r([2, 7, 2]), r([3, 2, 3], -1, 1, 2)], (x, w) => tfjs.conv1d(x as tfjs.Tensor3D, w as tfjs.Tensor3D, 2, 'same')),
  on('Conv2DBackpropInput', [r([1, 3, 3, 2]), r([3, 3, 2, 2], -1, 1, 2)], (x, w) => tfjs.conv2dTranspose(four(x), four(w), [1, 6, 6, 2], 2, 'same')), on('Conv2DBackpropInput', [r([1, 3, 2, 2]), r([2, 2, 3, 2], -1, 1, 2)], (x, w) => tfjs.conv2dTranspose(four(x), four(w), [1, 6, 4, 3], 2, 'valid')),
  on('Conv2DBackpropInput', [r([1, 3, 2, 2]), r([3, 2, 1, 2], -1, 1, 2)], (x, w) => tfjs.conv2dTranspose(four(x), four(w), [1, 5, 3, 1], 1, 'valid')),
  on('Conv3D', [r([1, 3, 4, 3, 2]), r([2, 2, 3, 2, 2], -1, 1, 2)], (x, w) => tfjs.conv3d(five(x), five(w), 1, 'same')), on('Conv3D', [r([1, 4, 4, 5, 1]), r([2, 3, 2, 1, 2], -1, 1, 2)], (x, w) => tfjs.conv3d(five(x), five(w), 2, 'valid')),
  on('Conv3DBackpropInputV2', [r([1, 2, 2, 2, 2]), r([2, 3, 2, 1, 2], -1, 1, 2)], (x, w) => tfjs.conv3dTranspose(five(x), five(w), [1, 4, 4, 4, 1], 2, 'same')),
  on('Conv2DBackpropFilter', [r([1, 5, 4, 2]), r([1, 5, 4, 3], -1, 1, 2)], (x, dy) => tfjs.engine().runKernel('Conv2DBackpropFilter', { x, dy }, { strides: [1, 1], pad: 'same', dataFormat: 'NHWC', filterShape: [3, 3, 2, 3] }) as Tensor, { flat: 'itself a gradient' }),
  on('Conv3DBackpropFilterV2', [r([1, 3, 4, 3, 2]), r([1, 3, 4, 3, 1], -1, 1, 2)], (x, dy) => tfjs.engine().runKernel('Conv3DBackpropFilterV2', { x, dy }, { strides: [1, 1, 1], pad: 'same', filterShape: [2, 3, 2, 2, 1] }) as Tensor, { flat: 'itself a gradient' }),
  on('DepthwiseConv2dNative', [r([2, 4, 5, 2]), r([3, 2, 2, 2], -1, 1, 2)], (x, w) => tfjs.depthwiseConv2d(four(x), four(w), 1, 'same')), on('DepthwiseConv2dNative', [r([1, 5, 5, 3]), r([3, 3, 3, 1], -1, 1, 2)], (x, w) => tfjs.depthwiseConv2d(four(x), four(w), 2, 'valid')),
  on('DepthwiseConv2dNativeBackpropInput', [r([1, 4, 4, 2]), r([3, 3, 2, 1], -1, 1, 2)], (dy, filter) => tfjs.engine().runKernel('DepthwiseConv2dNativeBackpropInput', { dy, filter }, { strides: [1, 1], pad: 'same', dilations: [1, 1], inputShape: [1, 4, 4, 2] }) as Tensor, { flat: 'itself a gradient' }),
  on('DepthwiseConv2dNativeBackpropFilter', [r([1, 4, 4, 2]), r([1, 4, 4, 2], -1, 1, 2)], (x, dy) => tfjs.engine().runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, { strides: [1, 1], pad: 'same', dilations: [1, 1], filterShape: [3, 3, 2, 1] }) as Tensor, { flat: 'itself a gradient' }),
  ...(['linear', 'relu', 'leakyrelu'] as const).map(activation => on('FusedConv2D', [r([1, 4, 4, 2]), r([3, 3, 2, 3], -1, 1, 2), r([3], -1, 1, 3)], (x, w, bias) => tfjs.fused.conv2d({ x: four(x), filter: four(w), strides: 1, pad: 'same', bias, activation, leakyreluAlpha: 0.25 }), activation === 'leakyrelu' ? { flat: 'tfjs writes its factor through float32' } : {})),
  on('FusedDepthwiseConv2D', [r([1, 4, 4, 2]), r([3, 3, 2, 1], -1, 1, 2), r([2], -1, 1, 3)], (x, w, bias) => tfjs.fused.depthwiseConv2d({ x: four(x), filter: four(w), strides: 1, pad: 'same', bias, activation: 'relu' })),
]

const asGradient = (kernel: string, inputs: readonly Given[], attributes: object, names: readonly string[]): KernelExample =>
  on(kernel, inputs, (...x) => tfjs.engine().runKernel(kernel, Object.fromEntries(names.map((name, n) => [name, x[n]])), attributes as tfjs.NamedAttrMap) as Tensor, { flat: 'itself a gradient' })

const countsPadding = { eager: { lacks: 'gradient', reason: 'tfjs counts padding in the gradient, though not in the mean' } } as const

const pooling: readonly KernelExample[] = [
  on('MaxPool', [r([2, 4, 6, 2])], x => tfjs.maxPool(four(x), 2, 2, 'valid')), on('MaxPool', [r([1, 5, 5, 2])], x => tfjs.maxPool(four(x), 3, 2, 'same')), on('MaxPool', [r([1, 4, 5, 1])], x => tfjs.maxPool(four(x), [2, 3], 1, 'valid')),
  on('AvgPool', [r([2, 4, 6, 2])], x => tfjs.avgPool(four(x), 2, 2, 'valid')), on('AvgPool', [r([1, 5, 5, 2])], x => tfjs.avgPool(four(x), 3, 2, 'same'), countsPadding), on('AvgPool', [r([1, 4, 5, 1])], x => tfjs.avgPool(four(x), [2, 3], 1, 'valid')),
  on('MaxPool3D', [r([1, 4, 4, 2, 2])], x => tfjs.maxPool3d(five(x), 2, 2, 'valid')), on('AvgPool3D', [r([1, 4, 4, 2, 2])], x => tfjs.avgPool3d(five(x), 2, 2, 'valid')), on('AvgPool3D', [r([1, 3, 4, 3, 1])], x => tfjs.avgPool3d(five(x), 2, 1, 'same'), countsPadding),
  asGradient('MaxPoolGrad', [r([1, 2, 2, 1]), r([1, 4, 4, 1], -1, 1, 2), r([1, 2, 2, 1])], { filterSize: 2, strides: 2, pad: 'valid' }, ['dy', 'input', 'output']),
  asGradient('MaxPool3DGrad', [r([1, 2, 2, 2, 1]), r([1, 4, 4, 4, 1], -1, 1, 2), r([1, 2, 2, 2, 1])], { filterSize: 2, strides: 2, pad: 'valid' }, ['dy', 'input', 'output']),
  asGradient('AvgPoolGrad', [r([1, 2, 2, 1]), r([1, 4, 4, 1], -1, 1, 2)], { filterSize: 2, strides: 2, pad: 'valid' }, ['dy', 'input']), asGradient('AvgPool3DGrad', [r([1, 2, 2, 2, 1]), r([1, 4, 4, 4, 1], -1, 1, 2)], { filterSize: 2, strides: 2, pad: 'valid' }, ['dy', 'input']),
  ...([[[7, 3], false, false], [[7, 3], true, false], [[8, 10], false, true]] as const).flatMap(([size, align, half]) => [
    on('ResizeBilinear', [r([1, 4, 5, 2])], x => tfjs.image.resizeBilinear(four(x), [...size], align, half)),
    on('ResizeNearestNeighbor', [r([1, 4, 5, 2])], x => tfjs.image.resizeNearestNeighbor(four(x), [...size], align, half)),
  ]),
  on('FusedBatchNorm', [r([1, 2, 2, 3]), r([3], -1, 1, 2), r([3], 0.5, 2, 3), r([3], -1, 1, 4), r([3], 0.5, 2, 5)], (x, mean, variance, offset, scale) => tfjs.batchNorm(x, mean as tfjs.Tensor1D, variance as tfjs.Tensor1D, offset as tfjs.Tensor1D, scale as tfjs.Tensor1D, 0.25)),
  on('Multiply', [r([2])], x => mul(x, constant([0.1, 0.2]))),
]

export const kernelExamples: readonly KernelExample[] = [elementwise, choosing, reductions, arrangement, indexing, products, convolutions, pooling].flat()

export const exampleTitle = ({ kernel, inputs }: KernelExample, at: number): string => `${kernel} (${at}) on ${inputs.map(x => `${x.type}[${x.shape.join(', ')}]`).join(', ')}`
