import type { Block, Team } from '../../kernels/team'
import { controlLengths } from './axis'
import { networkLevel } from './level'
import type { Network } from './network'
import type { LinearSolver } from './solver'
import { factorTridiagonal } from './tridiagonal'

const machineEpsilon = 2.220446049250313e-16

/** Direct elimination in one dimension (cyclic on a periodic axis), factored once, with one step of iterative refinement. */
export function createLineSolver(team: Team, network: Network, fixedNodes: Int32Array, singular: boolean): LinearSolver {
  const level = networkLevel(team, network)
  const { axes: [axis], shape: [n] } = network
  const widths = controlLengths(axis)
  const measure = widths.reduce((a, b) => a + b, 0)
  const factors = factor(network, fixedNodes, singular)
  const r = team.arena.f64(n)

  function correct(F: Block, u: Block): void {
    level.residual(u.pointer, F.pointer, r.pointer)
    const correction = r.view()
    if (singular) correction[0] = 0
    factors.solve(correction)
    const view = u.view()
    for (let i = 0; i < n; i++) view[i] += correction[i]
  }

  return {
    name: 'direct',
    singular,
    solve(F, u, _fresh, run) {
      const right = F.view()
      const view = u.view()
      if (singular) {
        const total = right.reduce((a, b) => a + b, 0)
        for (let i = 0; i < n; i++) right[i] -= (total / measure) * widths[i]
      }
      const boundary = Array.from(fixedNodes, node => view[node])
      view.fill(0)
      fixedNodes.forEach((node, index) => (view[node] = boundary[index]))
      const scale = Math.sqrt(level.residualSquared(u.pointer, F.pointer)) || 1
      run?.throwIfCancelled()
      correct(F, u)
      correct(F, u)
      if (singular) {
        const mean = view.reduce((total, value, i) => total + value * widths[i], 0) / measure
        for (let i = 0; i < n; i++) view[i] -= mean
      }
      const norm = Math.sqrt(level.residualSquared(u.pointer, F.pointer))
      const size = Math.sqrt(view.reduce((total, value) => total + value * value, 0))
      const residual = norm / scale
      run?.progress?.({ iteration: 1, residual })
      // Elimination is as good as it gets: judged by rounding against the size of the solution.
      const converged = factors.regular && norm <= Math.max(1e-12 * scale, 64 * machineEpsilon * level.maximumDiagonal * size)
      return { converged, iterations: 1, residual, residuals: [1, residual], solver: 'direct' }
    },
  }
}

function factor({ axes: [axis], shape: [n], kappa: [edges], d, velocity }: Network, fixedNodes: Int32Array, singular: boolean): ReturnType<typeof factorTridiagonal> {
  const k = edges.view()
  const v = velocity[0]?.view()
  const reaction = d.view()
  const lower = new Float64Array(n)
  const diagonal = new Float64Array(n)
  const upper = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const west = k[i === 0 ? n - 1 : i - 1]
    lower[i] = -west - (v?.[i] ?? 0)
    upper[i] = -k[i] + (v?.[i] ?? 0)
    diagonal[i] = west + k[i] + reaction[i]
  }
  // A fixed node keeps its value; in a singular system one equation follows from the others, and node 0 may be held.
  for (const i of singular ? [0] : fixedNodes) {
    lower[i] = upper[i] = 0
    diagonal[i] = 1
  }
  return factorTridiagonal(lower, diagonal, upper, axis.periodic)
}
