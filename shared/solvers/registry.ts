import type { RegistryLine } from '../descriptor'
import { automaticDescriptor } from './automatic-descriptor'
import { finiteDifferenceDescriptor } from './finite-difference/descriptor'
import { finiteElementDescriptor } from './finite-element/descriptor'
import type { SolveMethod } from './method'
import { spectralDescriptor } from './spectral/descriptor'

/** One more method is one folder and one line. */
const named: readonly RegistryLine<SolveMethod>[] = [
  { descriptor: finiteDifferenceDescriptor, load: async () => (await import('./finite-difference/index')).finiteDifference },
  { descriptor: finiteElementDescriptor, load: async () => (await import('./finite-element/index')).finiteElement },
  { descriptor: spectralDescriptor, load: async () => (await import('./spectral/index')).spectral },
]

/** The methods of a `solve` step: the choice among the named ones, then these. */
export const methods: readonly RegistryLine<SolveMethod>[] = [
  { descriptor: automaticDescriptor, load: async () => (await import('./automatic')).automaticMethod(named) },
  ...named,
]
