/** The Laplacian of a 3 × 64 tanh network at 1000 points in 10 dimensions, and Adam steps on its residual; against PyTorch. */
import { compareWithPeer } from './learning/compare'

export const bench = (options: readonly string[]): Promise<void> => compareWithPeer({ name: 'laplacian-10d', model: 'laplacian-10d', precision: 'float32' }, options, import.meta.url)
