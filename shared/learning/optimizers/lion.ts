import type { LionOptions } from './lion-descriptor'
import { add, mul, sign, sub, type Tensor } from '../tf'
import { zeroMoments, zeroScalar, type OptimizerFamily } from './optimizer'

/** θ ← θ − η (sign(β₁m + (1 − β₁)g) + λθ), m ← β₂m + (1 − β₂)g (algorithm 2). */
export const lion: OptimizerFamily<LionOptions> = {
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
