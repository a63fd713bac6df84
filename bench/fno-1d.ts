/** Fourier neural operator on 1024 nodes: width 64, 16 modes, 4 layers, batch 20; Adam steps and inference against PyTorch. */
import { compareWithPeer } from './learning/compare'

export const bench = (options: readonly string[]): Promise<void> => compareWithPeer({ name: 'fno-1d', model: 'fno-1d', precision: 'float32' }, options, import.meta.url)
