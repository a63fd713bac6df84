/**
 * Forward transforms of 512 × 512 and 1024 × 1024 real and complex numbers in double precision, unscaled, from one array into another (real) or in place (complex), plans made before the clock
 * starts. Best of several runs. Peers: numpy.fft, scipy.fft and FFTW with measured plans.
 */
import { spawnSync } from 'node:child_process'
import { loadLibm, readKernels } from '../electron/engine/kernels'
import { createThreadTeam } from '../electron/engine/threads/team'
import type { Libm } from '../shared/expressions/libm'
import type { Team } from '../shared/kernels/team'
import { createComplexTransform, createFourierTransform } from '../shared/solvers/spectral/fft'

const sizes = [512, 1024]
const repetitions = 40
const kinds = ['real', 'complex'] as const
type Kind = (typeof kinds)[number]

/** The same numbers as the peers' script makes: multiplicative congruential, uniform in [−1, 1). */
function numbers(length: number): Float64Array {
  let state = 12345
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

interface Measured {
  readonly kind: Kind
  readonly size: number
  readonly threads: number
  readonly seconds: number
  /** |X_{1,1}|, to compare by. */
  readonly first: number
}

function best(run: () => void): number {
  for (let warm = 0; warm < 5; warm++) run()
  let seconds = Infinity
  for (let i = 0; i < repetitions; i++) {
    const started = performance.now()
    run()
    seconds = Math.min(seconds, (performance.now() - started) / 1000)
  }
  return seconds
}

function measure(kind: Kind, n: number, team: Team, libm: Libm): Measured {
  const mark = team.arena.mark()
  const modulus = (view: Float64Array, at: number): number => Math.sqrt(view[at] ** 2 + view[at + 1] ** 2)
  let measured: Measured
  if (kind === 'real') {
    const fourier = createFourierTransform(team, libm, [n, n])
    const values = team.arena.from(numbers(n * n))
    const spectrum = team.arena.f64(2 * fourier.coefficients)
    const seconds = best(() => fourier.forward(values.pointer, spectrum.pointer))
    measured = { kind, size: n, threads: team.threads, seconds, first: modulus(spectrum.view(), 2 * (n / 2 + 2)) }
  } else {
    const fourier = createComplexTransform(team, libm, [n, n])
    const values = team.arena.from(numbers(2 * n * n))
    fourier.forward(values.pointer)
    const first = modulus(values.view(), 2 * (n + 1))
    // In place again and again: each time numbers grow by n at most, far from overflow after 45 of them.
    const seconds = best(() => fourier.forward(values.pointer))
    measured = { kind, size: n, threads: team.threads, seconds, first }
  }
  team.arena.release(mark)
  return measured
}

interface Peer extends Measured {
  readonly name: string
}

function runPeers(): Peer[] {
  const { stdout, stderr, error } = spawnSync('/usr/bin/python3', ['bench/fft-2d.py', String(repetitions), ...sizes.map(String)], { encoding: 'utf8', maxBuffer: 1e8 })
  if (error) process.stderr.write(`peers are missing: ${error.message}\n`)
  if (stderr) process.stderr.write(stderr)
  return (stdout ?? '').split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line) as Peer)
}

export async function bench(): Promise<void> {
  const kernels = readKernels()
  const libm = loadLibm(kernels)
  const ours: Measured[] = []
  for (const threads of [1, 2]) {
    const team = createThreadTeam({ threads, kernels })
    await team.ready
    for (const kind of kinds) for (const size of sizes) ours.push(measure(kind, size, team, libm))
    await team.dispose()
  }
  const text = ({ kind, size, threads, seconds, first }: Measured): string => `${size}² ${kind}, ${threads} thread${threads > 1 ? 's' : ''}: ${(1000 * seconds).toFixed(2)} ms, |X₁₁| ${first.toPrecision(12)}`
  for (const own of ours) console.log(`residuum, ${text(own)}`)
  const peers = runPeers()
  for (const peer of peers) console.log(`${peer.name}, ${text(peer)}`)
  for (const own of ours) {
    const same = peers.filter(peer => peer.kind === own.kind && peer.size === own.size && peer.threads <= own.threads)
    for (const name of ['numpy.fft', 'FFTW']) {
      const peer = same.filter(p => p.name.startsWith(name)).sort((a, b) => a.seconds - b.seconds)[0]
      console.log(JSON.stringify({ name: 'fft-2d', kind: own.kind, size: own.size, ours_seconds: own.seconds, peer: peer?.name ?? null, peer_seconds: peer?.seconds ?? null, ratio: peer ? peer.seconds / own.seconds : null, threads: own.threads }))
    }
  }
}
