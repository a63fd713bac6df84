import { z } from 'zod'

/** `time` of a solve step: the method and either a fixed step or a tolerance. Defaults keep the time error below the space error. */
export const timeOptions = <Methods extends readonly [string, ...string[]]>(methods: Methods) =>
  z.strictObject({
    method: z.enum(['auto', ...methods]).default('auto').describe('Time stepping method; auto chooses by stiffness and says why in the log.').meta({ title: 'Time method' }),
    order: z.number().int().min(1).max(5).optional().describe('Order of bdf (1 to 5, with error control the highest one) and of imex (2 or 4, the default).').meta({ title: 'Order in time' }),
    dt: z.number().positive().optional().describe('Fixed time step; shortened so that whole steps reach every output time.').meta({ title: 'Time step' }),
    tolerance: z.number().positive().max(0.1).optional().describe('Relative time error over the whole run that the step size is chosen for.').meta({ title: 'Time tolerance' }),
  }).prefault({}).describe('Time stepping of evolution problems.').meta({ title: 'Time' })

export interface TimeOptions {
  readonly method: string
  readonly order?: number
  readonly dt?: number
  readonly tolerance?: number
}

/** The validated `time` options of a request; what a direct caller left out gets its default. */
export function readTimeOptions(options: Readonly<Record<string, unknown>>): TimeOptions {
  return { method: 'auto', ...(options.time as Partial<TimeOptions> | undefined) }
}
