import { FaultError, error, nearestName } from '../fault'
import { fieldNodes, selectComponent } from '../fields/components'
import { fieldComponents } from '../fields/field'
import type { AnyField, MeshField } from '../fields/mesh'
import { isMeshField } from '../fields/mesh'
import { isChebyshev } from '../fields/interpolate'
import { relativeL2Nodes } from '../fields/norms'
import type { InterpolationDegree } from '../fields/resample'
import { resampleField, sampleField } from '../fields/resample'
import type { Fault } from '../fault'
import type { CompareOptions } from './compare'
import type { StepContext, StepRunner } from './step-kind'

/**
 * Fields `a` (on the points of b, whatever they are: another grid, the nodes of a mesh, the points of a file), `b`, `difference` = a − b. Over all components `relative_l2` at the last common time,
 * `relative_l2_spacetime` over all times and `max_error`; of several components `relative_l2_<component>` each.
 */
export const compareRunner: StepRunner = {
  async run(context) {
    const options = context.step as unknown as CompareOptions
    const pause = (): void => context.run.throwIfCancelled()
    const a = fieldOf(context, options.a, options.field, 'a')
    const given = typeof options.b === 'string' ? fieldOf(context, options.b, options.field, 'b') : await context.foreign(options.b.file, options.b.array, options.b.axes)
    pause()
    const faults: Fault[] = []
    const b = matched(a, given, options, faults)
    const times = b.times && a.times ? commonTimes(a.times, b.times) : undefined
    if (times && times.length === 0) throw new FaultError(error('no-common-time', 'The two fields have no time in common.', { tip: 'Choose output times of the solve step that cover the reference.' }))
    const reference = times && b.times && times.length < b.times.length ? atTimes(b, Array.from(times, t => b.times!.indexOf(t)), times) : b
    const onB = onPointsOf(a, reference, context, pause)
    pause()
    const difference = onB.values.map((v, i) => v - reference.values[i])
    const { maximum, compared } = extent(difference)
    if (compared === 0) throw new FaultError(error('no-common-points', 'No point of the reference lies inside the domain of the other field.', { where: { path: 'b' } }))
    const size = fieldNodes(reference)
    const count = fieldComponents(reference)
    const last = (reference.times?.length ?? 1) - 1
    const slab = (values: Float64Array, component: number, many: number): Float64Array => values.subarray((last * count + component) * size, (last * count + component + many) * size)
    const metrics: Record<string, number> = { relative_l2: relativeL2Nodes(slab(onB.values, 0, count), slab(reference.values, 0, count)), max_error: maximum, points: compared / count }
    if (reference.times) metrics.relative_l2_spacetime = relativeL2Nodes(onB.values, reference.values)
    if (count > 1) reference.components!.forEach((part, c) => (metrics[`relative_l2_${part}`] = relativeL2Nodes(slab(onB.values, c, 1), slab(reference.values, c, 1))))
    const named = (field: AnyField, name: string): AnyField => ({ ...field, name })
    return {
      fields: [named(onB, 'a'), named(reference, 'b'), named({ ...reference, values: difference }, 'difference')],
      arrays: [], metrics, converged: true, faults, store: options.store,
    }
  },
}

function extent(difference: Float64Array): { maximum: number; compared: number } {
  let [maximum, compared] = [0, 0]
  for (const d of difference) {
    if (!Number.isFinite(d)) continue
    compared++
    maximum = Math.max(maximum, Math.abs(d))
  }
  return { maximum, compared }
}

/** The field that `field` names in a step's result: one unknown, a part of a complex one, or several as components of one. */
function fieldOf(context: StepContext, id: string, wanted: CompareOptions['field'], path: 'a' | 'b'): AnyField {
  const { fields } = context.input(id)
  if (fields.length === 0) throw new FaultError(error('no-field', `The step "${id}" has no field to compare.`, { where: { path } }))
  // A reference of another kind (an import, another comparison) calls its only field as it likes.
  if (path === 'b' && fields.length === 1) return fields[0]
  // A training leaves fields about its field as well.
  if (wanted === undefined) return fields.find(({ name }) => context.problem?.unknowns.some(u => u.name === name)) ?? fields[0]
  const parts = (typeof wanted === 'string' ? [wanted] : wanted).map(name => namedField(fields, name, id))
  if (parts.length === 1) return parts[0].field
  const [{ field: first }] = parts
  if (parts.some(({ field }) => field.values.length !== first.values.length || field.components)) {
    throw new FaultError(error('fields-differ', 'Only scalar unknowns on the same nodes are compared together.', { where: { path: 'field' } }))
  }
  const size = fieldNodes(first)
  const times = first.times?.length ?? 1
  const values = new Float64Array(parts.length * first.values.length)
  parts.forEach(({ field }, c) => {
    for (let k = 0; k < times; k++) values.set(field.values.subarray(k * size, (k + 1) * size), (k * parts.length + c) * size)
  })
  return { ...first, components: parts.map(part => part.name), values }
}

function namedField(fields: readonly AnyField[], wanted: string, id: string): { field: AnyField; name: string } {
  const exact = fields.find(field => field.name === wanted)
  if (exact) return { field: exact, name: wanted }
  const [, part, inner] = /^(re|im|abs)\((\w+)\)$/.exec(wanted) ?? []
  const field = fields.find(({ name }) => name === inner)
  const component = field?.components?.indexOf(part) ?? -1
  if (field && part === 'abs') return { field: selectComponent(field as MeshField, 'magnitude') as AnyField, name: wanted }
  if (field && component >= 0) return { field: selectComponent(field as MeshField, component) as AnyField, name: wanted }
  const names = fields.map(({ name }) => name)
  const near = nearestName(inner ?? wanted, names)
  throw new FaultError(error('unknown-field', `The step "${id}" has no field "${wanted}".`, { where: { path: 'field' }, tip: near ? `Did you mean "${near}"?` : `It has ${names.join(', ')}.` }))
}

/** The reference, made comparable with `a`: the same axes, as many components under the same names; a steady reference of an evolution stands for its end. */
function matched(a: AnyField, b: AnyField, options: CompareOptions, faults: Fault[]): AnyField {
  const axes = (field: AnyField): string => (isMeshField(field) ? 'x, y, z'.slice(0, 3 * field.mesh.dimension - 2) : field.grid.axes.map(axis => axis.name).join(', '))
  if (axes(a) !== axes(b)) throw new FaultError(error('axes-differ', `The fields live on different axes: ${axes(a)} and ${axes(b)}.`, { tip: 'Name the coordinate arrays of the file in "axes".' }))
  const [own, other] = [fieldComponents(a), fieldComponents(b)]
  if (own !== other) {
    const of = (field: AnyField, n: number): string => (n === 1 ? `${field.name} has one component` : `${field.name} has ${n} (${field.components!.join(', ')})`)
    const tip = typeof options.b === 'string' ? 'Choose the unknown with "field"; re(h), im(h) and abs(h) are parts of a complex one.' : other === 1 ? 'Name one array for each component: "array": ["u", "v"].' : 'Choose the unknown with "field", or one array of the file, re(…), im(…) or abs(…) of a complex one.'
    throw new FaultError(error('components-differ', `The fields have different components: ${of(a, own)}, ${of(b, other)}.`, { where: { path: 'b' }, tip }))
  }
  const named: AnyField = a.components ? { ...b, components: a.components } : b
  if (a.times !== undefined && b.times === undefined) {
    const last = a.times.length - 1
    faults.push({ severity: 'info', code: 'last-time', message: `The reference has no time: it is compared with the end, t = ${a.times[last]}.` })
    return { ...named, times: a.times.slice(last) }
  }
  if (a.times === undefined && b.times !== undefined) throw new FaultError(error('time-differs', 'The reference depends on time and the other field does not.', { where: { path: 'b' } }))
  return named
}

function onPointsOf(a: AnyField, reference: AnyField, { libm }: StepContext, pause: () => void): AnyField {
  // In their own bases spectral solutions are exact, and other fields on such nodes lose nothing.
  const degree: InterpolationDegree = !isMeshField(a) && a.grid.axes.every(axis => axis.periodic || isChebyshev(axis, libm)) ? 'trigonometric' : 5
  const times = reference.times
  const rest = { name: a.name, ...(reference.components ? { components: reference.components } : {}), ...(times ? { times } : {}) }
  if (!isMeshField(reference)) return { ...rest, grid: reference.grid, values: resampleField(a, reference.grid, times, degree, libm, pause).values }
  const { mesh } = reference
  if (isMeshField(a) && sameMesh(a, reference)) return { ...rest, mesh, values: resampleTimes(a, times) }
  const columns = Array.from({ length: mesh.dimension }, (_, axis) => Float64Array.from({ length: mesh.points.length / mesh.dimension }, (__, i) => mesh.points[i * mesh.dimension + axis]))
  return { ...rest, mesh, values: sampleField(a, columns, times, degree, { libm, pause }) }
}

const sameMesh = (a: MeshField, b: MeshField): boolean =>
  a.mesh.degree === b.mesh.degree && a.mesh.points.length === b.mesh.points.length && a.mesh.points.every((x, i) => x === b.mesh.points[i])

/** Values of the same nodes at other times. */
function resampleTimes(a: MeshField, times: Float64Array | undefined): Float64Array {
  const line = { name: 'x' as const, lower: 0, upper: 1, periodic: false, coordinates: new Float64Array(1) }
  if (!times || !a.times) return a.values.slice()
  const slab = a.values.length / a.times.length
  // As a field of that many components on one node: only its times are resampled.
  const flat = { name: a.name, grid: { axes: [line] }, components: Array.from({ length: slab }, () => ''), times: a.times, values: a.values }
  return resampleField(flat, flat.grid, times, 5).values
}

/** Times of b within the range of a. */
function commonTimes(a: Float64Array, b: Float64Array): Float64Array {
  const slack = 1e-12 * Math.max(Math.abs(a[0]), Math.abs(a[a.length - 1]), 1)
  return b.filter(t => t >= a[0] - slack && t <= a[a.length - 1] + slack)
}

function atTimes(field: AnyField, indices: readonly number[], times: Float64Array): AnyField {
  const slab = fieldNodes(field) * fieldComponents(field)
  const values = new Float64Array(indices.length * slab)
  indices.forEach((index, i) => values.set(field.values.subarray(index * slab, (index + 1) * slab), i * slab))
  return { ...field, times, values }
}
