/** Deep Ritz for −Δu = f in the unit square with values on its boundary (E & Yu 2018, doi 10.1007/s40304-018-0127-z): the app's own network, its gradient by forward Taylor propagation. */
import { applyNetwork } from '../../shared/learning/networks'
import { mlp } from '../../shared/learning/networks/mlp'
import { derivativeSpace } from '../../shared/learning/taylor'
import { add, mean, mul, square, sub } from '../../shared/learning/tf'
import type { BenchModel } from './model'
import { pinn } from './pinn'

/** Factor of the boundary values, as in their paper. */
const penalty = 500

export function ritz(size: { readonly width: number; readonly depth: number; readonly points: number; readonly boundary: number }): BenchModel {
  const network = mlp.build({ width: size.width, depth: size.depth, activation: 'tanh', initialisation: 'torch' }, { inputs: 2, outputs: 1 })
  const space = derivativeSpace(2, [[1, 0], [0, 1]])
  return {
    // The same network and points as the strong form's.
    ...pinn({ dimension: 2, infer: 'value', ...size }),
    loss: (p, { interior, source, boundary, value }) => {
      const u = network.propagate(p, space.seed(interior))
      const squares = [[1, 0], [0, 1]].map(alpha => square(space.derivative(u, alpha))).reduce((a, b) => add(a, b))
      return add(mean(sub(mul(squares, 0.5), mul(source, u.value))), mul(mean(square(sub(applyNetwork(network, p, boundary), value))), penalty))
    },
  }
}
