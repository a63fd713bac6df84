import type { SgdOptions } from './sgd-descriptor'
import { add, mul, sub, type Tensor } from '../tf'
import { zeroMoments, zeroScalar, type OptimizerFamily } from './optimizer'

/** b ← μb + g, θ ← θ − η b (Nesterov: θ − η (g + μb)), as PyTorch arranges it. */
export const sgd: OptimizerFamily<SgdOptions> = {
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
