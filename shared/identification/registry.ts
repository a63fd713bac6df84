import { adjointDescriptor } from './adjoint/descriptor'
import { adjointFaults } from './adjoint/faults'
import type { IdentificationLine } from './method'
import { termsDescriptor, termsFaults } from './terms/descriptor'

/** Every method of an `identify` step. One more is one file and one line. */
export const identificationMethods: readonly IdentificationLine[] = [
  { descriptor: adjointDescriptor, named: true, faults: adjointFaults, load: async () => (await import('./adjoint/index')).adjoint },
  { descriptor: termsDescriptor, named: false, faults: termsFaults, load: async () => (await import('./terms')).terms },
]
