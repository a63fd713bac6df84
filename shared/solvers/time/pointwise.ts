import type { Expression } from '../../expressions/ast'
import { compileProgram } from '../../expressions'
import type { Pointer, Team } from '../../kernels/team'

/** A compiled set of expressions evaluated at every node. */
export interface Pointwise {
  /** outputs[i] = expressionᵢ(inputs, scalars) for nodes begin … end − 1. */
  run(begin: number, end: number, scalars: readonly number[]): void
}

let serial = 0

/**
 * Compiles expressions over per-node arrays and scalars and binds them to arrays in the arena, given by name: `inputs.u`, `outputs[0]`.
 * Names in the expressions must be keys of `inputs` or members of `scalars`.
 */
export function createPointwise(
  team: Team, expressions: readonly Expression[], inputs: Readonly<Record<string, Pointer>>, scalars: readonly string[], outputs: readonly Pointer[],
): Pointwise {
  const { arena } = team
  const names = Object.keys(inputs)
  // A name of its own for each, so that several live at once; the count restarts with the process, nothing depends on its value.
  const module = `pointwise${serial++}`
  team.load(module, compileProgram({ inputs: names, scalars: [...scalars], outputs: [...expressions] }))
  const pointers = [...names.map(name => inputs[name]), ...outputs]
  const table = arena.bytes(4 * pointers.length)
  new Int32Array(arena.memory.buffer, table, pointers.length).set(pointers)
  const values = arena.f64(Math.max(1, scalars.length))
  const kernel = `${module}.run`
  const args = [table, values.pointer]
  const view = values.view()
  return {
    run(begin, end, now) {
      for (let i = 0; i < now.length; i++) view[i] = now[i]
      team.parallel(kernel, begin, end, args, { grain: 2 })
    },
  }
}
