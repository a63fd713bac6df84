import type { Libm } from '../expressions/libm'
import { evaluateGraph } from './graph/evaluate'
import type { Data } from './graph/graph'
import { valueAndGradients } from './gradients'
import type { Parameters } from './networks'
import { constant, mul, sum, type Tensor, type Tensors } from './tf'
import { trace } from './tracing/trace'

/** What a function of parameters gives, by the reference interpreter in double precision. */
export function evaluateWith(parameters: Parameters, read: (parameters: Tensors) => Tensors, libm: Libm): Readonly<Record<string, Data>> {
  const state = Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape]))
  const values = Object.fromEntries(Object.entries(parameters).map(([name, array]) => [name, array.values]))
  return evaluateGraph(trace(given => ({ state: given, outputs: read(given) }), { state }), values, libm).outputs
}

/**
 * Largest difference between the reverse pass and central differences of the same scalar along `directions` random directions of all parameters together, relative to the derivative's size.
 * Differences are of fourth order: (8 (f₊ − f₋) − (f₊₊ − f₋₋)) / 12h.
 */
export function gradientDefect(parameters: Parameters, loss: (parameters: Tensors) => Tensor, directions: readonly Parameters[], libm: Libm, h = 1e-3): number {
  const graph = trace(given => {
    const { value, gradients } = valueAndGradients(p => ({ value: loss(p) }), given)
    return { state: given, outputs: { value, ...Object.fromEntries(Object.entries(gradients).map(([name, g]) => [`gradient.${name}`, g])) } }
  }, { state: Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape])) })
  const at = (direction: Parameters, t: number): Readonly<Record<string, Data>> =>
    evaluateGraph(graph, Object.fromEntries(Object.entries(parameters).map(([name, { values }]) => [name, (values as Float64Array).map((v, i) => v + t * direction[name].values[i])])), libm).outputs
  return Math.max(...directions.map(direction => {
    const here = at(direction, 0)
    const slope = Object.entries(direction).reduce((total, [name, { values }]) => total + (values as Float64Array).reduce((s, v, i) => s + v * here[`gradient.${name}`][i], 0), 0)
    const value = (t: number): number => at(direction, t).value[0]
    const difference = (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
    return Math.abs(difference - slope) / (1 + Math.abs(slope))
  }))
}

/** Σ wᵢ yᵢ with weights of no symmetry: a scalar that every entry of y reaches. */
export const weightedSum = (y: Tensor): Tensor => {
  const size = y.shape.reduce((product, n) => product * n, 1)
  return sum(mul(y, constant(Array.from({ length: size }, (_, i) => 0.3 + (((i * 7919) % 101) / 101 - 0.5)), y.shape)))
}
