/** Programs of the learning benches: one Adam step, and inference. */
import type { Libm } from '../../shared/expressions/libm'
import { compile, type Program } from '../../shared/learning/compile'
import { valueAndGradients } from '../../shared/learning/gradients'
import type { Precision } from '../../shared/learning/graph/graph'
import { adam } from '../../shared/learning/optimizers/adam'
import { constantRate, trainingProgram, type Loss } from '../../shared/learning/optimizers'
import { constant } from '../../shared/learning/tf'
import type { StepFunction } from '../../shared/learning/tracing/trace'
import type { Arrays } from './formula'
import type { BenchModel } from './model'

export interface ProgramOptions {
  readonly precision: Precision
  readonly libm: Libm
  readonly parameters: Arrays
  readonly stepsPerCall?: number
  /** Return the gradients as outputs `gradient.NAME` too. */
  readonly gradients?: boolean
}

const shapes = (arrays: Arrays) => Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]))

/** One Adam step: state in and out, `loss` out, data in. */
export function adamProgram(model: BenchModel, data: Arrays, { precision, libm, parameters, stepsPerCall, gradients: shown }: ProgramOptions): Program {
  const arranged = arrange(model, parameters)
  const optimizer = adam.build({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, constantRate(1e-3))
  const loss: Loss = (p, inputs) => ({ value: model.loss(p, inputs) })
  const { state, step } = trainingProgram({ loss, parameters: arranged, optimizer })
  const withGradients: StepFunction = (current, inputs) => {
    const { gradients } = valueAndGradients(p => loss(p, inputs), Object.fromEntries(Object.keys(arranged).map(name => [name, current[name]])))
    const { state: next, outputs } = step(current, inputs)
    return { state: next, outputs: { ...outputs, ...Object.fromEntries(Object.entries(gradients).map(([name, g]) => [`gradient.${name}`, g])) } }
  }
  return compile(shown ? withGradients : step, { precision, state, inputs: shapes(data), stepsPerCall, libm })
}

const arrange = (model: BenchModel, parameters: Arrays): Arrays => model.arranged?.(parameters) ?? parameters

/** Inference with the parameters as constants of the graph, as in an exported model. */
export function inferenceProgram(model: BenchModel, data: Arrays, { precision, libm, parameters }: ProgramOptions): Program {
  const inputs = Object.fromEntries(model.outputData.map(name => [name, data[name].shape]))
  const fixed = () => Object.fromEntries(Object.entries(arrange(model, parameters)).map(([name, { values, shape }]) => [name, constant(values, shape)]))
  return compile((_, given) => ({ outputs: { output: model.output(fixed(), given) } }), { precision, inputs, libm })
}
