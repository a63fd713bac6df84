/**
 * One step of ETDRK4 (four evaluations of the nonlinear term) for ∂ₜω + u·∇ω = ν Δω + f, −Δψ = ω on the unit torus, with 2/3 dealiasing, on 256² and 512² nodes. Ours runs the general solver on
 * the statement as a user types it; the peers are the same scheme written for this equation in NumPy and with FFTW's transforms. Best of several runs of several steps.
 */
import { spawnSync } from 'node:child_process'
import { loadLibm, readKernels } from '../electron/engine/kernels'
import { createThreadTeam } from '../electron/engine/threads/team'
import type { Libm } from '../shared/expressions/libm'
import type { Team } from '../shared/kernels/team'
import type { AnalysedProblem } from '../shared/problems/analysed'
import { analyse } from '../shared/problems/analyse'
import { createExponentialStepper } from '../shared/solvers/spectral/exponential'
import { createSpectralSystem } from '../shared/solvers/spectral/system'
import { uniformGrid } from '../shared/solvers/time/grid'

const steps = 8
const repetitions = 7
const dt = 1e-3
const sizes = [256, 512]

function vorticity(libm: Libm): AnalysedProblem {
  const { problem } = analyse({
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [true, true] }, time: [0, 1], unknowns: ['w', 'psi'], parameters: { nu: 1e-4 },
    equations: ['dt(w) + dy(psi)*dx(w) - dx(psi)*dy(w) = nu*lap(w) + 0.1*(sin(2*pi*(x + y)) + cos(2*pi*(x + y)))', '-lap(psi) = w'],
    initial: { w: 'sin(2*pi*x)*sin(2*pi*y) + cos(4*pi*x + 2*pi*y) + 0.5*sin(6*pi*y)' },
  }, libm)
  if (!problem) throw new Error('the statement of the benchmark has faults')
  return problem
}

/** Seconds per step, and the mean square of ω at the end to compare the schemes by. */
function measure(problem: AnalysedProblem, n: number, team: Team, libm: Libm): { readonly seconds: number; readonly enstrophy: number } {
  const mark = team.arena.mark()
  const system = createSpectralSystem(problem, uniformGrid(problem.axes, [n, n]), { window: 'two-thirds', splitDiffusion: true }, team, libm)
  const stepper = createExponentialStepper(system, team, libm, 1)
  let time = 0
  let seconds = Infinity
  let enstrophy = 0
  for (let run = 0; run < repetitions; run++) {
    const started = performance.now()
    for (let step = 0; step < steps; step++, time += dt) stepper.step(time, dt)
    seconds = Math.min(seconds, (performance.now() - started) / 1000 / steps)
    if (run === 0) enstrophy = stepper.nodalValues().subarray(0, n * n).reduce((sum, w) => sum + (w * w) / (n * n), 0)
  }
  team.arena.release(mark)
  return { seconds, enstrophy }
}

interface Peer {
  readonly name: string
  readonly size: number
  readonly seconds: number
  readonly threads: number
  readonly enstrophy: number
}

function runPeers(): Peer[] {
  const { stdout, stderr, error } = spawnSync('/usr/bin/python3', ['bench/vorticity.py', String(steps), String(repetitions), String(dt), ...sizes.map(String)], { encoding: 'utf8', maxBuffer: 1e8 })
  if (error) process.stderr.write(`peers are missing: ${error.message}\n`)
  if (stderr) process.stderr.write(stderr)
  return (stdout ?? '').split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line) as Peer)
}

export async function bench(): Promise<void> {
  const kernels = readKernels()
  const libm = loadLibm(kernels)
  const problem = vorticity(libm)
  const ours: { readonly threads: number; readonly size: number; readonly seconds: number }[] = []
  for (const threads of [1, 2]) {
    const team = createThreadTeam({ threads, kernels })
    await team.ready
    for (const size of sizes) {
      const { seconds, enstrophy } = measure(problem, size, team, libm)
      ours.push({ threads, size, seconds })
      console.log(`residuum, ${size}², ${threads} thread${threads > 1 ? 's' : ''}: ${(1000 * seconds).toFixed(2)} ms per step, mean ω² ${enstrophy.toPrecision(15)}`)
    }
    await team.dispose()
  }
  const peers = runPeers()
  for (const peer of peers) console.log(`${peer.name}, ${peer.size}², ${peer.threads} thread${peer.threads > 1 ? 's' : ''}: ${(1000 * peer.seconds).toFixed(2)} ms per step, mean ω² ${peer.enstrophy.toPrecision(15)}`)
  for (const { threads, size, seconds } of ours) {
    for (const name of ['NumPy', 'pyFFTW']) {
      const peer = peers.filter(p => p.size === size && p.threads <= threads && p.name.startsWith(name)).sort((a, b) => a.seconds - b.seconds)[0]
      console.log(JSON.stringify({ name: 'vorticity', size, ours_seconds: seconds, peer: peer?.name ?? null, peer_seconds: peer?.seconds ?? null, ratio: peer ? peer.seconds / seconds : null, threads }))
    }
  }
}
