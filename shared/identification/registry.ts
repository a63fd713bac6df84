import { adjointDescriptor } from './adjoint/descriptor'
import { adjointFaults } from './adjoint/faults'
import type { IdentificationLine } from './method'
import { networkDescriptor } from './network/descriptor'
import { networkFaults } from './network/faults'
import { termsDescriptor, termsFaults } from './terms/descriptor'

/** Every method of an `identify` step. One more is one file and one line. */
export const identificationMethods: readonly IdentificationLine[] = [
  { descriptor: adjointDescriptor, named: true, faults: adjointFaults, load: async () => (await import('./adjoint/index')).adjoint },
  { descriptor: networkDescriptor, named: true, faults: networkFaults, load: async () => (await import('./network/index')).network },
  { descriptor: termsDescriptor, named: false, faults: termsFaults, load: async () => (await import('./terms')).terms },
]
