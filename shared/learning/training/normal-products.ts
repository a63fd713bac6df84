import type { NormalEquations } from '../optimizers/normal-equations'
import type { Linearisation } from './linearisation'

/** The products that a linearisation computes in its graph; `told` hears the losses by part at every call. */
export const normalEquationsOf = (linear: Linearisation, told: (losses: ArrayLike<number>) => void): NormalEquations => ({
  dimension: linear.layout.size,
  at: async (parameters, previous) => {
    const { losses, gram, residual, gradient, pushed, pushedGradient } = await linear.at(parameters, previous)
    told(Float64Array.from(losses))
    return linear.solver === 'cholesky' ? { of: 'columns', gram, gradient } : { of: 'rows', gram, residual, pushed, ...(pushedGradient ? { gradient, pushedGradient } : {}) }
  },
  transposed: linear.transposed,
  loss: parameters => linear.loss(parameters),
})
