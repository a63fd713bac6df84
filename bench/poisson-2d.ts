/**
 * −Δu = f on the unit square, u = 0 on the boundary, for u = x(1 − x) eˣ y²(1 − y) on 1025 × 1025 nodes (`poisson-2d 2049`: on as many per side), from the
 * right-hand side to a relative residual of 1e-8. (Not sin πx sin πy: that is an eigenvector, which conjugate gradients find in one step.) Ours counts everything from the statement's operator
 * to the solution; the peers get their matrices ready-made. Every method runs several times and its best time counts.
 */
import { spawnSync } from 'node:child_process'
import { loadLibm, readKernels } from '../electron/engine/kernels'
import { createThreadTeam } from '../electron/engine/threads/team'
import type { Expression } from '../shared/expressions/ast'
import type { Libm } from '../shared/expressions/libm'
import { uniformAxis } from '../shared/fields/field'
import type { Team } from '../shared/kernels/team'
import type { BoundarySide } from '../shared/problems/analysed'
import { createEllipticOperator } from '../shared/solvers/multigrid/operator'
import { createLinearSolver } from '../shared/solvers/multigrid/solver'

let intervals = 1024
const tolerance = 1e-8
let repetitions = 15

const number = (value: number): Expression => ({ kind: 'number', value })
const boundary: BoundarySide[] = [0, 1].flatMap(axis => (['lower', 'upper'] as const).map(end => ({ axis, end, pieces: [{ component: 0, on: 'all' as const, kind: 'dirichlet' as const, normal: number(0), value: number(1), data: number(0) }] })))
/** u = p(x) q(y): p, −p″ along x and q, −q″ along y. */
interface Factors {
  readonly p: Float64Array
  readonly minusP: Float64Array
  readonly q: Float64Array
  readonly minusQ: Float64Array
}
function factors(libm: Libm): Factors {
  const sample = (value: (s: number) => number): Float64Array => Float64Array.from({ length: intervals + 1 }, (_, i) => value(i / intervals))
  return { p: sample(x => x * (1 - x) * libm.exp(x)), minusP: sample(x => x * (x + 3) * libm.exp(x)), q: sample(y => y * y * (1 - y)), minusQ: sample(y => 6 * y - 2) }
}

interface Measured {
  readonly seconds: number
  readonly residual: number
  readonly error: number
  readonly iterations: number
}

function solveOnce(team: Team, libm: Libm, { p, minusP, q, minusQ }: Factors): Measured {
  const n = intervals + 1
  const mark = team.arena.mark()
  const F = team.arena.f64(n * n)
  const u = team.arena.f64(n * n)
  const right = F.view()
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) right[j * n + i] = (minusP[i] * q[j] + p[i] * minusQ[j]) / (intervals * intervals)
  const started = performance.now()
  const grid = { axes: [uniformAxis('x', 0, 1, n, false), uniformAxis('y', 0, 1, n, false)] }
  const linear = { diffusion: [number(1), number(1)], advection: [number(0), number(0)], reaction: number(0), symmetric: true }
  const operator = createEllipticOperator({ grid, boundary, linear, elliptic: true }, team, libm)
  const { iterations, residual } = createLinearSolver(operator, { shift: 0, tolerance }, team).solve(F, u, true)
  const seconds = (performance.now() - started) / 1000
  const values = u.view()
  let difference = 0
  let size = 0
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < n; i++) {
      const exact = p[i] * q[j]
      difference += (values[j * n + i] - exact) ** 2
      size += exact * exact
    }
  }
  team.arena.release(mark)
  return { seconds, iterations, residual, error: Math.sqrt(difference / size) }
}

interface Peer {
  readonly name: string
  readonly seconds: number
  readonly processes: number
  readonly iterations?: number
  readonly error: number
}

/** Runs the peers' script; each prints one JSON line per method. */
function runPeers(): Peer[] {
  const { stdout, stderr, error } = spawnSync('/usr/bin/python3', ['bench/poisson-2d.py', String(intervals), String(tolerance)], { encoding: 'utf8', maxBuffer: 1e8 })
  if (error) process.stderr.write(`peers are missing: ${error.message}\n`)
  if (stderr) process.stderr.write(stderr)
  return (stdout ?? '').split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line) as Peer)
}

export async function bench([nodes = '1025']: readonly string[] = []): Promise<void> {
  intervals = Number(nodes) - 1
  if (!(Number.isInteger(intervals) && intervals >= 4 && intervals % 4 === 0)) throw new Error(`"${nodes}" is no number of nodes per side whose intervals halve twice`)
  if (intervals > 1024) repetitions = 6
  const kernels = readKernels()
  const libm = loadLibm(kernels)
  const problem = factors(libm)
  const ours: { threads: number; seconds: number }[] = []
  for (const threads of [1, 2]) {
    const team = createThreadTeam({ threads, kernels })
    await team.ready
    for (let warm = 0; warm < 3; warm++) solveOnce(team, libm, problem)
    const runs = Array.from({ length: repetitions }, () => solveOnce(team, libm, problem))
    await team.dispose()
    const seconds = Math.min(...runs.map(run => run.seconds))
    ours.push({ threads, seconds })
    const { iterations, residual, error } = runs[0]
    console.log(`residuum, ${threads} thread${threads > 1 ? 's' : ''}: ${(1000 * seconds).toFixed(1)} ms, ${iterations} cycles, residual ${residual.toExponential(1)}, nodal relative L2 error ${error.toExponential(3)}`)
  }
  const peers = runPeers()
  for (const peer of peers) {
    const own = ours.find(run => run.threads === peer.processes) ?? ours[0]
    console.log(`${peer.name}: ${(1000 * peer.seconds).toFixed(1)} ms${peer.iterations === undefined ? '' : `, ${peer.iterations} iterations`}, error ${peer.error.toExponential(3)}: ${(peer.seconds / own.seconds).toFixed(2)} times ours on ${own.threads}`)
  }
  for (const { threads, seconds } of ours) {
    const best = peers.filter(peer => peer.processes <= threads).sort((a, b) => a.seconds - b.seconds)[0]
    console.log(JSON.stringify({ name: intervals === 1024 ? 'poisson-2d' : `poisson-2d-${intervals + 1}`, ours_seconds: seconds, peer: best?.name ?? null, peer_seconds: best?.seconds ?? null, ratio: best ? best.seconds / seconds : null, threads }))
  }
}
