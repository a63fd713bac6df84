import type { RandomStream } from '../random'
import type { Parameters } from '../networks'
import type { Tensor, Tensors } from '../tf'

/** A map between sampled functions with parameters. Fields are [batch, …space, channel], the last axis of space is x; what else a model takes, its own type says. */
export interface OperatorModel<Input = Tensor> {
  initialise(random: RandomStream): Parameters
  apply(parameters: Tensors, input: Input): Tensor
}
