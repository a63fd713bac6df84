import { sameShape, sizeOf, type Node, type Shape, type Value } from '../graph'
import { hasOneElement } from './known'
import type { Rule, Rules } from './rewrite'

const list = (attribute: unknown): readonly number[] => attribute as readonly number[]

const isIdentityOrder = (perm: readonly number[]): boolean => perm.every((axis, i) => axis === i)

/** `Slice` with an entry for every axis: what it takes from each. */
interface Window {
  readonly start: number
  readonly end: number
  readonly step: number
}
function windowsOf({ attributes: { starts, ends, axes, steps }, inputs: [x] }: Node): Window[] {
  const windows = x.shape.map(n => ({ start: 0, end: n, step: 1 }))
  list(axes).forEach((axis, i) => { windows[axis] = { start: list(starts)[i], end: list(ends)[i], step: list(steps)[i] } })
  return windows
}
const isWhole = ({ start, end, step }: Window, length: number): boolean => start === 0 && end === length && step === 1

/** Attributes of the slice that takes these windows, axes that are taken whole left out. */
function sliceAttributes(windows: readonly Window[], shape: Shape): { starts: number[]; ends: number[]; axes: number[]; steps: number[] } {
  const axes = windows.flatMap((w, i) => (isWhole(w, shape[i]) ? [] : [i]))
  return { starts: axes.map(i => windows[i].start), ends: axes.map(i => windows[i].end), axes, steps: axes.map(i => windows[i].step) }
}

const sliceOfWhole: Rule = ({ inputs: [x], outputs: [y] }) => (sameShape(x.shape, y.shape) && y.node.attributes.steps !== undefined && list(y.node.attributes.steps).every(s => s > 0) ? x : undefined)

/** Axes that are taken whole are not named. */
const shortSlice: Rule = (node, { make }) => {
  const attributes = sliceAttributes(windowsOf(node), node.inputs[0].shape)
  return attributes.axes.length < list(node.attributes.axes).length ? make('Slice', [node.inputs[0]], attributes) : undefined
}

const sliceOfSlice: Rule = (node, { make }) => {
  const inner = node.inputs[0].node
  if (inner.operator !== 'Slice') return undefined
  const [outer, first] = [windowsOf(node), windowsOf(inner)]
  if ([...outer, ...first].some(w => w.step !== 1)) return undefined
  const windows = outer.map((w, i) => ({ start: first[i].start + w.start, end: first[i].start + w.end, step: 1 }))
  return make('Slice', [inner.inputs[0]], sliceAttributes(windows, inner.inputs[0].shape))
}

/** What lies in one part of a concatenation comes from that part; the others may then be dead. */
const sliceOfConcat: Rule = (node, { make }) => {
  const inner = node.inputs[0].node
  if (inner.operator !== 'Concat') return undefined
  const along = inner.attributes.axis as number
  const windows = windowsOf(node)
  const { start, end, step } = windows[along]
  if (step !== 1 || end <= start) return undefined
  let offset = 0
  for (const part of inner.inputs) {
    const length = part.shape[along]
    if (start >= offset && end <= offset + length) {
      windows[along] = { start: start - offset, end: end - offset, step }
      return make('Slice', [part], sliceAttributes(windows, part.shape))
    }
    offset += length
  }
  return undefined
}

const concatOfOne: Rule = ({ inputs }) => (inputs.length === 1 ? inputs[0] : undefined)

const concatOfConcats: Rule = ({ inputs, attributes: { axis } }, { make, uses }) => {
  const isInner = (value: Value): boolean => value.node.operator === 'Concat' && value.node.attributes.axis === axis && uses(value) === 1
  return inputs.some(isInner) ? make('Concat', inputs.flatMap(v => (isInner(v) ? v.node.inputs : [v])), { axis: axis as number }) : undefined
}

/** Neighbouring slices of one array, joined again. */
const concatOfSlices: Rule = ({ inputs, attributes: { axis } }, { make }) => {
  const along = axis as number
  const [first] = inputs
  if (inputs.length < 2 || inputs.some(v => v.node.operator !== 'Slice' || v.node.inputs[0] !== first.node.inputs[0])) return undefined
  const source = first.node.inputs[0]
  const windows = inputs.map(v => windowsOf(v.node))
  const fits = windows.every((w, k) => w.every((own, i) => {
    const other = windows[Math.max(0, k - 1)][i]
    return own.step === 1 && (k === 0 || (i === along ? own.start === other.end : own.start === other.start && own.end === other.end))
  }))
  if (!fits) return undefined
  const joined = windows[0].map((w, i) => (i === along ? { ...w, end: windows.at(-1)![i].end } : w))
  return make('Slice', [source], sliceAttributes(joined, source.shape))
}

const reshapeToSame: Rule = ({ inputs: [x], outputs: [y] }) => (sameShape(x.shape, y.shape) ? x : undefined)
const reshapeOfReshape: Rule = ({ inputs: [x], attributes }, { make }) => (x.node.operator === 'Reshape' ? make('Reshape', [x.node.inputs[0]], attributes) : undefined)

const transposeOfNothing: Rule = ({ inputs: [x], attributes: { perm } }) => (isIdentityOrder(list(perm)) ? x : undefined)
const transposeOfTranspose: Rule = ({ inputs: [x], attributes: { perm } }, { make }) =>
  (x.node.operator === 'Transpose' ? make('Transpose', [x.node.inputs[0]], { perm: list(perm).map(axis => list(x.node.attributes.perm)[axis]) }) : undefined)

/** Moving axes of length 1 about moves no element. */
const transposeOfSingles: Rule = ({ inputs: [x], attributes: { perm }, outputs: [y] }, { make }) => {
  const long = list(perm).filter(axis => x.shape[axis] !== 1)
  return long.every((axis, i) => i === 0 || axis > long[i - 1]) ? make('Reshape', [x], { shape: y.shape }) : undefined
}

const expandToSame: Rule = ({ inputs: [x], outputs: [y] }) => (sameShape(x.shape, y.shape) ? x : undefined)
const expandOfExpand: Rule = ({ inputs: [x], attributes }, { make }) => (x.node.operator === 'Expand' ? make('Expand', [x.node.inputs[0]], attributes) : undefined)

/** Leading axes of length 1 that broadcasting would add by itself. */
const expandOfPadded: Rule = ({ inputs: [x], attributes }, { make }) => {
  if (x.node.operator !== 'Reshape') return undefined
  const [source] = x.node.inputs
  const added = x.shape.length - source.shape.length
  return added > 0 && x.shape.slice(0, added).every(n => n === 1) && sameShape(x.shape.slice(added), source.shape) ? make('Expand', [source], attributes) : undefined
}

/** A scalar spread over any shape stays one. */
const reshapeOfSpread: Rule = ({ inputs: [x], outputs: [y] }, { make }) => {
  if (x.node.operator !== 'Expand' || !hasOneElement(x.node.inputs[0]) || sizeOf(y.shape) === 0) return undefined
  return make('Expand', [make('Reshape', [x.node.inputs[0]], { shape: [] })], { shape: y.shape })
}

/** Padded to the rank of what it is spread to. */
const padded = (x: Value, rank: number): number[] => [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape]

const transposeOfSpread: Rule = ({ inputs: [x], attributes: { perm }, outputs: [y] }, { make }) => {
  if (x.node.operator !== 'Expand') return undefined
  const [source] = x.node.inputs
  const aligned = make('Reshape', [source], { shape: padded(source, x.shape.length) })
  return make('Expand', [make('Transpose', [aligned], { perm: list(perm) })], { shape: y.shape })
}

const sliceOfSpread: Rule = (node, { make }) => {
  const [x] = node.inputs
  if (x.node.operator !== 'Expand' || sizeOf(node.outputs[0].shape) === 0) return undefined
  const [source] = x.node.inputs
  const from = x.shape.length - source.shape.length
  const windows = windowsOf(node).slice(from).map((w, i) => (source.shape[i] === 1 && x.shape[i + from] !== 1 ? { start: 0, end: 1, step: 1 } : w))
  return make('Expand', [make('Slice', [source], sliceAttributes(windows, source.shape))], { shape: node.outputs[0].shape })
}

/** Rearrangements that cancel, join, or move nothing; those of broadcasts are done before broadcasting. All exact. */
export const arrangementRules: Rules = {
  Slice: [sliceOfWhole, shortSlice, sliceOfSlice, sliceOfConcat, sliceOfSpread],
  Concat: [concatOfOne, concatOfConcats, concatOfSlices],
  Reshape: [reshapeToSame, reshapeOfReshape, reshapeOfSpread],
  Transpose: [transposeOfNothing, transposeOfTranspose, transposeOfSpread, transposeOfSingles],
  Expand: [expandToSame, expandOfExpand, expandOfPadded],
}
