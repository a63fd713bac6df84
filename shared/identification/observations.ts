import { FaultError, error } from '../fault'
import { fieldNodes, selectComponent } from '../fields/components'
import { fieldComponents } from '../fields/field'
import { isMeshField, type AnyField, type MeshField } from '../fields/mesh'
import type { RandomStream } from '../learning/random'
import type { AnalysedProblem } from '../problems/analysed'
import type { Observations } from './method'

/** Lies so far outside (relative to the length of its interval) and still counts as its end: files round their numbers. */
const endTolerance = 1e-9

/** Component names that data may stand for: velocities `u__t` are never stored. */
export const observableComponents = ({ system }: AnalysedProblem): string[] => system.components.filter(c => c.part !== 't').map(c => c.name)

/**
 * The fields of data as one scalar field for each observed component. Fields of a step carry the names of the unknowns; those of a file are told apart by `observed`, in the order of its arrays, or are all
 * components when there are as many. Throws FaultError `observed-components`, `data-axes`, `data-times`, `data-outside`, `data-empty`, `data-constant`.
 */
export function observe(given: readonly AnyField[], fromStep: boolean, observed: readonly string[] | undefined, problem: AnalysedProblem | undefined): Observations {
  const split = given.flatMap(field => partsOf(field))
  const fields = problem ? named(split, fromStep, observed, problem) : observed ? renamed(split, observed) : split
  if (problem) refuseElsewhere(fields[0], problem)
  const deviations = fields.map(({ name, values }) => deviation(name, values))
  return { fields, deviations }
}

/** Scalar fields of the components, under the system's names: `h` with re and im is `h__re` and `h__im`. */
function partsOf(field: AnyField): AnyField[] {
  if (fieldComponents(field) === 1 && !field.components) return [field]
  return (field.components ?? ['']).map((part, c) => ({ ...(selectComponent(field as MeshField, c) as AnyField), name: part === '' ? field.name : `${field.name}__${part}` }))
}

function renamed(fields: readonly AnyField[], observed: readonly string[]): AnyField[] {
  if (fields.length !== observed.length) throw new FaultError(error('observed-components', `"observed" names ${observed.length} ${observed.length === 1 ? 'component' : 'components'}, and the data have ${fields.length}.`, { where: { path: 'observed' } }))
  return fields.map((field, i) => ({ ...field, name: observed[i] }))
}

function named(fields: readonly AnyField[], fromStep: boolean, observed: readonly string[] | undefined, problem: AnalysedProblem): AnyField[] {
  const names = observableComponents(problem)
  const own = fields.filter(field => names.includes(field.name))
  if (fromStep && own.length > 0) {
    const chosen = observed ? own.filter(({ name }) => observed.includes(name)) : own
    const missing = observed?.find(name => !own.some(field => field.name === name))
    if (missing !== undefined) throw new FaultError(error('observed-components', `The step has no field of ${missing}.`, { where: { path: 'observed' }, tip: `It has ${own.map(({ name }) => name).join(', ')}.` }))
    return chosen
  }
  if (observed) return renamed(fields, observed)
  if (fields.length !== names.length) {
    throw new FaultError(error('observed-components', `The data have ${fields.length === 1 ? 'one component' : `${fields.length} components`}, and the statement has ${names.length} (${names.join(', ')}).`, { where: { path: 'data' }, tip: `Say which they are: "observed": ["${names.slice(0, fields.length).join('", "')}"].` }))
  }
  return renamed(fields, names)
}

const axesOf = (field: AnyField): string[] => (isMeshField(field) ? ['x', 'y', 'z'].slice(0, field.mesh.dimension) : field.grid.axes.map(axis => axis.name))

function refuseElsewhere(field: AnyField, { axes, time }: AnalysedProblem): void {
  const where = { path: 'data' }
  const [theirs, ours] = [axesOf(field).join(', '), axes.map(axis => axis.name).join(', ')]
  if (theirs !== ours) throw new FaultError(error('data-axes', `The data live on the axes ${theirs}, and the statement on ${ours}.`, { where, tip: 'Name the coordinate arrays of the file in "axes".' }))
  if (time && !field.times) throw new FaultError(error('data-times', 'The statement is an evolution, and the data have no times.', { where, tip: 'Name the array of times in "axes": { …, "t": "t" }.' }))
  if (!time && field.times && field.times.length > 1) throw new FaultError(error('data-times', `The statement is steady, and the data have ${field.times.length} times.`, { where, tip: 'Give the statement "time", or data of one time.' }))
  const ranges = rangesOf(field)
  for (const [i, { name, lower, upper }] of axes.entries()) outside(name, ranges[i], [lower, upper], 'domain')
  if (time && field.times) outside('t', [field.times[0], field.times[field.times.length - 1]], time, 'time interval')
}

function outside(name: string, [from, to]: readonly [number, number], [lower, upper]: readonly [number, number], what: string): void {
  const slack = endTolerance * (upper - lower)
  if (from >= lower - slack && to <= upper + slack) return
  throw new FaultError(error('data-outside', `The data reach from ${name} = ${from} to ${to}, outside the statement's ${what} [${lower}, ${upper}].`, { where: { path: 'data' }, tip: `Enlarge the ${what}, or name other coordinates in "axes".` }))
}

function rangesOf(field: AnyField): [number, number][] {
  if (!isMeshField(field)) return field.grid.axes.map(({ coordinates }) => [coordinates[0], coordinates[coordinates.length - 1]])
  const { dimension, points } = field.mesh
  return Array.from({ length: dimension }, (_, a) => {
    let [least, most] = [Infinity, -Infinity]
    for (let i = a; i < points.length; i += dimension) {
      least = Math.min(least, points[i])
      most = Math.max(most, points[i])
    }
    return [least, most]
  })
}

function deviation(name: string, values: Float64Array): number {
  let [count, sum] = [0, 0]
  for (const v of values) {
    if (!Number.isFinite(v)) continue
    count++
    sum += v
  }
  if (count === 0) throw new FaultError(error('data-empty', `The data of ${name} hold no number.`, { where: { path: 'data' } }))
  const mean = sum / count
  let square = 0
  for (const v of values) if (Number.isFinite(v)) square += (v - mean) * (v - mean)
  if (!(square > 0)) throw new FaultError(error('data-constant', `All values of ${name} in the data are ${mean}: nothing can be identified from them.`, { where: { path: 'data' } }))
  return Math.sqrt(square / count)
}

/** The same with Gaussian noise of `noise` times the standard deviation of each component, every value its own draw. */
export function withNoise({ fields, deviations }: Observations, noise: number, random: RandomStream): Observations {
  if (noise === 0) return { fields, deviations }
  const noisy = fields.map((field, c) => {
    const draws = random.child(c).normal(field.values.length)
    return { ...field, values: field.values.map((v, i) => v + noise * deviations[c] * draws[i]) }
  })
  return { fields: noisy, deviations }
}

/** Observations one by one. */
export interface ScatteredData {
  /** One column per axis. */
  readonly coordinates: readonly Float64Array[]
  /** Of the evolution, the time of each point. */
  readonly times: Float64Array | undefined
  /** One array per observed component. */
  readonly values: readonly Float64Array[]
  readonly names: readonly string[]
  readonly deviations: readonly number[]
}

/** So many values are drawn where the step does not say. */
export const defaultPoints = 2000

/** `count` different values drawn from the data (all where there are fewer), in the order of the data. Points without a value of some component are left out. */
export function scatter({ fields, deviations }: Observations, count: number | undefined, random: RandomStream): ScatteredData {
  const [first] = fields
  const nodes = fieldNodes(first)
  const candidates: number[] = []
  for (let i = 0; i < first.values.length; i++) if (fields.every(({ values }) => Number.isFinite(values[i]))) candidates.push(i)
  if (candidates.length === 0) throw new FaultError(error('data-empty', 'At no point do the data have values of all components.', { where: { path: 'data' } }))
  const wanted = Math.min(count ?? defaultPoints, candidates.length)
  const chosen = (wanted === candidates.length ? candidates : Array.from(random.choice(candidates.length, wanted), i => candidates[i])).sort((a, b) => a - b)
  return {
    coordinates: axesOf(first).map((_, a) => Float64Array.from(chosen, i => coordinate(first, a, i % nodes))),
    times: first.times && Float64Array.from(chosen, i => first.times![Math.floor(i / nodes)]),
    values: fields.map(({ values }) => Float64Array.from(chosen, i => values[i])),
    names: fields.map(({ name }) => name),
    deviations,
  }
}

function coordinate(field: AnyField, axis: number, node: number): number {
  if (isMeshField(field)) return field.mesh.points[node * field.mesh.dimension + axis]
  let rest = node
  for (let a = 0; a < axis; a++) rest = Math.floor(rest / field.grid.axes[a].coordinates.length)
  const { coordinates } = field.grid.axes[axis]
  return coordinates[rest % coordinates.length]
}
