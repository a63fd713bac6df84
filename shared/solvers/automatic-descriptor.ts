import { z } from 'zod'
import type { Descriptor } from '../descriptor'

export const automaticDescriptor: Descriptor = {
  id: 'auto',
  name: 'Automatic',
  summary: 'Chooses the method by the class of the statement and says why: elements where the domain is no box, Fourier modes where a periodic solution stays smooth, finite differences otherwise.',
  options: z.strictObject({}),
  supports: [],
}
