import { freeNames } from '../../expressions'
import { error, FaultError, type Fault } from '../../fault'
import type { SolveMethod, SolveRequest } from '../method'
import { checkSize } from '../time/size'
import { solveSpectralElliptic } from './elliptic'
import { evolveSpectral } from './evolution'

/** Fourier pseudo-spectral on fully periodic boxes of one to three axes. */
export const spectral: SolveMethod = {
  check(request) {
    const { problem } = request
    const faults: Fault[] = []
    if (problem.geometry || problem.cube || problem.axes.length === 0) {
      return [error('needs-box', 'The spectral method takes boxes of one to three dimensions.', { where: { path: 'method' }, tip: 'Use "finite-element" or "finite-difference" on other domains.' })]
    }
    const bounded = problem.axes.filter(axis => !axis.periodic)
    if (bounded.length > 0) {
      faults.push(error('needs-periodic', `Fourier needs periodic axes, and ${bounded.map(axis => axis.name).join(', ')} ${bounded.length === 1 ? 'is' : 'are'} bounded.`, {
        where: { path: 'method' }, tip: 'Use "finite-difference", or make the axis periodic in the domain.',
      }))
    }
    if (problem.equation.kind === 'elliptic') faults.push(...checkConstant(request))
    faults.push(...checkSize(request, 24 * problem.system.components.length))
    return faults
  },
  solve(request, team, run) {
    const mark = team.arena.mark()
    try {
      const { equation, time } = request.problem
      if (time) return evolveSpectral(request, team, run)
      if (equation.kind === 'elliptic') return solveSpectralElliptic(request, equation, team, run)
      throw new FaultError(error('unsupported-class', 'The Fourier method takes evolutions and steady linear equations with constant coefficients.', { where: { path: 'method' } }))
    } finally {
      team.arena.release(mark)
    }
  },
}

function checkConstant({ problem }: SolveRequest): Fault[] {
  if (problem.equation.kind !== 'elliptic') return []
  const { diffusion, advection, reaction } = problem.equation.operator
  const coordinates = new Set<string>(problem.axes.map(axis => axis.name))
  const varies = [...diffusion, ...advection, reaction].some(e => [...freeNames(e).keys()].some(name => coordinates.has(name)))
  return varies ? [error('needs-constant-coefficients', 'Fourier solves steady problems with constant coefficients only; here a coefficient depends on the place.', { where: { path: 'method' }, tip: 'Use "finite-difference".' })] : []
}
