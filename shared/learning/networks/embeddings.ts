import { error, FaultError } from '../../fault'
import { affine, applyFunction, joinJets, shiftJet, sinFunction, widthOf, type Jet } from '../taylor'
import { constant, type Tensor } from '../tf'
import type { Network } from './network'

/** A fixed map of the coordinates that a network then takes as its inputs. */
export interface Embedding {
  readonly inputs: number
  readonly outputs: number
  propagate(x: Jet): Jet
}

/** The network of embedded coordinates: `inner` has the embedding's outputs as inputs. */
export const withEmbedding = (embedding: Embedding, inner: Network): Network => ({
  ...inner, inputs: embedding.inputs, propagate: (parameters, x) => inner.propagate(parameters, embedding.propagate(x)),
})

/** [cos xΩ, sin xΩ] for angular frequencies Ω [inputs, count]: one product and one sine. */
export function fourierFeatures(x: Jet, frequencies: Tensor): Jet {
  const phases = affine(x, frequencies)
  const count = widthOf(phases)
  return applyFunction(sinFunction, shiftJet(joinJets([phases, phases]), constant(Array.from({ length: 2 * count }, (_, i) => (i < count ? Math.PI / 2 : 0)))))
}

/** Coordinates mapped to [−1, 1]: 2 (x − lower) / (upper − lower) − 1. Keeps initial weights in their range for boxes of any size. */
export function boxEmbedding(lower: readonly number[], upper: readonly number[]): Embedding {
  const wrong = lower.findIndex((a, i) => !(upper[i] > a))
  if (wrong >= 0) throw new FaultError(error('network-box', `Coordinate ${wrong + 1} goes from ${lower[wrong]} to ${upper[wrong]}, which is no interval.`))
  const d = lower.length
  const scale = lower.map((a, i) => 2 / (upper[i] - a))
  const matrix = Array.from({ length: d * d }, (_, k) => (k % (d + 1) === 0 ? scale[k / (d + 1)] : 0))
  const shift = lower.map((a, i) => -1 - a * scale[i])
  return { inputs: d, outputs: d, propagate: x => affine(x, constant(matrix, [d, d]), constant(shift)) }
}

export interface PeriodicAxis {
  /** Length after which solutions repeat. */
  readonly period: number
  /** Cosines and sines of 1 … harmonics times the basic frequency; 1 is enough for a network, more help with detail. */
  readonly harmonics?: number
}

/**
 * Exactly periodic networks: a periodic coordinate x becomes cos(2πkx/L), sin(2πkx/L), k = 1 … harmonics; the others (undefined) pass. All derivatives are periodic too.
 * Dong & Ni 2021, doi:10.1016/j.jcp.2021.110242.
 */
export function periodicEmbedding(axes: readonly (PeriodicAxis | undefined)[]): Embedding {
  const waves = axes.flatMap((axis, i) => (axis ? Array.from({ length: axis.harmonics ?? 1 }, (_, k) => ({ axis: i, frequency: (2 * Math.PI * (k + 1)) / axis.period })) : []))
  const passing = axes.flatMap((axis, i) => (axis ? [] : [i]))
  const selection = (columns: readonly { readonly axis: number; readonly frequency: number }[]): Tensor =>
    constant(axes.flatMap((_, i) => columns.map(({ axis, frequency }) => (axis === i ? frequency : 0))), [axes.length, columns.length])
  return {
    inputs: axes.length, outputs: 2 * waves.length + passing.length,
    propagate: x => joinJets([
      ...(waves.length > 0 ? [fourierFeatures(x, selection(waves))] : []),
      ...(passing.length > 0 ? [affine(x, selection(passing.map(axis => ({ axis, frequency: 1 }))))] : []),
    ]),
  }
}
