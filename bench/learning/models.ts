import type { Libm } from '../../shared/expressions/libm'
import { sharedPoints } from './deeponet'
import { fourierOperator } from './fno'
import type { BenchModel, Size } from './model'
import { pinn } from './pinn'
import { ritz } from './ritz'
import { pyramid } from './unet'

/** The sizes of bench/peers: `full` as in the benches, `tiny` for tests. */
export const models: Readonly<Record<string, (size: Size, libm: Libm) => BenchModel>> = {
  'fno-2d': (size, libm) => fourierOperator({ axes: 2, ...(size === 'full' ? { grid: 64, width: 32, modes: 12, layers: 4, projection: 128, batch: 16 } : { grid: 16, width: 4, modes: 3, layers: 2, projection: 8, batch: 2 }) }, libm),
  'fno-1d': (size, libm) => fourierOperator({ axes: 1, ...(size === 'full' ? { grid: 1024, width: 64, modes: 16, layers: 4, projection: 128, batch: 20 } : { grid: 32, width: 4, modes: 3, layers: 2, projection: 8, batch: 2 }) }, libm),
  unet: size => pyramid(size === 'full' ? { grid: 64, base: 32, levels: 4, batch: 16 } : { grid: 16, base: 3, levels: 3, batch: 2 }),
  deeponet: size => sharedPoints(size === 'full' ? { sensors: 100, width: 128, depth: 3, batch: 1000, points: 100 } : { sensors: 10, width: 8, depth: 3, batch: 4, points: 6 }),
  'pinn-2d': size => pinn({ dimension: 2, infer: 'value', depth: 3, ...(size === 'full' ? { width: 64, points: 4096, boundary: 256 } : { width: 8, points: 64, boundary: 16 }) }),
  'ritz-2d': size => ritz(size === 'full' ? { depth: 3, width: 64, points: 4096, boundary: 256 } : { depth: 3, width: 8, points: 64, boundary: 16 }),
  'laplacian-10d': size => pinn({ dimension: 10, infer: 'laplacian', depth: 3, ...(size === 'full' ? { width: 64, points: 1000, boundary: 200 } : { width: 8, points: 16, boundary: 20 }) }),
}
