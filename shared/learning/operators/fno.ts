import type { Libm } from '../../expressions/libm'
import { activationNamed, initialDense, parameterNamed, type Parameters } from '../networks'
import { valueSpace } from '../taylor'
import { add, concat, matMul, reshape, split, transpose, type Tensor, type Tensors } from '../tf'
import type { OperatorModel } from './model'
import { initialSpectral, spectralLayer, type SpectralLayer } from './spectral-layer'
import type { FnoOptions } from './fno-descriptor'

export interface FnoShape {
  /** Channels of a sample's input and output. */
  readonly inputs: number
  readonly outputs: number
  readonly libm: Libm
}

/**
 * v₀ = a P + p, v_{l+1} = σ(F⁻¹ (R_l · F v_l) + v_l W_l + b_l) without σ after the last layer, u = σ(v Q₁ + q₁) Q₂ + q₂; no batch norm.
 * Input [batch, …, y, x, inputs] → [batch, …, y, x, outputs]; any grid with enough points for the modes. Parameters: `lifting`, `block<l>.spectral.real` and `.imaginary` [m_x, 2m_y, …, in, out],
 * `block<l>.pointwise`, `projection1`, `projection2`. The same function as the authors' with rfftn and corner blocks: their weights can be loaded with `reverseModeAxes`.
 */
export function fno({ modes, width, layers, projection, activation }: FnoOptions, { inputs, outputs, libm }: FnoShape): OperatorModel {
  const rank = modes.length
  const pointwise = activationNamed(activation)
  const activate = (v: Tensor): Tensor => pointwise.apply(valueSpace(1).seed(v)).value
  return {
    initialise: random => Object.assign(
      {}, initialDense(random, 'lifting', inputs, width, 'torch'),
      ...Array.from({ length: layers }, (_, l) => ({ ...initialSpectral(random, `block${l}.spectral`, modes, width, width), ...initialDense(random, `block${l}.pointwise`, width, width, 'torch') })),
      initialDense(random, 'projection1', width, projection, 'torch'), initialDense(random, 'projection2', projection, outputs, 'torch'),
    ) as Parameters,
    apply: (parameters, input) => {
      const [batch, ...space] = input.shape.slice(0, -1)
      const geometry: SpectralLayer = { points: [...space].reverse(), modes, libm }
      // [batch, …, y, x, channel] → [x, y, …, batch, channel]
      const reversed = [...Array.from({ length: rank }, (_, i) => rank - i), 0, rank + 1]
      let v = dense(parameters, 'lifting', reshape(transpose(input, reversed), [-1, inputs]))
      for (let l = 0; l < layers; l++) {
        const sum = add(dense(parameters, `block${l}.pointwise`, v), spectralLayer(parameters, `block${l}.spectral`, v, batch, geometry))
        v = l < layers - 1 ? activate(sum) : sum
      }
      const u = inPieces(v, projection, rows => dense(parameters, 'projection2', activate(dense(parameters, 'projection1', rows))))
      // The order that turns an axis list around is its own inverse but for where the batch stands.
      const back = [rank, ...Array.from({ length: rank }, (_, i) => rank - 1 - i), rank + 1]
      return transpose(reshape(u, [...geometry.points, batch, outputs]), back)
    },
  }
}

/** Elements of an array that still stays in a processor's caches from one operation to the next; measured: half the time of arrays four times as large. */
const cached = 2 ** 21

/** `layer` on equal pieces of the rows, so that its inner arrays of `width` channels stay in cache. */
function inPieces(rows: Tensor, width: number, layer: (rows: Tensor) => Tensor): Tensor {
  const [count] = rows.shape
  let pieces = Math.ceil((count * width) / cached)
  while (count % pieces !== 0) pieces++
  return pieces === 1 ? layer(rows) : concat(split(rows, pieces, 0).map(layer), 0)
}

const dense = (parameters: Tensors, name: string, x: Tensor): Tensor => add(matMul(x, parameterNamed(parameters, `${name}.kernel`)), parameterNamed(parameters, `${name}.bias`))

/**
 * One part (real or imaginary) of spectral weights as other programs keep them, [2m_y, m_x, in, out] in two dimensions (rows k_y = 0 … m−1, −m … −1), in this model's order [m_x, 2m_y, in, out];
 * in three dimensions [2m_z, 2m_y, m_x, in, out]. Its own inverse with the lengths turned around.
 */
export function reverseModeAxes(values: ArrayLike<number>, shape: readonly number[]): { readonly values: Float64Array; readonly shape: readonly number[] } {
  const axes = shape.slice(0, -2)
  const block = shape[shape.length - 2] * shape[shape.length - 1]
  const reversed = [...axes].reverse()
  const out = new Float64Array(values.length)
  const count = axes.reduce((product, n) => product * n, 1)
  for (let from = 0; from < count; from++) {
    let [rest, to, stride] = [from, 0, count]
    // Digits of `from`, last axis first, are those of `to`, first axis first.
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      stride /= axes[axis]
      to += (rest % axes[axis]) * stride
      rest = Math.floor(rest / axes[axis])
    }
    for (let i = 0; i < block; i++) out[to * block + i] = values[from * block + i]
  }
  return { values: out, shape: [...reversed, ...shape.slice(-2)] }
}
