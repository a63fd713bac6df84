import { compileProgram, constantNames, evaluate, freeNames, toText } from '../../expressions'
import type { Expression } from '../../expressions/ast'
import type { Libm } from '../../expressions/libm'
import { axisNames } from '../../fields/field'
import { error, FaultError, type Fault } from '../../fault'
import type { Block, Team } from '../../kernels/team'

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
 * Evaluates an expression at the nodes of a tensor grid, x fastest, into `out`; compiled, the same bits as `evaluate`.
 * Throws FaultError `non-finite` with `what`, the first such node and its coordinates.
 */
export function sample(team: Team, e: Expression, coordinates: Coordinates, dimensions: number, time: number, libm: Libm, what: string, out: Block): void {
  const [x, y, z] = coordinates
  const constant = constantValue(e, libm)
  if (constant !== undefined) {
    if (!Number.isFinite(constant)) throw new FaultError(notFinite(what, e, constant, { x: x[0], y: y[0], z: z[0] }, dimensions))
    out.view().fill(constant)
    return
  }
  const mark = team.arena.mark()
  try {
    team.load('sample', compileProgram({ inputs: ['x'], scalars: ['y', 'z', 't'], outputs: [e] }))
    const line = team.arena.from(x)
    const scalars = team.arena.f64(3)
    const table = team.arena.bytes(8)
    const entries = new Int32Array(team.arena.memory.buffer, table, 2)
    const values = scalars.view()
    entries[0] = line.pointer
    values[2] = time
    for (let k = 0; k < z.length; k++) {
      values[1] = z[k]
      for (let j = 0; j < y.length; j++) {
        values[0] = y[j]
        entries[1] = out.pointer + 8 * x.length * (k * y.length + j)
        team.parallel('sample.run', 0, x.length, [table, scalars.pointer], { grain: 4096 })
      }
    }
  } finally {
    team.arena.release(mark)
  }
  if (Number.isFinite(team.reduce('vectors.maxAbs', 0, out.length, [out.pointer], { block: 65536, combine: 'max' }))) return
  const view = out.view()
  const at = view.findIndex(value => !Number.isFinite(value))
  const point = { x: x[at % x.length], y: y[Math.floor(at / x.length) % y.length], z: z[Math.floor(at / (x.length * y.length))] }
  throw new FaultError(notFinite(what, e, view[at], point, dimensions))
}
