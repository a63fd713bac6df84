import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { add, mul, sign, sub, type Tensor } from '../tf'
import { zeroMoments, zeroScalar, type OptimizerFamily } from './optimizer'

const options = z.object({
  beta1: z.number().min(0).lt(1).default(0.9).describe('Weight of the mean of gradients in a step.').meta({ title: 'β₁' }),
  beta2: z.number().min(0).lt(1).default(0.99).describe('Memory of the mean of gradients.').meta({ title: 'β₂' }),
  decay: z.number().min(0).default(0).describe('Fraction of the parameters that each step takes away, times the learning rate.').meta({ title: 'Weight decay' }),
})

export const lionDescriptor: Descriptor = {
  id: 'lion', name: 'Lion', summary: 'Steps of the learning rate in the direction of signs: one moment only. Use a third to a tenth of Adam\'s rate.',
  equation: '\\theta\\leftarrow\\theta-\\eta\\bigl(\\operatorname{sign}(\\beta_1m+(1-\\beta_1)g)+\\lambda\\theta\\bigr)', reference: { text: 'Chen et al. 2023', arxiv: '2302.06675' }, options,
}

/** θ ← θ − η (sign(β₁m + (1 − β₁)g) + λθ), m ← β₂m + (1 − β₂)g (algorithm 2). */
export const lion: OptimizerFamily<z.infer<typeof options>> = {
  build: ({ beta1, beta2, decay }, schedule) => ({
    initialise: parameters => ({ step: zeroScalar, ...zeroMoments(parameters, 'first') }),
    update: (state, parameters, gradients) => {
      const rate = schedule(state.step)
      const next: Record<string, Tensor> = { step: add(state.step, 1) }
      const moved: Record<string, Tensor> = {}
      for (const [name, gradient] of Object.entries(gradients)) {
        const first = state[`first.${name}`]
        const direction = sign(add(mul(first, beta1), mul(gradient, 1 - beta1)))
        next[`first.${name}`] = add(mul(first, beta2), mul(gradient, 1 - beta2))
        moved[name] = sub(parameters[name], mul(decay === 0 ? direction : add(direction, mul(parameters[name], decay)), rate))
      }
      return { state: next, parameters: moved, rate }
    },
  }),
}
