import { freeNames } from '../../../expressions'
import type { Libm } from '../../../expressions/libm'
import type { Block, Pointer, Team } from '../../../kernels/team'
import { createPointwise } from '../../time/pointwise'
import type { StableStep } from '../../time/stepper'
import type { Fluxes } from './fluxes'
import { createGhostLayers, layers, type Padding } from './ghost-layers'
import type { JetSystem } from './jet-system'

/** Nodes at which the wave speeds of a system are looked at. */
const mostSamples = 8192
/** Wave speeds are taken this much larger, for what lies between the samples. */
const margin = 1.05

export interface ShockCapturing {
  rate(time: number, state: Block, out: Block): void
  /** dt Σ_a α_a/h_a ≤ 1. */
  stableStep(time: number, state: Block): StableStep
}

/**
 * ∂ₜu_i = −Σ_a (ĥ_{p+1/2} − ĥ_{p−1/2})/h_a + source: fluxes by fifth-order WENO reconstruction, component by component, of a Lax–Friedrichs splitting with the largest wave speed α_a of the grid.
 * What leaves one cell enters the next, so sums change only through the sides and the source. Weights WENO-Z with ε = (h/L)⁴ of the fluxes' square, which keeps order five at extrema (C.-W. Shu, ICASE report 97-65, § 2.3;
 * W. S. Don, R. Borges, J. Comput. Phys. 250 (2013), doi:10.1016/j.jcp.2013.05.018; kernel: weno.ts.)
 */
export function createShockCapturing(system: JetSystem, { flux, jacobian, source }: Fluxes, team: Team, libm: Libm): ShockCapturing {
  const { arena } = team
  const { grid, nodes, count, problem } = system
  const shape = grid.axes.map(axis => axis.coordinates.length)
  const steps = grid.axes.map(axis => axis.coordinates[1] - axis.coordinates[0])
  const names = problem.system.components.map(c => c.name)
  const evaluateSource = system.evaluator(source)
  const longest = Math.max(...shape.map(n => (nodes / n) * (n + 2 * layers)))
  const padded = names.map(() => arena.f64(longest))
  const fluxes = names.map(() => arena.f64(longest))
  const numerical = arena.f64(longest)
  const ghosts = createGhostLayers(problem, grid, libm)

  const axes = grid.axes.map((_axis, a) => {
    const width = shape[a] + 2 * layers
    const stride = shape.slice(0, a).reduce((n, m) => n * m, 1)
    const padding: Padding = { axis: a, stride, width, blocks: nodes / (stride * shape[a]) }
    const length = stride * width * padding.blocks
    const used = new Set(flux[a].flatMap(e => [...freeNames(e).keys()]))
    const inputs: Record<string, Pointer> = Object.fromEntries(names.map((name, i) => [name, padded[i].pointer]))
    grid.axes.forEach((other, b) => {
      if (!used.has(other.name)) return
      const block = arena.f64(length)
      const view = block.view()
      const spacing = shape.map((n, c) => n + (c === a ? 2 * layers : 0))
      let step = 1
      for (let c = 0; c < b; c++) step *= spacing[c]
      for (let p = 0; p < length; p++) {
        const i = (Math.floor(p / step) % spacing[b]) - (b === a ? layers : 0)
        view[p] = other.coordinates[0] + i * steps[b]
      }
      inputs[other.name] = block.pointer
    })
    const program = createPointwise(team, flux[a], Object.fromEntries(Object.entries(inputs).filter(([name]) => used.has(name))), ['t'], fluxes.map(block => block.pointer))
    return { padding, length, program, used: flux[a].map(e => !(e.kind === 'number' && e.value === 0)) }
  })

  const speeds = createWaveSpeeds(jacobian, team)

  return {
    rate(time, state, out) {
      evaluateSource(time, state, names.map((_, i) => out.pointer + 8 * i * nodes))
      const alphas = speeds(time, state)
      const view = state.view()
      axes.forEach(({ padding, length, program, used }, a) => {
        names.forEach((_, i) => ghosts.fill(padding, i, view.subarray(i * nodes, (i + 1) * nodes), padded[i].view(), time))
        program.run(0, length, [time])
        const { stride, width } = padding
        names.forEach((_, i) => {
          if (!used[i]) return
          const magnitude = team.reduce('vectors.maxAbs', 0, length, [fluxes[i].pointer], { combine: 'max' }) + alphas[a] * team.reduce('vectors.maxAbs', 0, length, [padded[i].pointer], { combine: 'max' })
          const tiny = Math.max(1e-300, magnitude * magnitude / (shape[a] * shape[a] * shape[a] * shape[a]))
          team.parallel('weno.flux', 2 * stride, length - 3 * stride, [padded[i].pointer, fluxes[i].pointer, stride, alphas[a], tiny, numerical.pointer], { grain: 1024 })
          // Along x a row of nodes is one line; along others `stride` nodes lie side by side.
          const [rowWidth, rows, inner] = a === 0 ? [shape[0], 1, 0] : [stride, shape[a], stride]
          team.parallel('weno.difference', 0, nodes / rowWidth, [rowWidth, rows, layers * stride, inner, stride * width, numerical.pointer, stride, 1 / steps[a], out.pointer + 8 * i * nodes], { grain: Math.max(1, Math.ceil(1024 / rowWidth)) })
        })
      })
      system.operators.imposeRates(out, time)
    },
    stableStep(time, state) {
      const alphas = speeds(time, state)
      const rate = alphas.reduce((sum, alpha, a) => sum + alpha / steps[a], 0)
      return { dt: rate > 0 ? 1 / rate : Infinity, reason: `waves of speed ${Number(Math.max(...alphas).toPrecision(3))} cross cells of ${steps.map(h => Number(h.toPrecision(3))).join(' × ')}` }
    },
  }

  /** α_a ≥ the spectral radius of ∂F[a]/∂u at every node. */
  function createWaveSpeeds(matrices: Fluxes['jacobian'], own: Team): (time: number, state: Block) => number[] {
    const stride = count === 1 ? 1 : Math.max(1, Math.floor(nodes / mostSamples))
    const samples = Math.ceil(nodes / stride)
    const values = names.map(() => own.arena.f64(samples))
    const used = new Set(matrices.flat(2).flatMap(e => [...freeNames(e).keys()]))
    const inputs: Record<string, Pointer> = Object.fromEntries(names.filter(name => used.has(name)).map(name => [name, values[names.indexOf(name)].pointer]))
    let step = 1
    grid.axes.forEach(axis => {
      if (used.has(axis.name)) inputs[axis.name] = own.arena.from(Float64Array.from({ length: samples }, (_, k) => axis.coordinates[Math.floor((k * stride) / step) % axis.coordinates.length])).pointer
      step *= axis.coordinates.length
    })
    const expressions = matrices.flat(2)
    const outputs = expressions.map(() => own.arena.f64(samples))
    const program = createPointwise(own, expressions, inputs, ['t'], outputs.map(block => block.pointer))
    const matrix = new Float64Array(count * count)
    const work = [new Float64Array(count * count), new Float64Array(count * count)] as const
    return (time, state) => {
      const view = state.view()
      values.forEach((block, i) => {
        const target = block.view()
        for (let k = 0; k < samples; k++) target[k] = view[i * nodes + k * stride]
      })
      program.run(0, samples, [time])
      const perAxis = count * count
      return grid.axes.map((_, a) => {
        const entries = outputs.slice(a * perAxis, (a + 1) * perAxis).map(block => block.view())
        let most = 0
        for (let k = 0; k < samples; k++) {
          for (let e = 0; e < perAxis; e++) matrix[e] = entries[e][k]
          const radius = spectralRadius(matrix, count, work)
          most = radius > most || Number.isNaN(radius) ? radius : most
        }
        return stride === 1 ? most : margin * most
      })
    }
  }
}

/** An upper estimate of the largest |eigenvalue|: ‖A^64‖^{1/64} (Gelfand), with powers scaled on the way. `work`: two arrays of n² numbers. */
export function spectralRadius(matrix: Float64Array, n: number, work: readonly [Float64Array, Float64Array] = [new Float64Array(n * n), new Float64Array(n * n)]): number {
  if (n === 1) return Math.abs(matrix[0])
  let [power, next] = work
  for (let e = 0; e < n * n; e++) power[e] = matrix[e]
  let result = 1
  for (let k = 0; k <= 6; k++) {
    let norm = 0
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < n; j++) sum += Math.abs(power[i * n + j])
      if (!(sum <= norm)) norm = sum
    }
    if (!(norm > 0)) return norm === 0 ? 0 : NaN
    // ρ(A) ≤ Π normₖ^{1/2ᵏ}: each norm is of the power of the matrix scaled before.
    let part = norm
    for (let s = 0; s < k; s++) part = Math.sqrt(part)
    result *= part
    if (k === 6) break
    const inverse = 1 / norm
    for (let e = 0; e < n * n; e++) power[e] *= inverse
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0
        for (let l = 0; l < n; l++) sum += power[i * n + l] * power[l * n + j]
        next[i * n + j] = sum
      }
    }
    ;[power, next] = [next, power]
  }
  return result
}
