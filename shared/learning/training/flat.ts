import type { Parameters } from '../networks'

/** The named arrays one after the other. */
export function flattened(arrays: Parameters, names: readonly string[]): Float64Array {
  const flat = new Float64Array(names.reduce((size, name) => size + arrays[name].values.length, 0))
  let at = 0
  for (const name of names) {
    flat.set(arrays[name].values, at)
    at += arrays[name].values.length
  }
  return flat
}

/** Views of a flat vector as the named arrays, in the sizes of `like`. */
export function unflattened(flat: Float64Array, like: Parameters, names: readonly string[]): Record<string, Float64Array> {
  let at = 0
  return Object.fromEntries(names.map(name => [name, flat.subarray(at, (at += like[name].values.length))]))
}
