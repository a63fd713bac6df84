import { denseLayer, type Network, type Parameters } from '../networks'
import { constantTensor } from '../random'
import { joinJets, scaleJet } from '../taylor'
import { constant } from '../tf'

/** Names of the arrays of the scalars among those of the network. */
export const scalarArrays = { kernel: 'scalars.kernel', bias: 'scalars.bias' } as const

/**
 * The network (u_θ(x), λ) whose last outputs are trained scalars: a dense layer whose kernel is zero and stays so, λ_k = s_k b_k. A column of equal numbers for every point is what Gauss–Newton's Jacobian takes by one reverse
 * pass, as for any other bias. s_k, the size of the first value, makes all b_k start near one.
 */
export function withScalars(inner: Network, first: ArrayLike<number>): Network {
  const count = first.length
  const scales = Array.from(first, scaleOf)
  const arrays: Parameters = { [scalarArrays.kernel]: constantTensor([inner.inputs, count], 0), [scalarArrays.bias]: { shape: [count], values: Float64Array.from(first, (v, k) => v / scales[k]) } }
  return {
    inputs: inner.inputs, outputs: inner.outputs + count, fixed: [...inner.fixed, scalarArrays.kernel],
    initialise: random => ({ ...inner.initialise(random), ...arrays }),
    propagate: (parameters, x) => joinJets([inner.propagate(parameters, x), scaleJet(denseLayer(parameters, 'scalars', x), constant(scales, [1, count]))]),
  }
}

/** s of a scalar that begins at `first`. */
export const scaleOf = (first: number): number => Math.abs(first) || 1

/** λ in the arrays of such a network. */
export const scalarsIn = (arrays: Readonly<Record<string, ArrayLike<number>>>, first: ArrayLike<number>): Float64Array => Float64Array.from(arrays[scalarArrays.bias], (b, k) => b * scaleOf(first[k]))
