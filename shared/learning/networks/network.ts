import type { InitialArray } from '../compile'
import type { RandomStream } from '../random'
import { valueSpace, type Jet } from '../taylor'
import type { Tensor, Tensors } from '../tf'

/** Arrays by name, with the values they start from. */
export type Parameters = Readonly<Record<string, InitialArray>>

/**
 * A function u: R^inputs → R^outputs with parameters, written once on jets: in the space of values it is the plain network, in another space its derivatives come with it.
 * Dense layers are named `dense0`, `dense1`, …; kernels are [in, out], y = x K + b.
 */
export interface Network {
  readonly inputs: number
  readonly outputs: number
  /** Names of arrays that are kept and saved with the others but not trained (random features). */
  readonly fixed: readonly string[]
  initialise(random: RandomStream): Parameters
  /** x [points, inputs] → [points, outputs], with all derivatives that x carries. */
  propagate(parameters: Tensors, x: Jet): Jet
}

export interface NetworkShape {
  readonly inputs: number
  readonly outputs: number
  /** Half-waves that are expected along each input over [−1, 1]; ones by default. Initial weights that lay a basis over the domain make it as fine. */
  readonly halfWaves?: readonly number[]
}

/** What a registry line loads: builds a network from options that its descriptor's schema has parsed. */
export interface NetworkFamily<Options = never> {
  build(options: Options, shape: NetworkShape): Network
}

/** u(x) at x [points, inputs], [points, outputs]. */
export const applyNetwork = (network: Network, parameters: Tensors, x: Tensor): Tensor => network.propagate(parameters, valueSpace(network.inputs).seed(x)).value

export const trainedNames = (network: Network, parameters: Readonly<Record<string, unknown>>): readonly string[] => Object.keys(parameters).filter(name => !network.fixed.includes(name))

/** Number of real numbers that are trained. */
export function parameterCount(parameters: Parameters, fixed: readonly string[] = []): number {
  return Object.entries(parameters).reduce((sum, [name, { values }]) => sum + (fixed.includes(name) ? 0 : values.length), 0)
}

/** The same arrays as `prefix.name`: several networks in one state. */
export const withPrefix = <T>(prefix: string, named: Readonly<Record<string, T>>): Readonly<Record<string, T>> => Object.fromEntries(Object.entries(named).map(([name, value]) => [`${prefix}.${name}`, value]))
/** Those of `prefix.name`, as `name`. */
export const ofPrefix = <T>(prefix: string, named: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(named).flatMap(([name, value]) => (name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), value]] : [])))
