import type { Statement } from '../../experiment/document'
import type { Libm } from '../../expressions/libm'
import { FaultError } from '../../fault'
import type { Field } from '../../fields/field'
import { isMeshField } from '../../fields/mesh'
import type { Checkpoint, Run, Team } from '../../kernels/team'
import { Cancelled } from '../../kernels/team'
import { analyse } from '../../problems/analyse'
import type { Solution, SolveMethod, SolveRequest } from '../method'

/** A run that nobody watches; parts can be replaced. */
export const quietRun = (parts: Partial<Run> = {}): Run => ({ progress() {}, log() {}, frame() {}, series() {}, checkpoint() {}, resumed: undefined, throwIfCancelled() {}, ...parts })

export interface Ask {
  readonly resolution: readonly number[]
  /** Output times; two, the ends, when absent. */
  readonly times?: readonly number[]
  readonly options?: Readonly<Record<string, unknown>>
  readonly run?: Run
}

export function requestFor(statement: Statement, { resolution, times, options = {} }: Ask, libm: Libm): SolveRequest {
  const { problem, faults } = analyse(statement, libm)
  if (!problem) throw new FaultError(faults)
  const span = problem.time ?? []
  return { problem, resolution, times: Float64Array.from(times ?? span), options, libm }
}

/** Analyses a statement and solves it; faults of the check are thrown. */
export function solveStatement(method: SolveMethod, statement: Statement, ask: Ask, team: Team, libm: Libm): Solution {
  const request = requestFor(statement, ask, libm)
  const faults = method.check(request).filter(fault => fault.severity === 'error')
  if (faults.length > 0) throw new FaultError(faults)
  return method.solve(request, team, ask.run ?? quietRun())
}

/** The first unknown of a solution on a grid. */
export function gridField({ fields: [field] }: Pick<Solution, 'fields'>): Field {
  if (isMeshField(field)) throw new Error(`${field.name} lives on a mesh.`)
  return field
}

/** Codes of the faults that a call throws; none when it returns. */
export function faultCodes(call: () => unknown): string[] {
  try {
    call()
  } catch (reason) {
    if (reason instanceof FaultError) return reason.faults.map(fault => fault.code)
    throw reason
  }
  return []
}

/** Stops a run after some looks at the flag, then continues it from its checkpoint, again and again to the end. */
export function solveInPieces(solve: (run: Run) => Solution, looks: number): { readonly solution: Solution; readonly pieces: number } {
  let resumed: Checkpoint | undefined
  for (let pieces = 1; ; pieces++) {
    let left = looks
    try {
      const solution = solve(quietRun({
        resumed,
        throwIfCancelled() {
          if (left-- === 0) throw new Cancelled()
        },
        checkpoint(make, force) {
          if (force) resumed = make()
        },
      }))
      return { solution, pieces }
    } catch (reason) {
      if (!(reason instanceof Cancelled)) throw reason
    }
  }
}

interface Variable { readonly name: string; read(): { readonly values: Float64Array } }

/** u(x, t) of a file with one matrix [x, t] and its two axes, as a field [t, x] on the file's own points. */
export function fieldFromVariables(variables: readonly Variable[], x: string, t: string, u: string): Field {
  const numbers = (name: string): Float64Array => variables.find(variable => variable.name === name)!.read().values
  const [coordinates, times, matrix] = [numbers(x), numbers(t), numbers(u)]
  const values = matrix.map((_, i) => matrix[(i % coordinates.length) * times.length + Math.floor(i / coordinates.length)])
  const axis = { name: 'x' as const, lower: coordinates[0], upper: coordinates[coordinates.length - 1], periodic: false, coordinates }
  return { name: u, grid: { axes: [axis] }, times, values }
}
