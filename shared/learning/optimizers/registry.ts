import type { RegistryLine } from '../../descriptor'
import { adamDescriptor, adamwDescriptor } from './adam-descriptor'
import { lionDescriptor } from './lion-descriptor'
import type { OptimizerFamily } from './optimizer'
import { sgdDescriptor } from './sgd-descriptor'

/** Update rules inside the graph: one more is one file and one line. */
export const graphOptimizers: readonly RegistryLine<OptimizerFamily>[] = [
  { descriptor: adamDescriptor, load: async () => (await import('./adam')).adam },
  { descriptor: adamwDescriptor, load: async () => (await import('./adam')).adamw },
  { descriptor: lionDescriptor, load: async () => (await import('./lion')).lion },
  { descriptor: sgdDescriptor, load: async () => (await import('./sgd')).sgd },
]
