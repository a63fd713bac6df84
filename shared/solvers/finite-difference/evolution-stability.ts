import { differentiate, evaluate, freeNames, simplify } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import { FaultError, error } from '../../fault'
import type { Grid } from '../../fields/field'
import type { Block, Team } from '../../kernels/team'
import type { EvolutionEquation } from '../../problems/analysed'
import type { StableStep } from '../time/stepper'
import type { LineSystem } from './evolution-system'

/** Largest rates of the linearised semi-discrete system, 1/time: Σ 4|∂F/∂u_aa|/h², Σ |∂F/∂u_a|/h, |∂F/∂u|. */
export interface Rates {
  readonly diffusion: number
  readonly advection: number
  readonly reaction: number
  /** |∂F/∂u_a| h / ∂F/∂u_aa, the largest of the axes: above 2 central differences oscillate in layers. */
  readonly cellPeclet: number
}

/** Up to which |λ dt| a method is stable on the negative real axis and on the imaginary one. */
export interface Limits {
  readonly real: number
  readonly imaginary: number
  /** Longer steps may be stable too; negative diffusion is then no fault either, since another part may hold more of the positive one. */
  readonly sufficient: boolean
}
/** Classical RK4. */
export const rungeKutta4Limits: Limits = { real: 2.785, imaginary: 2.828, sufficient: false }
/**
 * The explicit part of ARS(2,2,2): 1 + w + w²/2, whose interval on the real axis is 2; on the imaginary axis it grows by |w|⁴/8 a step, which the implicit diffusion and the
 * error control have to damp beyond |w| = 1.
 */
export const imexLimits: Limits = { real: 2, imaginary: 1, sufficient: true }

export interface Stability {
  rates(u: Block, time: number): Rates
  /** The largest stable step, with what limits it. Throws FaultError `ill-posed` where diffusion is negative. */
  stableStep(u: Block, time: number): StableStep
}

/** The symbolic linearisation ∂F/∂(jet) of the explicitly treated part F, evaluated on the real state: constant parts once, the others each time. */
export function createStability(system: LineSystem, jet: EvolutionEquation['jet'], explicit: Expression, limits: Limits, grid: Grid, unknown: string, team: Team, libm: Libm): Stability {
  const { arena } = team
  const steps = grid.axes.map(axis => axis.coordinates[1] - axis.coordinates[0])
  const variables = new Set([...grid.axes.map(axis => axis.name as string), 't', ...jet.map(entry => entry.name)])
  const parts = jet.map(({ name, orders }) => {
    const coefficient: Expression = simplify(differentiate(explicit, name))
    const varies = [...freeNames(coefficient).keys()].some(free => variables.has(free))
    const values = varies ? arena.f64(system.size) : undefined
    return { orders, coefficient, values, constant: varies ? 0 : evaluate(coefficient, {}, libm) }
  })
  const varying = parts.filter(part => part.values)
  const evaluateParts = varying.length > 0 ? system.evaluator(varying.map(part => part.coefficient), varying.map(part => part.values!)) : undefined

  const largest = (part: (typeof parts)[number]): number => (part.values ? team.reduce('vectors.maxAbs', 0, system.size, [part.values.pointer], { combine: 'max' }) : Math.abs(part.constant))
  const smallest = (part: (typeof parts)[number]): number => (part.values ? -team.reduce('stepping.negatedMinimum', 0, system.size, [part.values.pointer], { combine: 'max' }) : part.constant)

  const rates = (u: Block, time: number): Rates => {
    evaluateParts?.(u, time)
    let [diffusion, advection, reaction, cellPeclet] = [0, 0, 0, 0]
    const spread = steps.map(() => 0)
    const speed = steps.map(() => 0)
    for (const part of parts) {
      const [x, y] = part.orders
      const size = largest(part)
      if (x + y === 0) reaction += size
      else if (x + y === 1) {
        const a = x === 1 ? 0 : 1
        advection += size / steps[a]
        speed[a] = size
      } else if (x === 1 && y === 1) diffusion += size / (steps[0] * steps[1])
      else {
        const a = x === 2 ? 0 : 1
        const least = smallest(part)
        if (!limits.sufficient && least < -1e-12 * size) {
          throw new FaultError(error('ill-posed', `The equation is not well-posed: the factor of the second ${grid.axes[a].name} derivative of ${unknown} is ${Number(least.toPrecision(4))} somewhere at t = ${Number(time.toPrecision(4))}, and negative diffusion grows without bound.`, { where: { path: 'problem.equations[0]' }, tip: 'Check the sign of the diffusion term.' }))
        }
        diffusion += (4 * size) / (steps[a] * steps[a])
        spread[a] = least
      }
    }
    steps.forEach((h, a) => {
      if (speed[a] > 0 && spread[a] > 0) cellPeclet = Math.max(cellPeclet, (speed[a] * h) / spread[a])
    })
    return { diffusion, advection, reaction, cellPeclet }
  }

  return {
    rates,
    stableStep(u, time) {
      const { diffusion, advection, reaction } = rates(u, time)
      const { real, imaginary, sufficient } = limits
      const total = (diffusion + reaction) / real + advection / imaginary
      // Without this a limit that is not a number would be no limit at all.
      if (Number.isNaN(total)) {
        throw new FaultError(error('non-finite', `The derivatives of the right-hand side by ${unknown} are not numbers everywhere at t = ${Number(time.toPrecision(4))}, so no stable time step is known.`, {
          where: { path: 'problem.equations[0]' }, tip: `Check for a division by ${unknown} or a root of it where it is zero or negative, initial and boundary values included.`,
        }))
      }
      const cells = steps.map(h => Number(h.toPrecision(3))).join(' × ')
      const names = [[diffusion / real, 'diffusion'], [advection / imaginary, 'advection'], [reaction / real, 'reaction']] as const
      const [, main] = names.reduce((most, part) => (part[0] > most[0] ? part : most))
      return { dt: total > 0 ? 1 / total : Infinity, reason: `${main} on cells of ${cells} limits it`, sufficient }
    },
  }
}
