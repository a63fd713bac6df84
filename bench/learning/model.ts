import type { Tensor, Tensors } from '../../shared/learning/tf'
import type { Arrays, ParameterShape } from './formula'

export type Size = 'full' | 'tiny'

/** One architecture of the benches at one size, as bench/peers/README.md fixes it; the counterpart of the Python module of its name. */
export interface BenchModel {
  readonly parameters: readonly ParameterShape[]
  /** The same parameters in the model's own arrangement, where it differs. */
  arranged?(parameters: Arrays): Arrays
  data(seed: number): Arrays
  loss(parameters: Tensors, data: Tensors): Tensor
  /** What is compared and timed as inference. */
  output(parameters: Tensors, data: Tensors): Tensor
  /** The data that `output` needs. */
  readonly outputData: readonly string[]
}
