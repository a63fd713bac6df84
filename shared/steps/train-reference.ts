import type { Libm } from '../expressions/libm'
import { error, FaultError } from '../fault'
import { fieldNodes } from '../fields/components'
import { isChebyshev } from '../fields/interpolate'
import type { AnyField } from '../fields/mesh'
import { isMeshField } from '../fields/mesh'
import { sampleField, type InterpolationDegree } from '../fields/resample'
import type { Truth } from '../learning/diagnostics/diagnostic'
import type { NetworkStatement } from '../learning/formulations/formulation'
import type { ErrorMeasure } from '../learning/formulations/network-solution'
import type { AnalysedProblem } from '../problems/analysed'
import { nodePoints } from './measure'

/** Values of something at points [points, coordinates], row-major [points, outputs]. */
export type PointValues = (points: Float64Array) => Promise<Float64Array> | Float64Array

/** The stored field of another step in the place of an exact solution. */
export interface Reference extends ErrorMeasure {
  readonly truth: Truth
  /** `relative_l2` at the last time of something else than the network. */
  distance(values: PointValues): Promise<number>
}

/** Nodes at which a growing error is taken: one look must be quick. */
const fewNodes = 20_000
/** Points over space and time at the end. */
const manyNodes = 300_000

/** An output of the network in a stored field. */
interface Part { readonly output: number; readonly name: string; readonly component: number }
interface Known { readonly field: AnyField; readonly parts: readonly Part[] }

/**
 * Errors against the fields of a step's result that are named after unknowns: nodal ‖u_θ − u‖/‖u‖ at the reference's own nodes, as `compare` measures them, so that the reference is not interpolated. Times are those of the
 * reference within the statement's; a steady reference of an evolution stands for its end. Fault: reference-fields.
 */
export function referenceOf(id: string, fields: readonly AnyField[], problem: AnalysedProblem, { outputs, coordinates }: NetworkStatement, libm: Libm): Reference {
  const known = knownFields(fields, problem, outputs)
  if (known.length === 0) {
    throw new FaultError(error('reference-fields', `The step "${id}" has no field of ${problem.unknowns.map(u => u.name).join(', ')} to measure against.`, { where: { path: 'reference' }, tip: fields.length > 0 ? `It has ${fields.map(f => f.name).join(', ')}.` : 'Name a step that solves the same statement.' }))
  }
  const last = problem.time?.[1]
  const open = problem.traits.includes('unique up to a constant')
  const usable = ({ field }: Known): readonly (number | undefined)[] => {
    if (!problem.time) return [undefined]
    const within = Array.from(field.times ?? []).filter(t => t >= problem.time![0] && t <= problem.time![1])
    return within.length > 0 ? within : [last]
  }
  const differences = async (one: Known, time: number | undefined, most: number, values: PointValues): Promise<Sums[]> => {
    const { field, parts } = one
    const size = fieldNodes(field)
    const stride = Math.max(1, Math.ceil(size / most))
    const count = Math.ceil(size / stride)
    const columns = Object.values(nodePoints(field)).filter(column => column !== undefined)
    const width = coordinates.length
    const points = Float64Array.from({ length: count * width }, (_, k) => (k % width < columns.length ? columns[k % width][Math.floor(k / width) * stride] : time!))
    const found = await values(points)
    const slab = (field.times ? Math.max(0, field.times.indexOf(time!)) : 0) * (field.components?.length ?? 1)
    return parts.map(({ output, component }) => sums(i => found[i * outputs.length + output], i => field.values[(slab + component) * size + i * stride], count, open))
  }
  const atEnd = async (values: PointValues, most: number): Promise<Record<string, number>> => {
    const all = await Promise.all(known.map(one => differences(one, usable(one).at(-1), most, values)))
    const parts = all.flat()
    const names = known.flatMap(one => one.parts.map(p => p.name))
    return {
      relative_l2: ratio(parts), max_error: Math.max(...parts.map(p => p.largest)),
      ...(parts.length > 1 ? Object.fromEntries(parts.map((p, i) => [`relative_l2_${names[i]}`, ratio([p])])) : {}),
    }
  }
  return {
    distance: async values => (await atEnd(values, fewNodes)).relative_l2,
    now: (evaluation, parameters) => atEnd(points => evaluation.values(parameters, points), fewNodes),
    all: async (evaluation, parameters) => {
      const values: PointValues = points => evaluation.values(parameters, points)
      const metrics = await atEnd(values, manyNodes)
      if (problem.time) {
        const parts: Sums[] = []
        for (const one of known) {
          const times = usable(one)
          for (const time of times) parts.push(...(await differences(one, time, Math.max(1000, manyNodes / times.length), values)))
        }
        metrics.relative_l2_spacetime = ratio(parts)
      }
      return metrics
    },
    truth: {
      at: points => {
        const width = coordinates.length
        const count = points.length / width
        const space = problem.time ? width - 1 : width
        const time = problem.time ? points[width - 1] : undefined
        const result = new Float64Array(count * outputs.length).fill(NaN)
        const columns = Array.from({ length: space }, (_, axis) => Float64Array.from({ length: count }, (__, i) => points[i * width + axis]))
        for (const { field, parts } of known) {
          const sampled = sampledAt(field, columns, time, last, libm)
          if (sampled) for (const { output, component } of parts) for (let i = 0; i < count; i++) result[i * outputs.length + output] = sampled[component * count + i]
        }
        return result
      },
    },
  }
}

/** Fields of a solution as a function of points, for `distance`. */
export function valuesOfFields(fields: readonly AnyField[], problem: AnalysedProblem, statement: NetworkStatement, libm: Libm): PointValues {
  const { truth } = referenceOf('grid', fields, problem, statement, libm)
  return points => truth.at(points)
}

/** Values [component, point] at one time; undefined where the field has none then. */
function sampledAt(field: AnyField, columns: readonly Float64Array[], time: number | undefined, end: number | undefined, libm: Libm): Float64Array | undefined {
  if (time !== undefined && !field.times && time !== end) return undefined
  // A spectral solution on few nodes is its own basis; on many, the seventh degree is as good and takes no time.
  const spectral = !isMeshField(field) && field.grid.axes.every(axis => axis.periodic || isChebyshev(axis, libm)) && fieldNodes(field) <= 4096
  const degree: InterpolationDegree = spectral ? 'trigonometric' : 5
  if (time === undefined || !field.times) return sampleField(field, columns, undefined, degree, { libm })
  const slab = field.values.length / field.times.length
  const exact = field.times.indexOf(time)
  if (exact >= 0) return sampleField({ ...field, times: undefined, values: field.values.subarray(exact * slab, (exact + 1) * slab) } as AnyField, columns, undefined, degree, { libm })
  return sampleField(field, columns, Float64Array.of(time), degree, { libm })
}

function knownFields(fields: readonly AnyField[], { unknowns, system }: AnalysedProblem, outputs: readonly number[]): Known[] {
  return unknowns.flatMap(unknown => {
    // An import calls its only field as it likes.
    const field = fields.find(({ name }) => name === unknown.name) ?? (unknowns.length === 1 && fields.length === 1 ? fields[0] : undefined)
    const own = unknown.components.filter(index => outputs.includes(index))
    if (!field || (field.components?.length ?? 1) !== own.length) return []
    return [{ field, parts: own.map((index, component) => ({ output: outputs.indexOf(index), name: system.components[index].name, component })) }]
  })
}

interface Sums { readonly error: number; readonly size: number; readonly largest: number }

const ratio = (parts: readonly Sums[]): number => Math.sqrt(parts.reduce((s, p) => s + p.error, 0) / parts.reduce((s, p) => s + p.size, 0))

function sums(found: (i: number) => number, wanted: (i: number) => number, count: number, centred: boolean): Sums {
  let mean = 0
  if (centred) {
    let nodes = 0
    for (let i = 0; i < count; i++) {
      const d = found(i) - wanted(i)
      if (d - d !== 0) continue
      mean += d
      nodes++
    }
    mean /= nodes
  }
  let [difference, size, largest] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    const u = wanted(i)
    const d = found(i) - u - mean
    // Nodes outside the domain.
    if (d - d !== 0) continue
    difference += d * d
    size += u * u
    largest = Math.max(largest, Math.abs(d))
  }
  return { error: difference, size, largest }
}
