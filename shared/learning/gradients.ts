import * as tfjs from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { error, FaultError } from '../fault'
import type { Tensor, Tensors } from './tracing/trace'

/**
 * A scalar function of named parameters and its gradient by one reverse pass of tfjs: {value, gradients} with the parameters' names and shapes.
 * `aux` carries further results of the same forward pass out. Throws FaultError `gradient-unused` when a parameter does not reach the value.
 */
export function valueAndGradients<A extends Tensors = Record<never, Tensor>>(loss: (parameters: Tensors) => { readonly value: Tensor; readonly aux?: A }, parameters: Tensors): { readonly value: Tensor; readonly gradients: Tensors; readonly aux: A } {
  const names = Object.keys(parameters)
  let aux = {} as A
  const run = tfjs.valueAndGrads((...tensors: Tensor[]) => {
    const result = loss(Object.fromEntries(names.map((name, i) => [name, tensors[i]])))
    aux = result.aux ?? aux
    for (const kept of Object.values(aux)) tfjs.keep(kept)
    return result.value as tfjs.Scalar
  })
  try {
    const { value, grads } = run(names.map(name => parameters[name]))
    return { value, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]])), aux }
  } catch (reason) {
    const place = /x\[?(\d+)?\]?.* not connected|Cannot compute gradient of y=f\(x\)/.exec((reason as Error).message)
    if (!place) throw reason
    throw new FaultError(error('gradient-unused', `A parameter among ${names.join(', ')} does not reach the loss, so it has no gradient.`, { tip: 'Leave it out of the parameters that are trained.' }))
  }
}

/**
 * An elementwise function whose derivative is known: `rule` gives f(x) and f′(x), and the reverse pass multiplies by f′(x) instead of going through f's own operations.
 * What the two share is computed once in a compiled graph. Cannot be differentiated twice in reverse mode.
 */
export function withGradient(x: Tensor, rule: (x: Tensor) => { readonly value: Tensor; readonly slope: Tensor }): Tensor {
  const differentiable = tfjs.customGrad((...given: (Tensor | tfjs.GradSaveFunc)[]) => {
    const [argument, save] = given as [Tensor, tfjs.GradSaveFunc]
    const { value, slope } = rule(argument)
    save([slope])
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => tfjs.mul(dy, saved[0]) }
  })
  return differentiable(x)
}
