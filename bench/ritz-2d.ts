/** Poisson in the unit square by its energy (Deep Ritz): 4096 + 256 points, 3 × 64 tanh; Adam steps and evaluation against PyTorch, single precision. */
import { compareWithPeer } from './learning/compare'

export const bench = (options: readonly string[]): Promise<void> => compareWithPeer({ name: 'ritz-2d', model: 'ritz-2d', precision: 'float32' }, options, import.meta.url)
