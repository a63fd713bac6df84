/** DeepONet: 1000 functions at 100 sensors, 100 shared query points, 3 layers of 128; Adam steps and inference against PyTorch. */
import { compareWithPeer } from './learning/compare'

export const bench = (options: readonly string[]): Promise<void> => compareWithPeer({ name: 'deeponet', model: 'deeponet', precision: 'float32', stepsPerCall: 10 }, options, import.meta.url)
