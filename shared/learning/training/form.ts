import type { Shape } from '../graph/graph'
import type { Network } from '../networks/network'
import type { RandomStream } from '../random'
import { add, concat, mul, reshape, slice, sqrt, square, sum, type Tensor, type Tensors } from '../tf'

/** What a part of a loss asks for. Weights of a document are given by kind. */
export type PartKind = 'equation' | 'boundary' | 'initial' | 'data'

/**
 * A loss Σ_k λ_k L_k(u_θ) over arrays of fixed shapes, as every optimizer needs it: the strong, the variational and the weak form of a statement are three of them.
 * New points of the same counts are new inputs; the graph stays.
 */
export interface TrainingForm {
  /** The parts in the order of `evaluate`. Names are those of curves: `equation u`, `u on left`. */
  readonly parts: readonly { readonly name: string; readonly kind: PartKind }[]
  /** The arrays that a step brings, by name, with their shapes: points, normals, quadrature weights. */
  readonly inputs: Readonly<Record<string, Shape>>
  /** Such arrays, drawn from `stream`. */
  draw(stream: RandomStream): Readonly<Record<string, Float64Array>>
  /** Steps after which `draw` should be asked again where nobody says otherwise: 0 or absent for points that may stay. */
  readonly resample?: number
  /** Whether its loss is an energy: no sum of squares, and 0 is nothing to be measured from. */
  readonly energy?: boolean
  /** Of forms whose equations are asked for point by point; adaptive points and causal weights need it. */
  readonly equationPoints?: EquationPoints
  /** A second network that is trained against the first: only optimizers inside the graph know how. */
  readonly adversary?: Adversary
  /** The parts without their factors λ. */
  evaluate(network: Network, parameters: Tensors, inputs: Tensors): readonly LossPart[]
}

/** A network that raises what the other lowers. Its arrays are inputs of the form, with first values from `draw`; an optimizer that trains it puts its own in their place. */
export interface Adversary {
  readonly arrays: readonly string[]
  /** Its steps before each step of the other network, with the rate of Adam. */
  readonly steps: number
  readonly rate: number
  /** What it raises, []. */
  gain(network: Network, parameters: Tensors, inputs: Tensors): Tensor
}

/** The points that carry the equations: row n of the input `input` is entry n of the only column of every equation. */
export interface EquationPoints {
  readonly input: string
  readonly count: number
  /** The box around the domain, coordinate by coordinate, the time last where there is one. */
  readonly lower: readonly number[]
  readonly upper: readonly number[]
  readonly periodic: readonly boolean[]
  readonly timed: boolean
  /** `count` points spread as the form spreads its own, row-major. */
  sample(count: number, stream: RandomStream): Float64Array
  /** Whether a point of the box belongs to the domain. */
  contains(point: Float64Array): boolean
}

export type LossPart = SquaresPart | EnergyPart

/** A linear map of columns, [points, any] → [rows, any], with a matrix, blocks or factors that do not depend on the network. */
export type LinearMap = (columns: Tensor) => Tensor

/**
 * L = Σ r². Without `through` r is the only column; with it r = Σ_i through_i(columns_i), one linear map [points] → [rows] for each column (moments against test functions).
 * Entry n of a column [points, 1] depends on the parameters through the network at point n alone: Jacobians are taken point by point.
 */
export interface SquaresPart {
  readonly kind: 'squares'
  readonly columns: readonly Tensor[]
  readonly through?: readonly LinearMap[]
}

/**
 * L = `value` [], any function of the network, unbounded below by zero. Its curvature in function space is 2 Σ mᵀm over the columns m [points, 1] of `metric`, differentiated with respect to
 * the parameters as residuals are: for ½∫a|∇u|² the columns √(wa/2) ∂ᵢu.
 */
export interface EnergyPart {
  readonly kind: 'energy'
  readonly value: Tensor
  readonly metric: readonly Tensor[]
}

/** Name of the input that holds λ, one number for each part. */
export const weightsInput = 'weights'

/** Name of the input [points, 1] that holds a factor for each point of the equations, in forms that were asked for one. Ones mean nothing. */
export const emphasisInput = 'emphasis'

/** Name of a part's curve: `u on left` → `loss_u_on_left`, `weight_u_on_left`. */
export const curveName = (quantity: 'loss' | 'weight' | 'gradient' | 'ntk', part: string): string => `${quantity}_${part.toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^_|_$/g, '').slice(0, 40)}`

/** All inputs of a step's program: those of the form, and the factors. */
export const inputsOf = (form: TrainingForm): Readonly<Record<string, Shape>> => ({ ...form.inputs, [weightsInput]: [form.parts.length] })

/** The parts with their factors: residuals times √λ, energies times λ. */
export function weightedParts(form: TrainingForm, network: Network, parameters: Tensors, inputs: Tensors): readonly LossPart[] {
  return form.evaluate(network, parameters, inputs).map((part, k) => {
    const weight = reshape(slice(inputs[weightsInput], [k], [1]), [])
    const root = sqrt(weight)
    if (part.kind === 'squares') return { ...part, columns: part.columns.map(column => mul(column, root)) }
    return { ...part, value: mul(part.value, weight), metric: part.metric.map(column => mul(column, root)) }
  })
}

/** r of a part of squares, [rows, 1]. */
export const residualOf = ({ columns, through }: SquaresPart): Tensor => (through ? columns.map((column, i) => through[i](column)).reduce((a, b) => add(a, b)) : columns[0])

/** A part's own loss, []. */
export const partLoss = (part: LossPart): Tensor => (part.kind === 'squares' ? sum(square(residualOf(part))) : part.value)

/** All parts' losses in one vector, [parts]; their sum is the loss. */
export const partLosses = (parts: readonly LossPart[]): Tensor => concat(parts.map(part => reshape(partLoss(part), [1])), 0)
