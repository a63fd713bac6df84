import type { Value } from '../../graph/graph'
import type { Recorder, TracedKernels } from '../recorder'
import { transposed } from './arrange'
import { elu, leaky } from './functions'

/** Matrix products, also with bias and activation. */
export const matrixKernels: TracedKernels = {
  BatchMatMul: ({ a, b }, attrs, r) => product(a, b, attrs, r),
  _FusedMatMul: ({ a, b, bias, preluActivationWeights }, attrs, r) => {
    const plain = product(a, b, attrs, r)
    return activated(bias ? r.node('Add', [plain, bias]) : plain, attrs, preluActivationWeights, r)
  },
}

const product = (a: Value, b: Value, { transposeA, transposeB }: Readonly<Record<string, unknown>>, r: Recorder): Value =>
  r.node('MatMul', [transposeA ? swapped(a, r) : a, transposeB ? swapped(b, r) : b])

const swapped = (x: Value, r: Recorder): Value => {
  const rank = x.shape.length
  return transposed(x, [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2), r)
}

/** tfjs's activation of fused kernels by name. */
export function activated(x: Value, { activation, leakyreluAlpha }: Readonly<Record<string, unknown>>, weights: Value | undefined, r: Recorder): Value {
  if (activation === 'relu') return r.node('Relu', [x])
  if (activation === 'relu6') return r.node('Min', [r.node('Relu', [x]), r.real(6)])
  if (activation === 'elu') return elu(x, r)
  if (activation === 'sigmoid') return r.node('Sigmoid', [x])
  if (activation === 'leakyrelu') return leaky(x, r.real(leakyreluAlpha as number), r)
  return activation === 'prelu' ? leaky(x, weights!, r) : x
}
