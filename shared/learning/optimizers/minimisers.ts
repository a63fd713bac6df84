import { z } from 'zod'
import type { Descriptor, RegistryLine } from '../../descriptor'
import type { Libm } from '../../expressions/libm'
import type { Minimiser, MinimiserState } from './objective'

/** What a registry line of a deterministic optimizer loads. */
export interface MinimiserFamily<Options = never> {
  build(options: Options, libm: Libm): Minimiser<MinimiserState>
}

const lbfgsDescriptor: Descriptor = {
  id: 'lbfgs', name: 'L-BFGS', summary: 'Quasi-Newton steps from the last few gradients: for smooth losses on fixed points, any number of parameters.',
  equation: 'd=-H_kg_k,\\quad H_k\\ \\text{from}\\ (s_i,y_i),\\ i=k-m,\\dots,k-1', reference: { text: 'Liu & Nocedal 1989', doi: '10.1007/BF01589116' },
  options: z.object({ history: z.int().min(1).max(1000).default(50).describe('Steps remembered.').meta({ title: 'History' }) }),
}

const broydenDescriptor: Descriptor = {
  id: 'ssbroyden', name: 'Self-scaled Broyden', summary: 'Quasi-Newton with a dense, self-scaled inverse Hessian: very small losses in double precision, for some thousand parameters.',
  equation: 'H\\leftarrow\\tfrac1\\tau\\Bigl(H-\\frac{Hyy^\\top H}{y^\\top Hy}+\\varphi vv^\\top\\Bigr)+\\frac{ss^\\top}{y^\\top s}', reference: { text: 'Urbán, Stefanou & Pons 2025', doi: '10.1016/j.jcp.2024.113656', arxiv: '2405.04230' },
  options: z.object({ update: z.enum(['broyden', 'bfgs', 'unscaled']).default('broyden').describe('broyden: self-scaled Broyden; bfgs: self-scaled BFGS; unscaled: plain BFGS.').meta({ title: 'Update' }) }),
}

/** Deterministic optimizers driven from outside the graph: one more is one file and one line. */
export const minimisers: readonly RegistryLine<MinimiserFamily>[] = [
  { descriptor: lbfgsDescriptor, load: async () => (await import('./lbfgs')).lbfgsFamily },
  { descriptor: broydenDescriptor, load: async () => (await import('./broyden')).broydenFamily },
]
