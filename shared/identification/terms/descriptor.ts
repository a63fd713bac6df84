import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { error, type Fault } from '../../fault'
import type { IdentificationStep } from '../method'

const halfWidth = (axis: string): z.ZodOptional<z.ZodNumber> => z.number().int().min(2).optional().describe(`Half width in nodes along ${axis}; from the spectrum of the data when absent.`).meta({ title: axis })

export const termsOptions = z.strictObject({
  form: z.enum(['weak', 'strong']).default('weak').describe('Weak: derivatives moved to smooth test functions. Strong: differences of the data, which noise and shocks spoil; for comparison.').meta({ title: 'Form' }),
  library: z.strictObject({
    power: z.number().int().min(1).max(6).optional().describe('Largest degree of a product of unknowns; 3 by default.').meta({ title: 'Powers' }),
    order: z.number().int().min(1).max(6).optional().describe('Largest order of a derivative; 4 in one dimension and 2 in more by default.').meta({ title: 'Derivatives' }),
  }).optional().describe('The terms among which those of the equation are sought.').meta({ title: 'Library' }),
  windows: z.strictObject({ x: halfWidth('x'), y: halfWidth('y'), z: halfWidth('z'), t: halfWidth('t') }).optional()
    .describe('Supports of the test functions: wide ones average noise away, narrow ones see short waves.').meta({ title: 'Windows' }),
  threshold: z.union([z.literal('auto'), z.number().positive().max(1)]).default('auto').describe('Smallest normalised weight of a term that stays; "auto" sweeps and takes the least loss.').meta({ title: 'Threshold' }),
  trust: z.number().min(1e-6).max(0.5).default(0.01).describe('Residuals below this fraction of ∂u/∂t count as discretisation and are not worth a term.').meta({ title: 'Trust' }),
})
export type TermsStepOptions = z.infer<typeof termsOptions>

export const termsDescriptor: Descriptor = {
  id: 'terms',
  name: 'Terms by the weak form',
  summary: 'Finds which terms the equation of the data has, and their coefficients, without being told the equation.',
  equation: '\\langle-\\partial_t\\psi,u\\rangle=\\sum_j w_j\\,\\langle(-1)^{|\\alpha_j|}\\partial^{\\alpha_j}\\psi,u^{p_j}\\rangle',
  reference: { text: 'D. A. Messenger, D. M. Bortz, Weak SINDy for partial differential equations, J. Comput. Phys. 443 (2021)', doi: '10.1016/j.jcp.2021.110525' },
  options: termsOptions,
  supports: ['evolution', 'nonlinear', 'system', '1d', '2d', '3d'],
}

/** What can be said before data are read. */
export function termsFaults({ points, start, unknown }: IdentificationStep): readonly Fault[] {
  const faults: Fault[] = []
  if (points !== undefined) faults.push(error('terms-points', 'Terms are found from all nodes of the data\'s grid, not from scattered points.', { where: { path: 'points' }, tip: 'Leave "points" out.' }))
  if (unknown.length > 0) faults.push(error('terms-unknown', 'Terms are found for a whole equation; there are no named unknowns.', { where: { path: 'unknown' }, tip: 'Leave "unknown" out, or choose another method.' }))
  if (Object.keys(start).length > 0) faults.push(error('terms-start', 'Finding terms needs no first values.', { where: { path: 'start' }, tip: 'Leave "start" out.' }))
  return faults
}
