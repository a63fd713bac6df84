import { normalTensor } from '../random'
import { parameterNamed } from './dense'
import { fourierFeatures } from './embeddings'
import { mlp } from './mlp'
import type { NetworkFamily } from './network'
import type { FourierOptions } from './fourier-descriptor'

/** u(x) = MLP([cos 2πxB, sin 2πxB]); `frequencies` = 2πB [inputs, features] is drawn once and not trained. */
export const fourier: NetworkFamily<FourierOptions> = {
  build: ({ features, scale, ...rest }, { inputs, outputs }) => {
    const inner = mlp.build(rest, { inputs: 2 * features, outputs })
    return {
      inputs, outputs, fixed: ['frequencies'],
      initialise: random => ({ frequencies: normalTensor(random.child('frequencies'), [inputs, features], 2 * Math.PI * scale), ...inner.initialise(random) }),
      propagate: (parameters, x) => inner.propagate(parameters, fourierFeatures(x, parameterNamed(parameters, 'frequencies'))),
    }
  },
}
