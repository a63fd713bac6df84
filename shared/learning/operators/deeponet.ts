import { activationNamed, denseLayer, initialStack, ofPrefix, withPrefix, type Parameters } from '../networks'
import { constantTensor } from '../random'
import { makeJet, multiplyJets, valueSpace, type Jet } from '../taylor'
import { add, expandDims, matMul, sum, type Tensor, type Tensors } from '../tf'
import type { OperatorModel } from './model'
import type { DeeponetOptions } from './deeponet-descriptor'

export interface DeeponetInput {
  /** [functions, sensors]. */
  readonly functions: Tensor
  /** [points, dimension], the same for all functions. */
  readonly points: Tensor
}

export interface Deeponet extends OperatorModel<DeeponetInput> {
  /** Output and its derivatives with respect to the place, for one function per point: functions [points, sensors], y a jet of the places. Width 1. For physics-informed training. */
  propagate(parameters: Tensors, functions: Tensor, y: Jet): Jet
}

/**
 * Σₖ branchₖ(f) trunkₖ(y) + b: dense layers with activation on all but the branch's last. [functions, points]. Parameters `branch.dense<i>`, `trunk.dense<i>`, `bias`.
 */
export function deeponet({ width, depth, activation, initialisation }: DeeponetOptions, { sensors, dimension }: { readonly sensors: number; readonly dimension: number }): Deeponet {
  const { apply } = activationNamed(activation)
  const widths = (inputs: number): number[] => [inputs, ...new Array<number>(depth).fill(width)]
  const stack = (parameters: Tensors, net: 'branch' | 'trunk', x: Jet): Jet => {
    const own = ofPrefix(net, parameters)
    let h = x
    for (let i = 0; i < depth; i++) {
      const z = denseLayer(own, `dense${i}`, h)
      h = net === 'branch' && i === depth - 1 ? z : apply(z)
    }
    return h
  }
  return {
    initialise: random => ({
      ...withPrefix('branch', initialStack(random.child('branch'), widths(sensors), initialisation)), ...withPrefix('trunk', initialStack(random.child('trunk'), widths(dimension), initialisation)),
      bias: constantTensor([1], 0),
    }) as Parameters,
    apply: (parameters, { functions, points }) => {
      const branch = stack(parameters, 'branch', valueSpace(sensors).seed(functions)).value
      const trunk = stack(parameters, 'trunk', valueSpace(dimension).seed(points)).value
      return add(matMul(branch, trunk, false, true), parameters.bias)
    },
    propagate: (parameters, functions, y) => {
      const coefficients = stack(parameters, 'branch', valueSpace(sensors).seed(functions)).value
      const product = multiplyJets(stack(parameters, 'trunk', y), makeJet(y.space, coefficients))
      return makeJet(y.space, add(expandDims(sum(product.value, 1), 1), parameters.bias), product.parts.map(part => part && expandDims(sum(part, 2), 2)))
    },
  }
}
