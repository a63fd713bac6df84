import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { add, mul, sub, type Tensor } from '../tf'
import { zeroMoments, zeroScalar, type OptimizerFamily } from './optimizer'

const options = z.object({
  momentum: z.number().min(0).lt(1).default(0).describe('Fraction of the last step that goes on.').meta({ title: 'Momentum' }),
  nesterov: z.boolean().default(false).describe('Look ahead along the momentum.').meta({ title: 'Nesterov' }),
})

export const sgdDescriptor: Descriptor = {
  id: 'sgd', name: 'Gradient descent', summary: 'Steps along the negative gradient, with momentum if wanted.', equation: 'b\\leftarrow\\mu b+g,\\quad\\theta\\leftarrow\\theta-\\eta b',
  reference: { text: 'Sutskever et al. 2013, proceedings.mlr.press/v28/sutskever13' }, options,
}

/** b ← μb + g, θ ← θ − η b (Nesterov: θ − η (g + μb)), as PyTorch arranges it. */
export const sgd: OptimizerFamily<z.infer<typeof options>> = {
  build: ({ momentum, nesterov }, schedule) => ({
    initialise: parameters => ({ step: zeroScalar, ...(momentum > 0 ? zeroMoments(parameters, 'momentum') : {}) }),
    update: (state, parameters, gradients) => {
      const rate = schedule(state.step)
      const next: Record<string, Tensor> = { step: add(state.step, 1) }
      const moved: Record<string, Tensor> = {}
      for (const [name, gradient] of Object.entries(gradients)) {
        let direction = gradient
        if (momentum > 0) {
          const kept = add(mul(state[`momentum.${name}`], momentum), gradient)
          next[`momentum.${name}`] = kept
          direction = nesterov ? add(gradient, mul(kept, momentum)) : kept
        }
        moved[name] = sub(parameters[name], mul(direction, rate))
      }
      return { state: next, parameters: moved, rate }
    },
  }),
}
