import type { Expression } from '../../expressions/ast'
import { compileProgram } from '../../expressions'
import type { Pointer, Team } from '../../kernels/team'

/** A compiled set of expressions evaluated at every node. */
export interface Pointwise {
  /** outputs[i] = expressionᵢ(inputs, scalars) for nodes begin … end − 1. */
  run(begin: number, end: number, scalars: readonly number[]): void
  /** Reads an input from another array from now on; does nothing when the expressions do not use the name. */
  bindInput(name: string, pointer: Pointer): void
  bindOutput(index: number, pointer: Pointer): void
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
  const entries = new Int32Array(arena.memory.buffer, table, pointers.length)
  entries.set(pointers)
  const values = arena.f64(Math.max(1, scalars.length))
  const kernel = `${module}.run`
  const args = [table, values.pointer]
  const view = values.view()
  return {
    run(begin, end, now) {
      for (let i = 0; i < now.length; i++) view[i] = now[i]
      team.parallel(kernel, begin, end, args, { grain: 1024 })
    },
    bindInput(name, pointer) {
      const index = names.indexOf(name)
      if (index >= 0) entries[index] = pointer
    },
    bindOutput(index, pointer) {
      entries[names.length + index] = pointer
    },
  }
}
