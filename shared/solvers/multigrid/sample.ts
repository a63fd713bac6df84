import { constantNames, evaluate, freeNames, toText } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import { axisNames } from '../../fields/field'
import { error, FaultError, type Fault } from '../../fault'

/** Coordinates along x, y, z; `[0]` for an absent axis. */
export type Coordinates = readonly [Float64Array, Float64Array, Float64Array]

/** The value of an expression without coordinates and time; undefined for any other. */
export function constantValue(e: Expression, libm: Libm): number | undefined {
  return [...freeNames(e).keys()].every(name => constantNames.has(name)) ? evaluate(e, {}, libm) : undefined
}

export const pointText = (point: Readonly<Record<string, number>>, dimensions: number): string =>
  axisNames.slice(0, dimensions).map(name => `${name} = ${Number(point[name].toPrecision(6))}`).join(', ')

/** What a solver says about a coefficient or datum that is NaN or infinite at a node. */
export function notFinite(what: string, e: Expression, value: number, point: Readonly<Record<string, number>>, dimensions: number): Fault {
  const text = Number.isNaN(value) ? 'not a number' : value > 0 ? 'infinite' : 'minus infinity'
  return error('non-finite', `The ${what} ${toText(e)} is ${text} at the node ${pointText(point, dimensions)}.`, { tip: 'Write it so that it is finite on the whole domain, for example with if(condition, value, otherwise).' })
}

/**
 * Evaluates an expression at the nodes of a tensor grid, x fastest. Throws FaultError `non-finite` with `what`, the first such node and its coordinates.
 */
export function sample(e: Expression, coordinates: Coordinates, dimensions: number, time: number, libm: Libm, what: string, out: Float64Array): void {
  const constant = constantValue(e, libm)
  const [x, y, z] = coordinates
  const point = { x: x[0], y: y[0], z: z[0], t: time }
  if (constant !== undefined) {
    if (!Number.isFinite(constant)) throw new FaultError(notFinite(what, e, constant, point, dimensions))
    out.fill(constant)
    return
  }
  let at = 0
  for (const zk of z) {
    for (const yj of y) {
      for (const xi of x) {
        point.x = xi
        point.y = yj
        point.z = zk
        const value = evaluate(e, point, libm)
        if (!Number.isFinite(value)) throw new FaultError(notFinite(what, e, value, point, dimensions))
        out[at++] = value
      }
    }
  }
}
