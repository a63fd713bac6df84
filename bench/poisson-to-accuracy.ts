/**
 * Time from nothing to a relative L² error of 1e-3, 1e-5 and 1e-7 for −Δu = f on the unit square, u = sin πx sin πy: a train step with its defaults (Gauss–Newton, 64 tanh, 900 + 120 points, double
 * precision), compiling and the measuring of errors included, against PyTorch with Adam and with L-BFGS on networks of one and of three layers, steps only. Medians over seeds; the peer's best method
 * counts for each target. What the peer does not reach in its time (`--peer-seconds`, 120) is counted as that time, so that the ratio is a lower bound. The line is about 1e-5.
 */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadLibm, readKernels } from '../electron/engine/kernels'
import { createLearningRuntime } from '../electron/engine/learning/runtime'
import { createThreadTeam } from '../electron/engine/threads/team'
import type { Run } from '../shared/kernels/team'
import { analyse } from '../shared/problems/analyse'
import type { StepContext } from '../shared/steps/step-kind'
import { train } from '../shared/steps/train'

const targets = [1e-3, 1e-5, 1e-7]
/** What PINNs are usually made of, and the network that ours has. */
const peers = [['adam', 50, 3], ['adam', 64, 1], ['lbfgs', 50, 3], ['lbfgs', 64, 1]] as const
const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

type Times = Readonly<Record<string, number | null>>

async function ours(seed: number, threads: number): Promise<Times> {
  const kernels = readKernels()
  const libm = loadLibm(kernels)
  const { problem } = analyse({ catalogue: 'poisson-2d' }, libm)
  const team = createThreadTeam({ kernels, threads })
  const reached: Record<string, number> = {}
  const started = performance.now()
  const run: Run = {
    progress: () => undefined, log: () => undefined, frame: () => undefined, checkpoint: () => undefined, resumed: undefined, throwIfCancelled: () => undefined,
    series: (name, _, value) => {
      if (name !== 'relative_l2_curve') return
      for (const target of targets) if (value <= target) reached[target] ??= (performance.now() - started) / 1000
    },
  }
  const step = { id: 'net', kind: 'train', budget: { steps: 80 }, resolution: [9, 9] }
  await (await train.load()).run({ step, problem, run, libm, seed, team, learning: createLearningRuntime({ threads }), now: () => performance.now() } as unknown as StepContext)
  team.dispose()
  return Object.fromEntries(targets.map(t => [t, reached[t] ?? null]))
}

function peer([method, width, depth]: (typeof peers)[number], seed: number, threads: number, seconds: number): Times | undefined {
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [join(root, 'bench/peers/poisson_to_accuracy.py'), method, String(width), String(depth), String(threads), String(seed), String(seconds), targets.join(',')], { encoding: 'utf8' })
  if (status === 3) return undefined
  if (status !== 0) throw new Error(stderr)
  const found = JSON.parse(stdout) as Record<string, number | null>
  return Object.fromEntries(targets.map((t, i) => [t, Object.values(found)[i]]))
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]
const shown = (seconds: number, limit: number): string => (seconds >= limit ? `> ${limit} s` : `${seconds.toFixed(2)} s`)

export async function bench(options: readonly string[]): Promise<void> {
  const value = (name: string, otherwise: string): string => (options.includes(name) ? options[options.indexOf(name) + 1] : otherwise)
  const seeds = value('--seeds', '1,2,3').split(',').map(Number)
  const limit = Number(value('--peer-seconds', '120'))
  const threads = Number(value('--threads', '2'))
  const found: Times[] = []
  for (const seed of seeds) found.push(await ours(seed, threads))
  const reachedAt = (all: readonly Times[], target: number, otherwise: number): number => median(all.map(t => t[target] ?? otherwise))
  console.log(`Residuum, Gauss–Newton: ${targets.map(t => `${t} after ${shown(reachedAt(found, t, Infinity), limit)}`).join(', ')} (seeds ${seeds.join(', ')})`)
  const best: Record<string, { seconds: number; name: string }> = {}
  for (const one of peers) {
    const times = seeds.map(seed => peer(one, seed, threads, limit))
    if (times.some(t => t === undefined)) {
      console.log('PyTorch is missing: the peer is left out.')
      break
    }
    const name = `PyTorch ${one[0] === 'adam' ? 'Adam' : 'L-BFGS'}, ${one[2]} × ${one[1]} tanh`
    console.log(`${name}: ${targets.map(t => `${t} after ${shown(reachedAt(times as Times[], t, limit), limit)}`).join(', ')}`)
    for (const target of targets) {
      const seconds = reachedAt(times as Times[], target, limit)
      if (!best[target] || seconds < best[target].seconds) best[target] = { seconds, name }
    }
  }
  const ratios = Object.fromEntries(targets.map(t => [t, best[t] ? Number((best[t].seconds / reachedAt(found, t, Infinity)).toPrecision(3)) : null]))
  const middle = best[1e-5]
  console.log(JSON.stringify({ name: 'poisson-to-accuracy', ours_seconds: reachedAt(found, 1e-5, Infinity), peer: middle?.name ?? null, peer_seconds: middle?.seconds ?? null, ratio: ratios[1e-5], threads, ratios, peer_limit_seconds: limit }))
}
