import { error, FaultError } from '../../fault'
import type { Team } from '../../kernels/team'
import type { Stepper } from '../time/stepper'
import type { StepChoice } from '../time/request'
import type { SpectralSystem } from './system'
import { eachMode } from './wavenumbers'

/** Steps between two looks. */
const every = 3
/** Share of ∫|∇e|² in the top third of the kept waves from which on a field counts as a shock: a jump has 1/3 there at every resolution, a resolved field 1e-6 and less. */
const tooMuch = 0.2
/** Rough data decay: a share that did not grow beyond that of the start is not held against the run. */
const growth = 1.5
/** Looks in a row that a step control may spend on shorter steps before the run ends. */
const patience = 2

/**
 * Watches a stepper: where the gradient's energy gathers in the shortest waves that the grid keeps, Fourier sums no longer converge (a shock), and the run ends with code `under-resolved`.
 * `unknowns` names the declared unknown of every evolving component: parts of a complex or vector one count together, since one of them may begin as rounding.
 * Under step doubling states may still be taken back, so the step is first refused (`not-converged`) and only a shock that comes again ends the run.
 */
export function watchResolution(stepper: Stepper, system: SpectralSystem, unknowns: readonly string[], kind: StepChoice['kind'], team: Team): Stepper {
  const share = gradientShare(system, unknowns, team)
  const start = share(stepper.state.pointer)
  let steps = 0
  let refused = 0
  let lastRefused = -1e9
  const look = (time: number): void => {
    const now = share(stepper.state.pointer)
    if (!(now > Math.max(tooMuch, growth * start))) {
      if (steps - lastRefused > 64) refused = 0
      return
    }
    if (kind === 'tolerance' && refused < patience) {
      refused++
      lastRefused = steps
      throw new FaultError(error('not-converged', 'The step left the resolved waves.'))
    }
    throw new FaultError(error('under-resolved', `The grid no longer resolves the solution at t = ${Number(time.toPrecision(6))}: ${Math.round(100 * now)} % of the energy of its gradient is in the shortest third of the waves, as at a shock.`, {
      where: { path: 'resolution' }, tip: 'Use more nodes, add viscosity, or use "finite-difference", which takes shocks with less accuracy.',
    }))
  }
  const { embedded } = stepper
  return {
    ...stepper,
    get state() {
      return stepper.state
    },
    save: () => ({ ...stepper.save?.(), watched: steps, refused, lastRefused }),
    restore(saved) {
      stepper.restore?.(saved)
      steps = saved.watched
      refused = saved.refused
      lastRefused = saved.lastRefused
    },
    step(time, dt) {
      if (steps++ % every === 0 || refused > 0) look(time)
      stepper.step(time, dt)
    },
    ...(embedded ? {
      embedded: {
        ...embedded,
        get estimateOrder() {
          return embedded.estimateOrder
        },
        attempt(time: number, dt: number, allowed: number) {
          if (steps++ % every === 0) look(time)
          return embedded.attempt(time, dt, allowed)
        },
        accept: () => embedded.accept(),
      },
    } : {}),
  }
}

/** Σ|k|²|ê|² over the modes beyond 2/3 of the largest kept wavenumber along an axis, as a part of the sum over all; the largest over the unknowns. */
function gradientShare(system: SpectralSystem, unknowns: readonly string[], team: Team): (state: number) => number {
  const { axes, modes, components } = system
  const weight = team.arena.f64(2 * modes)
  const top = team.arena.f64(2 * modes)
  const [weights, tops] = [weight.view(), top.view()]
  const largest = axes.map(axis => axis.indices.reduce((most, j) => Math.max(most, Math.abs(j)), 0))
  eachMode(axes, (mode, ...place) => {
    let square = 0
    let high = false
    axes.forEach((axis, a) => {
      const j = axis.indices[place[a]]
      square += (axis.unit * j) ** 2
      if (3 * Math.abs(j) > 2 * largest[a]) high = true
    })
    // Waves with kx > 0 stand for two.
    const value = place[0] === 0 ? square : 2 * square
    weights[2 * mode] = weights[2 * mode + 1] = value
    if (high) tops[2 * mode] = tops[2 * mode + 1] = value
  })
  return state => {
    const sums = new Map<string, { total: number; top: number }>()
    for (let i = 0; i < components; i++) {
      const at = state + 16 * modes * i
      const sum = sums.get(unknowns[i]) ?? { total: 0, top: 0 }
      sum.total += team.reduce('vectors.weightedDot', 0, 2 * modes, [weight.pointer, at, at])
      sum.top += team.reduce('vectors.weightedDot', 0, 2 * modes, [top.pointer, at, at])
      sums.set(unknowns[i], sum)
    }
    return [...sums.values()].reduce((most, sum) => (sum.total > 0 ? Math.max(most, sum.top / sum.total) : most), 0)
  }
}
