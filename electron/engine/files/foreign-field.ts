import type { ForeignContent } from './foreign-content'
import { realArray } from './foreign-content'
import type { Coordinate } from './foreign-axes'
import { assignments, axisOfNodes, coordinates, sameShape, squeezed } from './foreign-axes'
import { printable, refuse } from './refusal'
import { gatherStrided, rowMajorStrides } from './reorder'
import { fieldFromPoints } from './scattered'
import type { Field } from '../../../shared/fields/field'
import type { AnyField } from '../../../shared/fields/mesh'

/** What one entry of `axes` says: an array's name, bounds of equally spaced nodes or the index, and perhaps the dimension. */
interface AxisChoice {
  readonly coordinate: Coordinate
  readonly text: string
  readonly dimension?: number
  /** Coordinates of the file; absent for bounds and index, whose length is the dimension's. */
  readonly values?: Float64Array
  readonly shape?: readonly number[]
  readonly bounds?: readonly [number, number] | 'index'
}

/** See readArrayAsField, whose faults these are. Points that form no grid give a field on a mesh. */
export function fieldFromArrays(content: ForeignContent, array: string, axes: Readonly<Record<string, string>>): AnyField {
  for (const key of Object.keys(axes)) {
    if (!coordinates.includes(key as Coordinate)) refuse('axes-unknown', `There is no coordinate ${printable(key)}.`, { tip: 'Coordinates are x, y, z and t.' })
  }
  const choices = coordinates.filter(coordinate => Object.hasOwn(axes, coordinate)).map(coordinate => readChoice(content, coordinate, axes[coordinate]))
  if (!choices.some(choice => choice.coordinate !== 't')) refuse('axes-missing', 'A field needs at least the coordinate x.', { tip: 'Name the array that holds it: {"x": "x"}.' })
  const { shape, values } = realArray(content, array)
  const name = fieldName(array)
  if (values.length === 0) refuse('axes-length', `${printable(array)} is empty.`)
  const points = pointChoices(choices, shape)
  if (points) return fieldFromPoints(name, points.space, points.times, values)
  return tensorField(name, array, shape, values, choices, content)
}

/** Several arrays as the components of one field; a complex one counts as its two parts `re`, `im`. Faults: as fieldFromArrays, array-shapes. */
export function fieldFromComponents(content: ForeignContent, arrays: readonly string[], axes: Readonly<Record<string, string>>): AnyField {
  const isComplex = (name: string): boolean => content.arrays.some(array => array.name === name && array.complex)
  if (arrays.length === 1 && !isComplex(arrays[0])) return fieldFromArrays(content, arrays[0], axes)
  const parts = arrays.flatMap(array => (isComplex(array) ? [{ array: `re(${array})`, component: arrays.length === 1 ? 're' : `${fieldName(array)}_re` }, { array: `im(${array})`, component: arrays.length === 1 ? 'im' : `${fieldName(array)}_im` }] : [{ array, component: fieldName(array) }]))
  const fields = parts.map(({ array }) => fieldFromArrays(content, array, axes))
  const [first] = fields
  if (fields.some(field => field.values.length !== first.values.length)) refuse('array-shapes', `The arrays ${arrays.map(printable).join(', ')} have different shapes and are no components of one field.`)
  const times = first.times?.length ?? 1
  const nodes = first.values.length / times
  const values = new Float64Array(fields.length * first.values.length)
  fields.forEach((field, c) => {
    for (let s = 0; s < times; s++) values.set(field.values.subarray(s * nodes, (s + 1) * nodes), (s * fields.length + c) * nodes)
  })
  return { ...first, name: fieldName(arrays[0]), components: parts.map(({ component }) => component.slice(0, 16)), values }
}

/** Letters, digits and underscores, as the result's files and expressions want it: `abs(uu)` becomes `abs_uu`. */
function fieldName(array: string): string {
  const name = array.replace(/[^A-Za-z0-9_]+/g, '_').replace(/^[^A-Za-z]+/, '').replace(/_+$/, '').slice(0, 64)
  return name || 'u'
}

function readChoice(content: ForeignContent, coordinate: Coordinate, text: string): AxisChoice {
  const exact = content.arrays.some(array => array.name === text)
  const [, name, digit] = exact ? [] : (/^(.*)#(\d)$/.exec(text) ?? [])
  const source = (name ?? text).trim()
  const dimension = digit === undefined ? {} : { dimension: Number(digit) }
  if (!exact && source === 'index') return { coordinate, text, ...dimension, bounds: 'index' }
  const bounds = exact ? undefined : boundsOf(source)
  if (bounds) return { coordinate, text, ...dimension, bounds }
  const { shape, values } = realArray(content, source)
  return { coordinate, text, ...dimension, values, shape }
}

/** `[-1, 1]`: the coordinates of the first and the last node. */
function boundsOf(text: string): readonly [number, number] | undefined {
  const match = /^\[\s*([-+.\deE]{1,40})\s*,\s*([-+.\deE]{1,40})\s*\]$/.exec(text)
  if (!match) return undefined
  const [first, last] = [Number(match[1]), Number(match[2])]
  if (!Number.isFinite(first) || !Number.isFinite(last) || first === last) refuse('axes-coordinates', `The bounds ${text} are not two different numbers.`)
  return [first, last]
}

/**
 * Coordinates given point by point: arrays of the values' own shape (meshgrid, columns). Times may come apart: values [times, points].
 * Undefined when the coordinates are those of tensor axes.
 */
function pointChoices(choices: readonly AxisChoice[], shape: readonly number[]): { space: { name: Coordinate; values: Float64Array }[]; times?: Float64Array } | undefined {
  const named = choices.map(choice => ({ name: choice.coordinate, values: choice.values ?? new Float64Array(), shape: squeezed(choice.shape ?? []), known: choice.values !== undefined && choice.dimension === undefined }))
  const lengths = squeezed(shape)
  if (named.every(({ known, shape: own }) => known && sameShape(own, lengths))) return named.length === 1 && isMonotone(named[0].values) ? undefined : { space: named }
  const [times] = named.filter(({ name }) => name === 't')
  const space = named.filter(({ name }) => name !== 't')
  const separate = times?.known && lengths.length === 2 && times.values.length === lengths[0] && space.every(({ known, shape: own }) => known && own.length === 1 && own[0] === lengths[1])
  return separate && space.length > 1 ? { space, times: times.values } : undefined
}

const isMonotone = (values: Float64Array): boolean =>
  values.every((value, i) => i === 0 || value > values[i - 1]) || values.every((value, i) => i === 0 || value < values[i - 1])

function tensorField(name: string, array: string, shape: readonly number[], values: Float64Array, choices: readonly AxisChoice[], content: ForeignContent): Field {
  const dimensions = dimensionsOf(array, shape, choices, content)
  const strides = rowMajorStrides(shape)
  let start = 0
  const ordered = (['t', 'z', 'y', 'x'] as const).flatMap(coordinate => {
    const at = choices.findIndex(choice => choice.coordinate === coordinate)
    if (at < 0) return []
    const dimension = dimensions[at]
    const extent = dimension < 0 ? 1 : shape[dimension]
    const nodes = nodesOf(choices[at], extent)
    const step = dimension < 0 ? 0 : strides[dimension]
    if (extent > 1 && nodes[0] > nodes[1]) {
      nodes.reverse()
      start += step * (extent - 1)
      return [{ coordinate, nodes, step: -step }]
    }
    return [{ coordinate, nodes, step }]
  })
  for (const { coordinate, nodes } of ordered) checkIncreasing(coordinate, nodes)
  const axes = ordered.flatMap(({ coordinate, nodes }) => (coordinate === 't' ? [] : [axisOfNodes(coordinate, nodes)])).reverse()
  const times = ordered.find(({ coordinate }) => coordinate === 't')?.nodes
  return {
    name,
    grid: { axes },
    ...(times ? { times } : {}),
    values: gatherStrided(values, ordered.map(({ nodes }) => nodes.length), ordered.map(({ step }) => step), start),
  }
}

/** The dimension that each choice runs along; −1 for a coordinate of one value. */
function dimensionsOf(array: string, shape: readonly number[], choices: readonly AxisChoice[], content: ForeignContent): number[] {
  const shown = `${printable(array)} has shape (${shape.join(', ')})`
  const taken = new Set<number>()
  const dimensions = choices.map(choice => {
    const { dimension, coordinate, values } = choice
    if (values && squeezed(choice.shape ?? []).length > 1) return refuse('axes-length', `${printable(choice.text)} has shape (${choice.shape?.join(', ')}) and is no list of coordinates along ${coordinate}.`)
    if (dimension === undefined) return undefined
    if (dimension >= shape.length) return refuse('axes-length', `${shown} and no dimension ${dimension}: they are counted from 0.`)
    if (taken.has(dimension)) return refuse('axes-ambiguous', `Two coordinates run along dimension ${dimension}.`)
    if (values && values.length !== shape[dimension]) return refuse('axes-length', `${shown}: its dimension ${dimension} is ${shape[dimension]} long, ${printable(choice.text)} ${values.length}.`)
    taken.add(dimension)
    return dimension
  })
  const open = shape.map((_, k) => k).filter(k => !taken.has(k) && shape[k] !== 1)
  const waiting = choices.flatMap((choice, k) => (dimensions[k] === undefined && choice.values && choice.values.length !== 1 ? [k] : []))
  const ways = assignments(waiting.map(k => choices[k].values?.length ?? 0), open.map(k => shape[k]))
  const list = waiting.map(k => `${choices[k].coordinate} (${choices[k].values?.length})`).join(', ')
  if (ways.length === 0) refuse('axes-length', `${shown}, which does not fit the coordinates ${list}.`, { tip: 'Each coordinate array must be as long as one dimension.' })
  if (ways.length > 1) refuse('axes-ambiguous', `${shown}, and the coordinates ${list} fit it in more than one way.`, { tip: `Write the dimension's number, counted from 0, after the name: ${choices[waiting[0]].coordinate} = "${choices[waiting[0]].text}#0".` })
  waiting.forEach((k, i) => (dimensions[k] = open[ways[0][i]]))
  const left = open.filter(k => !dimensions.includes(k))
  const unplaced = choices.flatMap((choice, k) => (dimensions[k] === undefined && choice.bounds ? [k] : []))
  if (unplaced.length > 0 && left.length === unplaced.length) {
    // The convention of the file's program: NumPy's [t, z, y, x], MATLAB's [x, y, z, t].
    const inOrder = content.firstAxis === 't' ? [...unplaced].reverse() : unplaced
    inOrder.forEach((k, i) => (dimensions[k] = left[i]))
  } else if (left.length > 0 || unplaced.length > 0) {
    refuse('axes-missing', `${shown}: ${squeezed(shape).length} dimensions need as many coordinates, and ${choices.length} ${choices.length === 1 ? 'is' : 'are'} given.`, {
      tip: 'Name a coordinate array, bounds like [0, 1], or index for each dimension.',
    })
  }
  return dimensions.map(dimension => dimension ?? -1)
}

function nodesOf({ values, bounds, coordinate }: AxisChoice, extent: number): Float64Array {
  if (values) return values.slice()
  if (bounds === 'index' || bounds === undefined) return Float64Array.from({ length: extent }, (_, i) => i)
  if (extent < 2) refuse('axes-length', `The bounds of ${coordinate} need a dimension longer than 1.`)
  const [first, last] = bounds
  return Float64Array.from({ length: extent }, (_, i) => (first * (extent - 1 - i) + last * i) / (extent - 1))
}

function checkIncreasing(coordinate: Coordinate, nodes: Float64Array): void {
  for (let i = 0; i < nodes.length; i++) {
    if (!Number.isFinite(nodes[i])) refuse('axes-coordinates', `The coordinate ${coordinate} holds a value that is not a number.`)
    if (i > 0 && !(nodes[i] > nodes[i - 1])) refuse('axes-coordinates', `The coordinate ${coordinate} neither increases nor decreases throughout: its entries ${i} and ${i + 1} do not follow on each other.`)
  }
}
