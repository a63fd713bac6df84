import type { Libm } from '../../../expressions/libm'
import { FaultError } from '../../../fault'
import type { ScatteredData } from '../../observations'
import type { FieldModel } from './model'
import type { RegularisedMisfit } from './newton-cg'
import type { PointOperator } from './observation'
import type { Smoothness } from './smoothness'

/** A coefficient field as a function of unbounded values m: a = eᵐ where it must stay positive, else a = m. */
export interface Parametrisation {
  value(m: Float64Array): Float64Array
  /** da/dm at the same nodes. */
  slope(m: Float64Array): Float64Array
  inverse(a: Float64Array): Float64Array
}

export const positiveField = ({ exp, log }: Libm): Parametrisation => ({ value: m => m.map(exp), slope: m => m.map(exp), inverse: a => a.map(log) })
export const plainField: Parametrisation = { value: m => m.slice(), slope: m => new Float64Array(m.length).fill(1), inverse: a => a.slice() }

export interface FieldMisfit extends RegularisedMisfit {
  /** (u(x_n) − d_n)/s over √n, at the last evaluation: its norm is the misfit in standard deviations of the data. */
  residual(): Float64Array
  solution(): Float64Array
}

/** J(m) = ½ Σ_n |u(x_n; a(m)) − d_n|² / (n s²) + ½ ω ∫|∇m|². */
export function createFieldMisfit(model: FieldModel, points: PointOperator, data: ScatteredData, field: Parametrisation, smoothness: Smoothness, weight: number): FieldMisfit {
  const scale = 1 / (data.deviations[0] * Math.sqrt(data.values[0].length))
  let residual = new Float64Array(0)
  let solution: Float64Array = new Float64Array(0)
  let slope: Float64Array = new Float64Array(0)
  let last: Float64Array | undefined
  const evaluate = (m: Float64Array): void => {
    if (last && m.every((v, i) => v === last![i])) return
    last = undefined
    solution = model.solve(field.value(m))
    residual = Float64Array.from(points.apply(solution), (v, n) => (v - data.values[0][n]) * scale)
    slope = field.slope(m)
    last = m.slice()
  }
  const seen = (du: Float64Array): Float64Array => points.apply(du).map(v => v * scale)
  const pulled = (w: Float64Array): Float64Array => model.adjoint(points.transposed(w.map(v => v * scale))).map((v, i) => v * slope[i])
  return {
    residual: () => residual,
    solution: () => solution,
    cost(m) {
      try {
        evaluate(m)
      } catch (reason) {
        if (reason instanceof FaultError) return Infinity
        throw reason
      }
      const cost = 0.5 * residual.reduce((sum, r) => sum + r * r, 0) + weight * smoothness.value(m)
      return Number.isFinite(cost) ? cost : Infinity
    },
    gradient(m) {
      evaluate(m)
      const stiff = smoothness.gradient(m)
      return pulled(residual).map((v, i) => v + weight * stiff[i])
    },
    hessian(d) {
      const stiff = smoothness.gradient(d)
      return pulled(seen(model.tangent(d.map((v, i) => v * slope[i])))).map((v, i) => v + weight * stiff[i])
    },
    precondition: g => smoothness.precondition(g),
  }
}
