import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { activationNamed, activationOption, denseLayer, initialisationOption, initialStack, ofPrefix, withPrefix, type Parameters } from '../networks'
import { constantTensor } from '../random'
import { makeJet, multiplyJets, valueSpace, type Jet } from '../taylor'
import { add, expandDims, matMul, sum, type Tensor, type Tensors } from '../tf'
import type { OperatorModel } from './model'

const options = z.object({
  width: z.int().min(1).max(4096).default(128).describe('Neurons of each layer, and number of products summed.').meta({ title: 'Width' }),
  depth: z.int().min(1).max(32).default(3).describe('Layers of branch and trunk.').meta({ title: 'Depth' }),
  activation: activationOption.default('relu'), initialisation: initialisationOption.default('torch'),
})

export const deeponetDescriptor: Descriptor = {
  id: 'deeponet', name: 'DeepONet', summary: 'A branch reads the input function at sensors, a trunk the place: their products give the output at any place.',
  equation: 'u(f)(y)=\\sum_k b_k(f(x_1),\\dots,f(x_m))\\,t_k(y)+b_0', reference: { text: 'Lu et al. 2021', doi: '10.1038/s42256-021-00302-5' }, options,
}

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
export function deeponet({ width, depth, activation, initialisation }: z.infer<typeof options>, { sensors, dimension }: { readonly sensors: number; readonly dimension: number }): Deeponet {
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
