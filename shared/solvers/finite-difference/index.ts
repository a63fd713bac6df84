import type { SolveMethod } from '../method'
import { refuseTraction } from '../traction'
import { checkEvolution, evolveFiniteDifference } from './evolution'
import { checkSteady, solveSteady } from './steady'

/** Finite differences of order 2 and 4 on boxes of one to three dimensions and on domains inside them. */
export const finiteDifference: SolveMethod = {
  check(request) {
    const refused = refuseTraction(request.problem, 'The finite difference method')
    return refused.length > 0 ? refused : request.problem.time ? checkEvolution(request) : checkSteady(request)
  },
  solve: (request, team, run) => (request.problem.time ? evolveFiniteDifference(request, team, run) : solveSteady(request, team, run)),
}
