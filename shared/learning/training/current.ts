import type { Libm } from '../../expressions/libm'
import { compile } from '../compile'
import type { Precision, Shape } from '../graph/graph'
import type { Network, Parameters } from '../networks'
import type { LearningRuntime, RunData } from '../runtime'
import type { Tensors } from '../tf'
import type { NetworkArrays, StepInputs } from './feed'
import { inputsOf, type TrainingForm } from './form'

/** What something is measured of while a network is trained. */
export interface MeasuredTask {
  readonly network: Network
  /** All arrays of the network; only their shapes count. */
  readonly initial: Parameters
  readonly trained: readonly string[]
  readonly form: TrainingForm
  readonly precision: Precision
  readonly runtime: LearningRuntime
  readonly libm: Libm
}

/** A number or more of the network as it is, at the inputs of a step. Compiled when it is first asked for. */
export type Measurement = (parameters: NetworkArrays, inputs: StepInputs) => Promise<Readonly<Record<string, RunData>>>

/** @param measured of the network's arrays and the inputs of the form, all by name; `further` inputs beside them */
export function measurement({ initial, form, precision, runtime, libm }: Pick<MeasuredTask, 'initial' | 'form' | 'precision' | 'runtime' | 'libm'>, measured: (given: Tensors) => Tensors, further: Readonly<Record<string, Shape>> = {}): Measurement {
  const shapes = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape]))
  let execution: ReturnType<LearningRuntime['prepare']> | undefined
  return async (parameters, inputs) => {
    execution ??= runtime.prepare(compile((_, given) => ({ outputs: measured(given) }), { precision, inputs: { ...shapes, ...inputsOf(form), ...further }, libm }))
    return (await execution).run({ ...inputs, ...parameters })
  }
}
