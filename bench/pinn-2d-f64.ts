/** bench/pinn-2d.ts in double precision. */
import { compareWithPeer } from './learning/compare'

export const bench = (options: readonly string[]): Promise<void> => compareWithPeer({ name: 'pinn-2d-f64', model: 'pinn-2d', precision: 'float64' }, options, import.meta.url)
