import { guessAxes } from './foreign-axes'
import type { ForeignFormat } from './foreign-content'
import { openForeign, realArray } from './foreign-content'
import { fieldFromArrays, fieldFromComponents } from './foreign-field'
import type { Limits } from './limits'
import { defaultLimits } from './limits'
import { inFile, printable, refuse } from './refusal'
import type { Field } from '../../../shared/fields/field'
import type { AnyField } from '../../../shared/fields/mesh'
import { isMeshField } from '../../../shared/fields/mesh'

/** Import: what another program's file holds, and fields made of it. */
export interface ForeignArray {
  readonly name: string
  /** C-order shape as in the file. */
  readonly shape: readonly number[]
  readonly complex: boolean
  /** Axes to read it with as a field, when names and lengths leave one choice only. */
  readonly guess?: Readonly<Record<string, string>>
}

export interface ForeignListing {
  readonly format: ForeignFormat
  readonly arrays: readonly ForeignArray[]
  /** What else the file holds and why it cannot be read. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[]
}

/** What a file holds, with a guess of the axes for each array that could be a field. Faults: those of the format's reader, foreign-unknown, foreign-hdf5, foreign-empty. */
export function listArrays(name: string, bytes: Uint8Array, limits: Limits = defaultLimits): ForeignListing {
  const content = openForeign(name, bytes, limits)
  return {
    format: content.format,
    arrays: content.arrays.map(array => {
      const guess = guessAxes(array, content)
      return { name: array.name, shape: array.shape, complex: array.complex, ...(guess ? { guess } : {}) }
    }),
    refused: content.refused,
  }
}

/**
 * One array as a field on a tensor grid. `array` names it; of a complex one `re(uu)`, `im(uu)` or `abs(uu)`. `axes` says for x, y, z, t which array of the
 * file holds the coordinates: `{ x: 'x', t: 'tt' }`. A coordinate array runs along the dimension that has its length; where two dimensions have, add the
 * dimension's number, counted from 0: `x#1`. Coordinates that have the array's own shape (meshgrid, scattered columns) are matched point by point.
 * Without coordinates in the file: bounds of equally spaced nodes, `[-1, 1]`, or `index`.
 * The result is C order [t, z, y, x] with increasing coordinates. Faults: array-missing, array-complex, axes-unknown, axes-missing, axes-length,
 * axes-ambiguous, axes-coordinates, scattered, and those of the format's reader.
 */
export function readArrayAsField(name: string, bytes: Uint8Array, array: string, axes: Readonly<Record<string, string>>, limits: Limits = defaultLimits): Field {
  const content = openForeign(name, bytes, limits)
  return inFile(printable(name), () => {
    const field = fieldFromArrays(content, array, axes)
    return isMeshField(field) ? refuse('scattered', `The ${field.mesh.points.length / field.mesh.dimension} points do not form a tensor grid.`, { tip: 'Compare on the points themselves, or interpolate them onto a grid first.' }) : field
  })
}

/**
 * One or several arrays as one field with components: a complex array has `re` and `im`. Points that form no tensor grid give a field on a mesh with these points. The rest as in readArrayAsField.
 * Faults: its, array-shapes; scattered only where a point comes twice.
 */
export function readArraysAsField(name: string, bytes: Uint8Array, arrays: readonly string[], axes: Readonly<Record<string, string>>, limits: Limits = defaultLimits): AnyField {
  const content = openForeign(name, bytes, limits)
  return inFile(printable(name), () => fieldFromComponents(content, arrays, axes))
}

/** One array as it is. `array` as in readArrayAsField. Faults: array-missing, array-complex and those of the format's reader. */
export function readForeignArray(name: string, bytes: Uint8Array, array: string, limits: Limits = defaultLimits): { shape: readonly number[]; values: Float64Array } {
  const content = openForeign(name, bytes, limits)
  return inFile(printable(name), () => realArray(content, array))
}
