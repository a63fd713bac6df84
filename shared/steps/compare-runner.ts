import { FaultError, error } from '../fault'
import type { Field } from '../fields/field'
import { fieldAt, fieldTimes, gridSize } from '../fields/field'
import { isMeshField } from '../fields/mesh'
import { relativeL2Nodes } from '../fields/norms'
import { resampleField } from '../fields/resample'
import type { CompareOptions } from './compare'
import type { StepContext, StepRunner } from './step-kind'

/** Fields `a` (on the points of b), `b`, `difference` = a − b; `relative_l2` at the last common time, `relative_l2_spacetime` over all, `max_error`. */
export const compareRunner: StepRunner = {
  async run(context) {
    const options = context.step as unknown as CompareOptions
    const a = fieldOf(context, options.a)
    const b = typeof options.b === 'string' ? fieldOf(context, options.b) : await context.foreign(options.b.file, options.b.array, options.b.axes)
    matchAxes(a, b)
    const times = b.times && a.times ? commonTimes(a.times, b.times) : undefined
    if (times && times.length === 0) throw new FaultError(error('no-common-time', 'The two fields have no time in common.', { tip: 'Choose output times of the solve step that cover the reference.' }))
    const reference = times && b.times && times.length < b.times.length ? restrictTimes(b, times) : b
    // On a fully periodic uniform grid the Fourier basis is exact for spectral solutions and beyond order for others.
    const degree = a.grid.axes.every(axis => axis.periodic) ? 'trigonometric' : 5
    const resampled = resampleField(a, reference.grid, reference.times, degree, context.libm)
    const difference = resampled.values.map((v, i) => v - reference.values[i])
    const last = fieldTimes(reference) - 1
    let maximum = 0
    let compared = 0
    for (const d of difference) {
      if (!Number.isFinite(d)) continue
      compared++
      maximum = Math.max(maximum, Math.abs(d))
    }
    if (compared === 0) throw new FaultError(error('no-common-points', 'No point of the reference lies inside the domain of the other field.', { where: { path: 'b' } }))
    const metrics: Record<string, number> = {
      relative_l2: relativeL2Nodes(fieldAt(resampled, last), fieldAt(reference, last)), max_error: maximum, points: compared,
    }
    if (reference.times) metrics.relative_l2_spacetime = relativeL2Nodes(resampled.values, reference.values)
    const named = (field: Field, name: string): Field => ({ ...field, name })
    return {
      fields: [named(resampled, 'a'), named(reference, 'b'), named({ ...reference, values: difference }, 'difference')],
      arrays: [], metrics, converged: true, faults: [],
    }
  },
}

function fieldOf(context: StepContext, id: string): Field {
  const { fields } = context.input(id)
  if (fields.length === 0) throw new FaultError(error('no-field', `The step "${id}" has no field to compare.`, { where: { path: 'a' } }))
  const [field] = fields
  if (isMeshField(field)) throw new FaultError(error('mesh-field', `The field of the step "${id}" lives on a mesh, and fields on grids are compared.`, { where: { path: 'a' } }))
  return field
}

function matchAxes(a: Field, b: Field): void {
  const names = (f: Field): string => f.grid.axes.map(axis => axis.name).join(', ')
  if (names(a) !== names(b)) throw new FaultError(error('axes-differ', `The fields live on different axes: ${names(a)} and ${names(b)}.`, { tip: 'Name the coordinate arrays of the file in "axes".' }))
  if ((a.times === undefined) !== (b.times === undefined)) throw new FaultError(error('time-differs', 'One of the fields depends on time and the other does not.'))
}

/** Times of b within the range of a. */
function commonTimes(a: Float64Array, b: Float64Array): Float64Array {
  const slack = 1e-12 * Math.max(Math.abs(a[0]), Math.abs(a[a.length - 1]), 1)
  return b.filter(t => t >= a[0] - slack && t <= a[a.length - 1] + slack)
}

function restrictTimes(field: Field, times: Float64Array): Field {
  const size = gridSize(field.grid)
  const values = new Float64Array(times.length * size)
  times.forEach((t, i) => values.set(fieldAt(field, field.times!.indexOf(t)), i * size))
  return { ...field, times, values }
}
