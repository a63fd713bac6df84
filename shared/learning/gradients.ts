import * as tfjs from '@tensorflow/tfjs-core'
import { error, FaultError } from '../fault'
import { registerGradients } from './tracing/gradients'
import { backwardFault } from './tracing/faults'
import type { Tensor, Tensors } from './tracing/trace'

/**
 * A scalar function of named parameters and its gradient by one reverse pass of tfjs: {value, gradients} with the parameters' names and shapes.
 * `aux` carries further results of the same forward pass out. Throws FaultErrors `gradient-unused` naming the parameters that do not reach the value,
 * `gradient-scalar` for a value that is not one number, `gradient-missing` for an operation without a gradient. With `unused: 'zero'` what does not reach the value has the gradient 0
 * (the last bias of a network whose statement fixes only derivatives).
 */
export function valueAndGradients<A extends Tensors = Record<never, Tensor>>(loss: (parameters: Tensors) => { readonly value: Tensor; readonly aux?: A }, parameters: Tensors, { unused: missing = 'refuse' }: { readonly unused?: 'refuse' | 'zero' } = {}): { readonly value: Tensor; readonly gradients: Tensors; readonly aux: A } {
  registerGradients()
  const names = Object.keys(parameters)
  let aux = {} as A
  const run = (): Tensor => {
    const result = loss(parameters)
    aux = result.aux ?? aux
    for (const kept of Object.values(aux)) tfjs.keep(kept)
    if (result.value.size !== 1) throw new FaultError(error('gradient-scalar', `The value to be differentiated has the shape [${result.value.shape.join(', ')}]; it must be one number.`, { tip: 'Take its mean or sum.' }))
    return result.value
  }
  try {
    const { value, grads } = tfjs.engine().gradients(run, names.map(name => parameters[name]), undefined, true)
    const unused = names.filter((_, i) => !grads[i])
    if (unused.length > 0 && missing === 'refuse') {
      const [subject, verb, it] = unused.length === 1 ? ['parameter', 'does', 'It has'] : ['parameters', 'do', 'They have']
      throw new FaultError(error('gradient-unused', `The ${subject} ${unused.join(', ')} ${verb} not reach the loss. ${it} no gradient.`, { tip: 'Leave what is not used out of the parameters that are trained.' }))
    }
    return { value, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i] ?? tfjs.zerosLike(parameters[name])])), aux }
  } catch (reason) {
    forgetTape()
    throw backwardFault(reason)
  }
}

/** What a broken reverse pass had saved is given back; tfjs itself only does so at the end of a whole one. */
function forgetTape(): void {
  const { state } = tfjs.engine()
  if (state.gradientDepth > 0 || !state.activeTape) return
  for (const { saved } of state.activeTape) for (const tensor of saved ?? []) tensor.dispose()
  state.activeTape = []
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
