import type { Fault } from '../fault'
import type { IdentificationRequest } from './method'
import { scalarValue } from './unknowns'
import { standardErrors } from './adjoint/uncertainty'

/** Name of the curve of a scalar's values over iterations: `value_lambda1`. */
export const valueCurve = (name: string): string => `value_${name.toLowerCase().replace(/[^a-z0-9]+/g, '_').slice(0, 40)}`

/** A value counts as identified when its standard error is below this part of it. */
export const identifiedBelow = 0.1

/**
 * Metrics of least squares: values, standard errors from the Gauss–Newton covariance s² (JᵀJ)⁻¹ with s² = ‖r‖²/(n − p), and `<name>_cramer_rao`, the same with the deviation of the noise that the step added (no unbiased
 * estimate from these data has a smaller standard error); `misfit` = √(‖r‖²/n) in standard deviations of the data.
 */
export function scalarMetrics(request: IdentificationRequest, { values, residual, jacobian }: { readonly values: Float64Array; readonly residual: Float64Array; readonly jacobian: readonly Float64Array[] }, more: Readonly<Record<string, number>>): Record<string, number> {
  const { unknown, noise } = request
  const square = residual.reduce((sum, r) => sum + r * r, 0)
  const n = residual.length
  const metrics = valueMetrics(request, values, standardErrors(jacobian, Math.sqrt(square / Math.max(1, n - unknown.length))))
  const bounds = noise !== undefined && noise > 0 ? standardErrors(jacobian, noise) : undefined
  if (bounds) unknown.forEach((name, k) => { metrics[`${name}_cramer_rao`] = bounds[k] })
  return { ...metrics, misfit: Math.sqrt(square / n), points: n, ...more }
}

/**
 * The values under the parameters' own names, `<name>_standard_error`, `<name>_error` relative where the truth is given (absolute where that is zero), and `identified`: how many have a standard error below a tenth of
 * themselves.
 */
export function valueMetrics({ unknown, truth, problem, libm }: IdentificationRequest, values: Float64Array, errors: Float64Array | undefined): Record<string, number> {
  const metrics: Record<string, number> = {}
  unknown.forEach((name, k) => {
    metrics[name] = values[k]
    if (errors) metrics[`${name}_standard_error`] = errors[k]
    const known = Object.hasOwn(truth, name) ? scalarValue(truth[name], problem!.parameters, libm) : undefined
    if (known !== undefined) metrics[`${name}_error`] = known === 0 ? Math.abs(values[k]) : Math.abs(values[k] - known) / Math.abs(known)
  })
  return { ...metrics, ...(errors ? { identified: unknown.filter((_, k) => errors[k] <= identifiedBelow * Math.abs(values[k])).length } : {}) }
}

/** A warning for each value that the data hardly determine. */
export function undetermined(names: readonly string[], metrics: Readonly<Record<string, number>>): Fault[] {
  return names.filter(name => !(metrics[`${name}_standard_error`] <= identifiedBelow * Math.abs(metrics[name]))).map(name => ({
    severity: 'warning', code: 'not-identified', message: `${name} = ${metrics[name].toPrecision(3)} has a standard error of ${metrics[`${name}_standard_error`].toPrecision(2)}: the data hardly determine it.`,
    where: { path: 'unknown' }, tip: 'Observe more points, or start nearer in case this is not the lowest misfit.',
  }))
}
