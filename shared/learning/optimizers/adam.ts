import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { add, div, mul, sqrt, square, sub, type Tensor } from '../tf'
import { zeroMoments, zeroScalar, type GraphOptimizer, type OptimizerFamily } from './optimizer'
import type { Schedule } from './schedules'

const moments = {
  beta1: z.number().min(0).lt(1).default(0.9).describe('Memory of the mean of gradients.').meta({ title: 'β₁' }),
  beta2: z.number().min(0).lt(1).default(0.999).describe('Memory of the mean of squared gradients.').meta({ title: 'β₂' }),
  epsilon: z.number().positive().default(1e-8).describe('Added to the root of the second moment.').meta({ title: 'ε' }),
}
const adamOptions = z.object(moments)
const adamwOptions = z.object({ ...moments, decay: z.number().min(0).default(0.01).describe('Fraction of the parameters that each step takes away, times the learning rate.').meta({ title: 'Weight decay' }) })

export const adamDescriptor: Descriptor = {
  id: 'adam', name: 'Adam', summary: 'Steps of about the learning rate along each parameter, whatever the size of the gradient: the usual start.',
  equation: '\\theta\\leftarrow\\theta-\\eta\\,\\frac{m/(1-\\beta_1^t)}{\\sqrt{v/(1-\\beta_2^t)}+\\varepsilon}', reference: { text: 'Kingma & Ba 2015', arxiv: '1412.6980' }, options: adamOptions,
}

export const adamwDescriptor: Descriptor = {
  id: 'adamw', name: 'AdamW', summary: 'Adam with parameters that shrink a little each step, apart from the gradient.',
  equation: '\\theta\\leftarrow(1-\\eta\\lambda)\\theta-\\eta\\,\\frac{\\hat m}{\\sqrt{\\hat v}+\\varepsilon}', reference: { text: 'Loshchilov & Hutter 2019', arxiv: '1711.05101' }, options: adamwOptions,
}

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − (η/c₁) m / (√v/√c₂ + ε) with cᵢ = 1 − βᵢᵗ: the order of operations of PyTorch. The corrections are carried as c ← βc + (1 − β),
 * which in single precision keeps the digits that 1 − βᵗ loses.
 */
function build({ beta1, beta2, epsilon, decay = 0 }: z.infer<typeof adamOptions> & { readonly decay?: number }, schedule: Schedule): GraphOptimizer {
  return {
    initialise: parameters => ({ step: zeroScalar, correction1: zeroScalar, correction2: zeroScalar, ...zeroMoments(parameters, 'first', 'second') }),
    update: (state, parameters, gradients) => {
      const rate = schedule(state.step)
      const [correction1, correction2] = [add(mul(state.correction1, beta1), 1 - beta1), add(mul(state.correction2, beta2), 1 - beta2)]
      // With M = m/(1 − β₁) and V = v/(1 − β₂) as state, all factors are scalars: ten passes over the parameters instead of fourteen.
      const root = sqrt(div(correction2, 1 - beta2))
      const [stepSize, floor] = [mul(div(mul(rate, 1 - beta1), correction1), root), mul(root, epsilon)]
      const next: Record<string, Tensor> = { step: add(state.step, 1), correction1, correction2 }
      const moved: Record<string, Tensor> = {}
      for (const [name, gradient] of Object.entries(gradients)) {
        const first = add(mul(state[`first.${name}`], beta1), gradient)
        const second = add(mul(state[`second.${name}`], beta2), square(gradient))
        const before = decay === 0 ? parameters[name] : mul(parameters[name], sub(1, mul(rate, decay)))
        next[`first.${name}`] = first
        next[`second.${name}`] = second
        moved[name] = sub(before, div(mul(first, stepSize), add(sqrt(second), floor)))
      }
      return { state: next, parameters: moved, rate }
    },
  }
}

export const adam: OptimizerFamily<z.infer<typeof adamOptions>> = { build }
export const adamw: OptimizerFamily<z.infer<typeof adamwOptions>> = { build }
