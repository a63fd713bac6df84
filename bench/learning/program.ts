/** Programs of the learning benches: one Adam step, and inference. */
import type { Libm } from '../../shared/expressions/libm'
import { compile, type Program } from '../../shared/learning/compile'
import { valueAndGradients } from '../../shared/learning/gradients'
import type { Precision } from '../../shared/learning/graph/graph'
import { add, constant, div, mul, sqrt, square, sub, type Tensor, type Tensors } from '../../shared/learning/tf'
import type { Arrays, NumericArray } from './formula'
import type { BenchModel } from './model'

const [rate, beta1, beta2, epsilon] = [1e-3, 0.9, 0.999, 1e-8]

/**
 * Adam (Kingma & Ba 2015, arXiv 1412.6980) as PyTorch computes it, arranged for few passes over memory: the moments are kept as m/(1 − β₁) and v/(1 − β₂), and all corrections go into two
 * scalars. `correction1` and `correction2` are 1 − β₁ᵗ and 1 − β₂ᵗ, carried without cancellation.
 */
function adam(state: Tensors, gradients: Tensors): Tensors {
  const [c1, c2] = [add(mul(state.correction1, beta1), 1 - beta1), add(mul(state.correction2, beta2), 1 - beta2)]
  const scale = sqrt(div(c2, 1 - beta2))
  const [factor, offset] = [mul(div(rate * (1 - beta1), c1), scale), mul(scale, epsilon)]
  const next: Record<string, Tensor> = { correction1: c1, correction2: c2 }
  for (const [name, g] of Object.entries(gradients)) {
    const m = add(mul(state[`first.${name}`], beta1), g)
    const v = add(mul(state[`second.${name}`], beta2), square(g))
    next[`first.${name}`] = m
    next[`second.${name}`] = v
    next[name] = sub(state[name], mul(factor, div(m, add(sqrt(v), offset))))
  }
  return next
}

export interface ProgramOptions {
  readonly precision: Precision
  readonly libm: Libm
  readonly parameters: Arrays
  readonly stepsPerCall?: number
  /** Return the gradients as outputs `gradient.NAME` too. */
  readonly gradients?: boolean
}

const shapes = (arrays: Arrays) => Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]))

/** One training step: state in and out, `loss` out, data in. */
export function trainingProgram(model: BenchModel, data: Arrays, { precision, libm, parameters: initial, stepsPerCall, gradients: withGradients }: ProgramOptions): Program {
  const names = Object.keys(initial)
  const state: Record<string, NumericArray> = { ...initial, correction1: zeros([]), correction2: zeros([]) }
  for (const name of names) for (const moment of ['first', 'second']) state[`${moment}.${name}`] = zeros(initial[name].shape)
  const step = (current: Tensors, inputs: Tensors) => {
    const parameters = Object.fromEntries(names.map(name => [name, current[name]]))
    const { value, gradients } = valueAndGradients(p => ({ value: model.loss(p, inputs) }), parameters)
    const outputs: Tensors = { loss: value, ...(withGradients ? Object.fromEntries(names.map(name => [`gradient.${name}`, gradients[name]])) : {}) }
    return { state: adam(current, gradients), outputs }
  }
  return compile(step, { precision, state, inputs: shapes(data), stepsPerCall, libm })
}

const zeros = (shape: readonly number[]): NumericArray => ({ shape, values: new Float64Array(shape.reduce((p, n) => p * n, 1)) })

/** Inference with the parameters as constants of the graph, as in an exported model. */
export function inferenceProgram(model: BenchModel, data: Arrays, { precision, libm, parameters }: ProgramOptions): Program {
  const inputs = Object.fromEntries(model.outputData.map(name => [name, data[name].shape]))
  const fixed = () => Object.fromEntries(Object.entries(parameters).map(([name, { values, shape }]) => [name, constant(values, shape)]))
  return compile((_, given) => ({ outputs: { output: model.output(fixed(), given) } }), { precision, inputs, libm })
}
