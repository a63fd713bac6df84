import type { Libm } from '../../../shared/expressions/libm'
import { loadLibm, readKernels } from '../kernels'

let loaded: Libm | undefined

/** The file process's own elementary functions, loaded at the first call. */
export const libm = (): Libm => (loaded ??= loadLibm(readKernels()))
