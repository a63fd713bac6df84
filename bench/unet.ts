/** U-Net on 64² nodes: 32, 64, 128, 256 channels on four levels, batch 16; Adam steps and inference against PyTorch. */
import { compareWithPeer } from './learning/compare'

export const bench = (options: readonly string[]): Promise<void> => compareWithPeer({ name: 'unet', model: 'unet', precision: 'float32' }, options, import.meta.url)
