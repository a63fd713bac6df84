import { error, FaultError } from '../../fault'
import { add, broadcastTo, concat, constant, expandDims, mul, reshape, split, sum, zeros, type Tensor } from '../tf'
import { lengthsOf, makeJet, type Jet, type TaylorSpace } from './jet'

export interface LaplacianSpace extends TaylorSpace {
  /** First derivatives [dimension, points, width]; with `directions`, the derivatives along them. */
  gradient(jet: Jet): Tensor
  /** Σᵢ wᵢ ∂ᵢ² for row k of the weights, [points, width]. */
  laplacian(jet: Jet, k?: number): Tensor
}

export interface LaplacianOptions {
  /** Rows wₖ of second-order operators Lₖ = Σᵢ wₖᵢ ∂ᵢ². Default: one row of ones, the Laplacian. Rows of 0 and 1 pick coordinates: [[1, 1, 0]] leaves time out. */
  readonly weights?: readonly (readonly number[])[]
  /** Directions v [count, dimension] to differentiate along instead of the coordinates: with random v, Σ (v·∇)² / count estimates the Laplacian without bias (weights are then per direction). Hutchinson 1989, doi:10.1080/03610919008812866. */
  readonly directions?: Tensor
}

/**
 * Value, gradient and contracted second derivatives: 1 + d + 1 channels where all second derivatives would be 1 + d + d(d + 1)/2. The forward Laplacian:
 *
 *   ∂ᵢ f(z) = f′(z) ∂ᵢz,   L f(z) = f′(z) Lz + f″(z) Σᵢ wᵢ (∂ᵢz)²,   L(ab) = a Lb + b La + 2 Σᵢ wᵢ ∂ᵢa ∂ᵢb.
 *
 * Li et al. 2024, doi:10.1038/s42256-024-00794-x (arXiv:2307.08214). Parts: 0 the gradient [d, points, width], 1 the contractions [rows, points, width].
 */
export function laplacianSpace(dimension: number, { weights = [new Array<number>(dimension).fill(1)], directions }: LaplacianOptions = {}): LaplacianSpace {
  const count = directions ? lengthsOf(directions)[0] : dimension
  const rows = weights.map(row => contraction(row, count))
  /** wₖ·(a ⊙ b) over the leading axis, [rows, points, width]. */
  const contract = (a: Tensor, b: Tensor): Tensor => {
    const product = mul(a, b)
    const parts = rows.map(row => row(product))
    return parts.length === 1 ? parts[0] : concat(parts, 0)
  }
  const plus = (...terms: readonly (Tensor | undefined)[]): Tensor | undefined => terms.reduce((total, term) => (total && term ? add(total, term) : total ?? term), undefined)
  const times = (a: Tensor | undefined, b: Tensor): Tensor | undefined => a && mul(a, b)
  const filled = (part: Tensor | undefined, jet: Jet, channels: number): Tensor => {
    const [points, width] = lengthsOf(jet.value)
    return part ? (lengthsOf(part)[1] === points ? part : broadcastTo(part, [channels, points, width])) : zeros([channels, points, width])
  }
  const space: LaplacianSpace = {
    dimension, sizes: [count, weights.length],
    seed: x => makeJet(space, x, [directions ? expandDims(directions, 1) : constant(identity(dimension), [dimension, 1, dimension]), undefined]),
    product: (a, b) => {
      const [aGradient, aSecond] = a.parts
      const [bGradient, bSecond] = b.parts
      return makeJet(space, mul(a.value, b.value), [
        plus(times(aGradient, b.value), times(bGradient, a.value)),
        plus(times(aSecond, b.value), times(bSecond, a.value), aGradient && bGradient && mul(contract(aGradient, bGradient), 2)),
      ])
    },
    compose: (derivatives, z) => {
      const [gradient, second] = z.parts
      const [value, slope, curvature] = derivatives(gradient ? 2 : second ? 1 : 0)
      return makeJet(space, value, [times(gradient, slope), plus(times(second, slope), gradient && mul(contract(gradient, gradient), curvature))])
    },
    derivative: (jet, alpha) => {
      const order = alpha.reduce((total, k) => total + k, 0)
      if (order === 0) return jet.value
      if (order === 1 && !directions) return reshape(split(space.gradient(jet), dimension, 0)[alpha.indexOf(1)], jet.value.shape)
      const row = order === 2 ? weights.findIndex(w => w.every((weight, i) => weight === (alpha[i] === 2 ? 1 : 0))) : -1
      if (row < 0) throw new FaultError(error('taylor-missing', `The derivative of order [${alpha.join(', ')}] is not carried: only first derivatives and ${weights.length === 1 ? 'one weighted sum' : `${weights.length} weighted sums`} of pure second derivatives are.`))
      return space.laplacian(jet, row)
    },
    gradient: jet => filled(jet.parts[0], jet, count),
    laplacian: (jet, k = 0) => {
      const all = filled(jet.parts[1], jet, weights.length)
      return reshape(weights.length === 1 ? all : split(all, weights.length, 0)[k], jet.value.shape)
    },
  }
  return space
}

/** Sum over the leading axis with weights, [1, points, width]; weights of one and runs of zeros cost nothing. */
function contraction(row: readonly number[], count: number): (x: Tensor) => Tensor {
  if (row.length !== count) throw new FaultError(error('taylor-weights', `A second-order operator has ${row.length} weights for ${count} directions.`))
  const used = row.flatMap((weight, i) => (weight === 0 ? [] : [i]))
  const [from, to] = [used[0] ?? 0, (used[used.length - 1] ?? 0) + 1]
  const inner = row.slice(from, to)
  const sizes = [from, to - from, count - to].filter(n => n > 0)
  return x => {
    const part = sizes.length === 1 ? x : split(x, sizes, 0)[from > 0 ? 1 : 0]
    const weighted = inner.every(weight => weight === 1) ? part : mul(part, constant(inner, [inner.length, 1, 1]))
    return inner.length === 1 ? weighted : sum(weighted, 0, true)
  }
}

function identity(n: number): Float64Array {
  const values = new Float64Array(n * n)
  for (let i = 0; i < n; i++) values[i * n + i] = 1
  return values
}
