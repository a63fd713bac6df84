import type { IdentificationLine } from './method'

/** Every method of an `identify` step. One more is one file and one line. */
export const identificationMethods: readonly IdentificationLine[] = []
