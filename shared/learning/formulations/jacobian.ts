import { engine } from '@tensorflow/tfjs-core'
import { error, FaultError } from '../../fault'
import '../gradients'
import { observeLayers, type Jet } from '../taylor'
import { add, broadcastTo, concat, matMul, reshape, transpose, zeros, zerosLike, type Tensor, type Tensors } from '../tf'
import type { LossPart } from '../training/form'

/**
 * The Jacobian of columns with respect to dense layers' kernels and biases, from one reverse pass for each column: the points are independent of each other, so
 * the gradient of Σ r with respect to a layer's result z (kept apart for each point n and carried channel c) is each point's own, and
 *
 *   ∂rₙ/∂K = Σ_c a[c, n]ᵀ δ[c, n],   ∂rₙ/∂b = δ[value, n],   δ = ∂ Σ r / ∂z,  a the layer's input.
 *
 * `columns(parameters)` gives columns [points, 1]; each result is [points, parameters] with parameters in the order of `names`, kernels row by row. Throws FaultError
 * `gauss-newton-parameters` when a trained array is no kernel or bias of a dense layer.
 */
export function columnJacobians(columns: (parameters: Tensors) => readonly Tensor[], parameters: Tensors, names: readonly string[]): readonly ColumnJacobian[] {
  const count = columns(parameters).length
  return Array.from({ length: count }, (_, k) => {
    const { value, layers, deltas, dense } = oneColumn(parameters, all => columns(all)[k])
    const points = shapeOf(value)[0]
    const rows = names.map(name => {
      const found = layers.flatMap((layer, i) => (layer.kernel === parameters[name] ? [kernelRows(layer.input, deltas[i])] : layer.bias === parameters[name] ? [deltas[i].value] : []))
      // A layer that the column does not read; else no layer at all.
      if (found.length === 0 && dense.has(parameters[name])) return zeros([points, parameters[name].size])
      if (found.length === 0) throw new FaultError(error('gauss-newton-parameters', `Gauss–Newton needs dense layers, and ${name} is not one of their arrays.`, { tip: 'Choose the network "mlp", or another optimizer.' }))
      return found.map(f => spread(f, [points, parameters[name].size])).reduce((a, b) => add(a, b))
    })
    return { value, jacobian: concat(rows, 1), constant: layers.length === 0 }
  })
}

export interface ColumnJacobian {
  /** [points, 1]. */
  readonly value: Tensor
  /** [points, parameters]. */
  readonly jacobian: Tensor
  /** Whether the column does not depend on the network: a source beside a test function. */
  readonly constant: boolean
}

/**
 * The linear least-squares problem of a Gauss–Newton step on Σ λ_k L_k: rows of J for residuals and for the metric of energies, and the residuals r (0 beside a metric).
 * The loss has the gradient 2 Jᵀr where all parts are squares; where not, `energies` is true and the gradient must be taken apart.
 */
export function leastSquaresOf(parts: (parameters: Tensors) => readonly LossPart[], parameters: Tensors, names: readonly string[]): { readonly residual: Tensor; readonly jacobian: Tensor; readonly energies: boolean } {
  const columnsOf = (part: LossPart): readonly Tensor[] => (part.kind === 'squares' ? part.columns : part.metric)
  const known = parts(parameters)
  const jacobians = columnJacobians(all => parts(all).flatMap(columnsOf), parameters, names)
  let from = 0
  const rows = known.flatMap(part => {
    const own = jacobians.slice(from, (from += columnsOf(part).length))
    if (part.kind === 'energy') return own.map(({ value, jacobian }) => ({ value: zerosLike(value), jacobian }))
    const { through } = part
    if (!through) return own
    const moving = own.flatMap(({ jacobian, constant }, i) => (constant ? [] : [through[i](jacobian)]))
    const value = own.map((column, i) => through[i](column.value)).reduce((a, b) => add(a, b))
    return [{ value, jacobian: moving.length > 0 ? moving.reduce((a, b) => add(a, b)) : zeros([shapeOf(value)[0], shapeOf(own[0].jacobian)[1]]) }]
  })
  return { residual: concat(rows.map(r => r.value), 0), jacobian: concat(rows.map(r => r.jacobian), 0), energies: known.some(part => part.kind === 'energy') }
}

interface Layer { readonly input: Jet; readonly kernel: Tensor; readonly bias: Tensor | undefined }
interface Deltas { readonly value: Tensor; readonly parts: readonly (Tensor | undefined)[] }

/** A residual column, the layers it passed, and its gradient with respect to what each layer gave. */
function oneColumn(parameters: Tensors, column: (parameters: Tensors) => Tensor): { readonly value: Tensor; readonly layers: readonly Layer[]; readonly deltas: readonly Deltas[]; readonly dense: ReadonlySet<Tensor> } {
  const layers: (Layer & { readonly shapes: readonly (readonly number[] | undefined)[] })[] = []
  // The first walk finds out what the layers give.
  observeLayers((input, kernel, bias, output) => {
    // A part that is the same at all points is shifted at each point on its own.
    const points = shapeOf(output.value)[0]
    layers.push({ input, kernel, bias, shapes: [output.value, ...output.parts].map(t => t && (t.shape.length === 3 ? [shapeOf(t)[0], points, shapeOf(t)[2]] : shapeOf(t))) })
    return output
  }, () => column(parameters))
  const offsets = Object.fromEntries(layers.flatMap(({ shapes }, i) => shapes.flatMap((shape, part) => (shape ? [[`${i}.${part}`, zeros(shape)]] : []))))
  const inputs: Jet[] = []
  const keys = Object.keys(offsets)
  // What the column does not read (another set of points, a derivative it has no use for) has no gradient: null.
  const { value, grads } = engine().gradients(() => {
    let i = 0
    return observeLayers((input, _kernel, _bias, output) => {
      const at = i++
      inputs[at] = input
      return { ...output, value: add(output.value, offsets[`${at}.0`]), parts: output.parts.map((part, p) => part && add(part, offsets[`${at}.${p + 1}`])) }
    }, () => column(parameters))
  }, keys.map(key => offsets[key]), undefined, true)
  const gradients = new Map(keys.flatMap((key, k) => (grads[k] ? [[key, grads[k]] as const] : [])))
  const passed = layers.map((layer, i) => ({ ...layer, i })).filter(({ i, shapes }) => shapes.some((_, part) => gradients.has(`${i}.${part}`)))
  return {
    value, dense: new Set(layers.flatMap(({ kernel, bias }) => (bias ? [kernel, bias] : [kernel]))), layers: passed.map(layer => ({ ...layer, input: inputs[layer.i] })),
    deltas: passed.map(({ i, shapes }) => ({ value: gradients.get(`${i}.0`) ?? zeros(shapes[0]!), parts: shapes.slice(1).map((_, p) => gradients.get(`${i}.${p + 1}`)) })),
  }
}

const shapeOf = (x: Tensor): readonly number[] => x.shape

/** Σ_c a[c, n]ᵀ δ[c, n] as [points, inputs·outputs]: one small product for each point. */
function kernelRows(input: Jet, { value, parts }: Deltas): Tensor {
  const [points, outputs] = shapeOf(value)
  const inputs = shapeOf(input.value).at(-1)!
  const pairs: [Tensor, Tensor][] = [[reshape(spread(input.value, [points, inputs]), [1, points, inputs]), reshape(value, [1, points, outputs])]]
  parts.forEach((delta, p) => {
    const part = input.parts[p]
    if (delta && part) pairs.push([spread(part, [shapeOf(part)[0], points, inputs]), delta])
  })
  const a = transpose(concat(pairs.map(([x]) => x), 0), [1, 2, 0])
  const d = transpose(concat(pairs.map(([, y]) => y), 0), [1, 0, 2])
  return reshape(matMul(a, d), [points, inputs * outputs])
}

const spread = (x: Tensor, shape: readonly number[]): Tensor => (shapeOf(x).every((n, i) => n === shape[i]) ? x : broadcastTo(x, [...shape]))
