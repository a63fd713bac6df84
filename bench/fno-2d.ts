/** Fourier neural operator on 64² nodes: width 32, 12 modes, 4 layers, batch 16; Adam steps and inference against PyTorch. */
import { compareWithPeer } from './learning/compare'

export const bench = (options: readonly string[]): Promise<void> => compareWithPeer({ name: 'fno-2d', model: 'fno-2d', precision: 'float32' }, options, import.meta.url)
