import { add, broadcastTo, concat, matMul, mul, reshape, split, sub, zeros, type Operand, type Tensor } from '../tf'

/**
 * Forward Taylor propagation: a network's value and chosen derivatives with respect to its inputs, carried together through the layers. What is carried is a jet; which derivatives
 * a jet has, how jets multiply and how functions act on them is the matter of its space. One reverse pass through all of it then differentiates any loss of those derivatives.
 *
 * Shapes: `value` [points, width]; each part [channels, points, width]. A part that is the same at all points may be [channels, 1, width]; one that vanishes is undefined.
 */
export interface Jet {
  readonly space: TaylorSpace
  readonly value: Tensor
  /** Derivatives, grouped as the space groups them. */
  readonly parts: readonly (Tensor | undefined)[]
}

export interface TaylorSpace {
  /** Number of input coordinates. */
  readonly dimension: number
  /** Channels of each part. */
  readonly sizes: readonly number[]
  /** The jet of the coordinates themselves at `x` [points, dimension]. */
  seed(x: Tensor): Jet
  /** Leibniz' rule: the jet of a·b, entry by entry. */
  product(a: Jet, b: Jet): Jet
  /** Faà di Bruno's rule: the jet of f(z) from `derivatives(order)` = [f(z), f′(z), … f⁽ᵒʳᵈᵉʳ⁾(z)] at the value of z. */
  compose(derivatives: (order: number) => readonly Tensor[], z: Jet): Jet
  /** ∂^α of what the jet carries, [points, width]; α counts derivatives by coordinate, [0, 2] is ∂²/∂y². Throws FaultError `taylor-missing` when the space does not carry it. */
  derivative(jet: Jet, alpha: readonly number[]): Tensor
}

/** tfjs types shapes by rank; here they are lists. */
export const lengthsOf = (x: Tensor): readonly number[] => x.shape
export const rowsOf = (jet: Jet): number => lengthsOf(jet.value)[0]
export const widthOf = (jet: Jet): number => lengthsOf(jet.value)[1]

export const makeJet = (space: TaylorSpace, value: Tensor, parts: readonly (Tensor | undefined)[] = space.sizes.map(() => undefined)): Jet => ({ space, value, parts })

/** The space of values alone: a network applied in it is the plain network. */
export const valueSpace = (dimension: number): TaylorSpace => {
  const space: TaylorSpace = {
    dimension, sizes: [],
    seed: x => makeJet(space, x),
    product: (a, b) => makeJet(space, mul(a.value, b.value)),
    compose: derivatives => makeJet(space, derivatives(0)[0]),
    derivative: jet => jet.value,
  }
  return space
}

const sum = (a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined => (a && b ? add(a, b) : a ?? b)
const map = (jet: Jet, f: (part: Tensor) => Tensor): Jet => ({ ...jet, value: f(jet.value), parts: jet.parts.map(part => part && f(part)) })

export const addJets = (a: Jet, b: Jet): Jet => makeJet(a.space, add(a.value, b.value), a.parts.map((part, i) => sum(part, b.parts[i])))
export const subtractJets = (a: Jet, b: Jet): Jet => addJets(a, scaleJet(b, -1))
export const multiplyJets = (a: Jet, b: Jet): Jet => a.space.product(a, b)
/** Times a constant: a number, or a tensor that does not depend on the point ([width] or [1, width]). */
export const scaleJet = (a: Jet, factor: Operand): Jet => map(a, part => mul(part, factor))
/** Plus a constant that does not depend on the coordinates. */
export const shiftJet = (a: Jet, constant: Operand): Jet => ({ ...a, value: add(a.value, constant) })
/** constant − a. */
export const reflectJet = (constant: Operand, a: Jet): Jet => ({ ...scaleJet(a, -1), value: sub(constant, a.value) })

/** Jets side by side: widths add up. */
export function joinJets(jets: readonly Jet[]): Jet {
  if (jets.length === 1) return jets[0]
  const { space } = jets[0]
  const points = Math.max(...jets.map(jet => rowsOf(jet)))
  const parts = space.sizes.map((channels, i) => {
    const present = jets.map(jet => jet.parts[i])
    if (present.every(part => part === undefined)) return undefined
    const rows = Math.max(...present.map(part => (part ? lengthsOf(part)[1] : 1)))
    return concat(present.map((part, k) => (part ? spread(part, [channels, rows, widthOf(jets[k])]) : zeros([channels, rows, widthOf(jets[k])]))), 2)
  })
  return makeJet(space, concat(jets.map(jet => spread(jet.value, [points, widthOf(jet)])), 1), parts)
}

const spread = (x: Tensor, shape: number[]): Tensor => (lengthsOf(x).every((n, i) => n === shape[i]) ? x : broadcastTo(x, shape))

/** Some columns of a jet, from `start` on. */
export function columnsOfJet(jet: Jet, start: number, count: number): Jet {
  const width = widthOf(jet)
  const sizes = [start, count, width - start - count].filter(n => n > 0)
  return sizes.length === 1 ? jet : map(jet, part => split(part, sizes, part.shape.length - 1)[start > 0 ? 1 : 0])
}

/** Narrower results than this go part by part, so that parts nobody reads are not computed. */
const stackedWidth = 8

/** Told of every layer x W + b while it is set; what it returns takes the place of the layer's result. */
export type LayerObserver = (input: Jet, kernel: Tensor, bias: Tensor | undefined, output: Jet) => Jet

let observer: LayerObserver | undefined

/** `run` with every dense layer shown to `observe`: how per-point derivatives with respect to parameters are found. */
export function observeLayers<T>(observe: LayerObserver, run: () => T): T {
  const before = observer
  observer = observe
  try {
    return run()
  } finally {
    observer = before
  }
}

/**
 * The layer x W + b, W [inputs, outputs], b [outputs]. The value and all parts that vary over the points are one stacked product [(1 + channels)·points, inputs]·W.
 */
export function affine(jet: Jet, kernel: Tensor, bias?: Tensor): Jet {
  const output = product(jet, kernel, bias)
  return observer ? observer(jet, kernel, bias, output) : output
}

function product(jet: Jet, kernel: Tensor, bias?: Tensor): Jet {
  const [inputs, outputs] = lengthsOf(kernel)
  const points = rowsOf(jet)
  const times = (x: Tensor): Tensor => {
    const [channels, rows] = lengthsOf(x)
    return x.shape.length === 2 ? matMul(x, kernel) : reshape(matMul(reshape(x, [channels * rows, inputs]), kernel), [channels, rows, outputs])
  }
  const biased = (value: Tensor): Tensor => (bias ? add(value, bias) : value)
  const varying = jet.parts.flatMap((part, i) => (part && lengthsOf(part)[1] === points ? [i] : []))
  if (varying.length === 0 || outputs < stackedWidth) return makeJet(jet.space, biased(times(jet.value)), jet.parts.map(part => part && times(part)))
  const stack = times(concat([reshape(jet.value, [1, points, inputs]), ...varying.map(i => jet.parts[i]!)], 0))
  const [value, ...rest] = split(stack, [1, ...varying.map(i => jet.space.sizes[i])], 0)
  return makeJet(jet.space, biased(reshape(value, [points, outputs])), jet.parts.map((part, i) => (varying.includes(i) ? rest[varying.indexOf(i)] : part && times(part))))
}
