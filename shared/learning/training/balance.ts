import { FaultError } from '../../fault'
import { compile } from '../compile'
import { leastSquaresOf } from '../formulations/jacobian'
import { valueAndGradients } from '../gradients'
import { rowsOf } from '../diagnostics/ntk'
import { layoutOf } from '../optimizers/objective'
import type { RandomStream } from '../random'
import { add, concat, mul, reshape, sqrt, square, sum, type Tensor, type Tensors } from '../tf'
import { measurement, type MeasuredTask, type Measurement } from './current'
import type { NetworkArrays, StepInputs } from './feed'
import { inputsOf, partLoss, residualOf, type LossPart } from './form'

/** `gradient-norm`: equal gradients of all parts; `ntk`: equal traces of their tangent kernels. */
export type BalanceKind = 'gradient-norm' | 'ntk'

/** Sizes of the parts' pulls on the parameters as they are, one for each part, without factors. */
export type PartSizes = (parameters: NetworkArrays, inputs: StepInputs, stream: RandomStream) => Promise<Float64Array>

/**
 * ‖∇L_k‖ (gradient-norm) or tr K_k, K_k = J_k J_kᵀ (ntk) of every part, from one compiled program. A part's residuals carry √(1/N), so traces are means over its points, whatever their number.
 * Traces come from the Jacobian where the network has dense layers alone and J fits; where not, from gradients along random signs (Hutchinson): E‖∇ vᵀr‖² = tr JJᵀ for v = ±1.
 *
 * @param mostEntries of J; a quarter of a gibibyte by default
 */
export function partSizes(kind: BalanceKind, task: MeasuredTask, mostEntries = 2 ** 25): PartSizes {
  if (kind === 'gradient-norm') {
    const norms = measurement(task, given => {
      const own = trainedOf(task, given)
      return { sizes: joined(task.form.parts.map((_, k) => sqrt(squaredNorm(gradient(all => partLoss(partsAt(task, given, all)[k]), own))))) }
    })
    return async (parameters, inputs) => Float64Array.from((await norms(parameters, inputs)).sizes)
  }
  const exact = measurement(task, given => {
    const own = trainedOf(task, given)
    return { sizes: joined(task.form.parts.map((_, k) => sum(square(leastSquaresOf(all => [partsAt(task, given, all)[k]], own, task.trained).jacobian)))) }
  })
  let estimated: PartSizes | undefined = entriesOf(task) > mostEntries ? hutchinson(task) : undefined
  return async (parameters, inputs, stream) => {
    if (!estimated) {
      try {
        return Float64Array.from((await exact(parameters, inputs)).sizes)
      } catch (reason) {
        if (!(reason instanceof FaultError) || reason.faults[0].code !== 'gauss-newton-parameters') throw reason
        estimated = hutchinson(task)
      }
    }
    return estimated(parameters, inputs, stream)
  }
}

/** Random signs of one estimate; its relative standard deviation is at most √(2 / probes). */
const probes = 16

const entriesOf = ({ form, initial, trained }: MeasuredTask): number => Object.values(form.inputs).reduce((most, [rows]) => Math.max(most, rows), 1) * layoutOf(initial, trained).size

/** One reverse pass for each part and probe. Hutchinson 1989, doi:10.1080/03610918908812806. */
function hutchinson(task: MeasuredTask): PartSizes {
  let along: { readonly measure: Measurement; readonly rows: readonly number[] } | undefined
  return async (parameters, inputs, stream) => {
    along ??= alongSigns(task)
    const sizes = new Float64Array(task.form.parts.length)
    for (let probe = 0; probe < probes; probe++) {
      const signs = Object.fromEntries(along.rows.map((count, k) => [`signs${k}`, stream.child(probe).child(k).uniform(count).map(u => (u < 0.5 ? -1 : 1))]))
      const { sizes: found } = await along.measure(parameters, { ...inputs, ...signs })
      for (let k = 0; k < sizes.length; k++) sizes[k] += found[k] / probes
    }
    return sizes
  }
}

function alongSigns(task: MeasuredTask): { readonly measure: Measurement; readonly rows: readonly number[] } {
  let rows: readonly number[] = []
  const { form, initial, precision, libm } = task
  // How many rows a part has is known once it has been written down.
  compile((_, given) => {
    const parts = partsAt(task, given, trainedOf(task, given))
    rows = parts.map(part => rowsOf(part))
    return { outputs: { losses: joined(parts.map(partLoss)) } }
  }, { precision, inputs: { ...Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape])), ...inputsOf(form) }, libm })
  const measure = measurement(task, given => {
    const own = trainedOf(task, given)
    const along = (part: LossPart, k: number): Tensor => {
      const columns = part.kind === 'squares' ? [residualOf(part)] : part.metric
      return sum(mul(reshape(columns.length === 1 ? columns[0] : concat([...columns], 0), [rows[k]]), given[`signs${k}`]))
    }
    return { sizes: joined(rows.map((_, k) => squaredNorm(gradient(all => along(partsAt(task, given, all)[k], k), own)))) }
  }, Object.fromEntries(rows.map((count, k) => [`signs${k}`, [count]])))
  return { measure, rows }
}

const trainedOf = ({ trained }: MeasuredTask, given: Tensors): Tensors => Object.fromEntries(trained.map(name => [name, given[name]]))
const partsAt = ({ form, network }: MeasuredTask, given: Tensors, parameters: Tensors): readonly LossPart[] => form.evaluate(network, { ...given, ...parameters }, given)
const gradient = (value: (parameters: Tensors) => Tensor, at: Tensors): readonly Tensor[] => Object.values(valueAndGradients(all => ({ value: value(all) }), at, { unused: 'zero' }).gradients)
const squaredNorm = (arrays: readonly Tensor[]): Tensor => arrays.map(g => sum(square(g))).reduce((a, b) => add(a, b))
const joined = (numbers: readonly Tensor[]): Tensor => concat(numbers.map(x => reshape(x, [1])), 0)

/**
 * New factors λ from sizes: λ̂_k = Σ_j s_j / s_k, mixed with the last ones as m λ + (1 − m) λ̂; the first are λ̂ themselves. A part without a pull keeps its factor, as all do where a size is not finite.
 * Gradient norms: Wang, Teng & Perdikaris 2021, doi:10.1137/20M1318043; Wang, Sankaran, Wang & Perdikaris 2023, arXiv:2308.08468, algorithm 1. Traces: Wang, Yu & Perdikaris 2022, doi:10.1016/j.jcp.2021.110768.
 */
export function balanced(sizes: Float64Array, before: Float64Array | undefined, momentum: number): Float64Array {
  const total = sizes.reduce((sum, s) => sum + s, 0)
  return sizes.map((size, k) => {
    const wanted = total / size
    if (!Number.isFinite(wanted) || !(total > 0)) return before?.[k] ?? 1
    return before ? momentum * before[k] + (1 - momentum) * wanted : wanted
  })
}
