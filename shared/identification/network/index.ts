import { networkStatement } from '../../learning/formulations/formulation'
import { withData } from '../../learning/formulations/measured-values'
import { strongForm } from '../../learning/formulations/collocation'
import { scalarArrays, scalarsIn, scaleOf, withScalars } from '../../learning/formulations/trained-scalars'
import { curveName } from '../../learning/training/form'
import type { IdentificationMethod } from '../method'
import { scatter } from '../observations'
import { undetermined, valueCurve, valueMetrics } from '../report'
import { firstValues } from '../unknowns'
import type { NetworkIdentificationOptions } from './descriptor'
import { openProblem } from './open-statement'
import { trainedErrors } from './uncertainty'

/**
 * Parameters λ of the equations and a network u_θ by min_{θ,λ} w_d/N Σ |u_θ(x_n) − d_n|²/s² + Σ_k w_k/M Σ |r_k(u_θ, λ; x_m)|², with the boundary and initial conditions of the statement among the r_k.
 *
 * Source: Raissi, Perdikaris & Karniadakis 2019, doi:10.1016/j.jcp.2018.10.045, §4.
 */
export const network: IdentificationMethod = {
  async identify(request, host) {
    const { unknown, random, libm, statement, noise = 0 } = request
    const problem = request.problem!
    const options = request.options as NetworkIdentificationOptions
    const data = scatter(request.observations, request.points, random.child('points'))
    const start = firstValues(request)
    const open = openProblem(statement!, unknown, start, libm)
    const outputs = networkStatement(open).outputs.map(index => open.system.components[index].name)
    const measured = {
      columns: [...data.coordinates, ...(data.times ? [data.times] : [])],
      components: data.names.map((name, c) => ({ name, output: outputs.indexOf(name), values: data.values[c], deviation: data.deviations[c] })),
    }
    const curves = unknown.map(valueCurve)
    const trained = await host.train({
      problem, options, random,
      network: inner => withScalars(inner, start),
      form: (points, sequence) => withData(strongForm.create({} as never, { problem: open, points, sequence, libm }), measured, part => unknown.some(name => part === `equation ${name}` || part.startsWith(`${name} at t = `))),
      observe: arrays => Object.fromEntries(curves.map((name, k) => [name, scalarsIn(arrays, start)[k]])),
    })
    const rows = data.values.length * data.values[0].length
    const { stopped, faults } = trained
    if (!stopped) host.run.progress({ stage: 'standard errors' })
    // √ of the mean square over all rows, times √ of the weight that they carry in the loss.
    const sigma = noise > 0 ? noise * Math.sqrt(options.weights.data * data.values.length) : undefined
    const errors = stopped ? undefined : (await trainedErrors(trained.task, trained.arrays, rows, sigma, scalarArrays.bias)).map((e, k) => e * scaleOf(start[k]))
    const misfits = data.names.map(name => trained.curves.find(curve => curve.name === curveName('loss', `data ${name}`))?.values.at(-1) ?? NaN)
    const metrics = {
      ...valueMetrics(request, scalarsIn(trained.arrays, start), errors), misfit: Math.sqrt(misfits.reduce((sum, m) => sum + m, 0) / options.weights.data / data.values.length),
      loss: trained.loss, iterations: trained.steps, points: data.values[0].length,
    }
    return {
      fields: trained.fields, models: trained.models,
      arrays: [...trained.curves, ...measured.columns.map((values, a) => ({ name: `point_${problem.axes[a]?.name ?? 't'}`, values }))],
      metrics, precision: options.precision, converged: !stopped && faults.every(f => f.severity === 'info'), ...(stopped ? { stopped: true as const } : {}),
      faults: [...faults, ...(errors ? undetermined(unknown, metrics) : [])],
    }
  },
}
