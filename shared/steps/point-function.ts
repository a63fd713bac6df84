import type { Expression } from '../expressions/ast'
import { compileProgram } from '../expressions'
import type { PointFunction } from '../fields/norms'
import type { Block, Team } from '../kernels/team'

/** A closed expression over x, y, z, t as a function of many points at once, compiled and spread over the team. The arena's blocks grow with the largest batch. */
export function pointFunction(team: Team, module: string, expression: Expression, axes: readonly string[]): PointFunction {
  team.load(module, compileProgram({ inputs: [...axes], scalars: ['t'], outputs: [expression] }))
  const { arena } = team
  let capacity = 0
  let blocks: Block[] = []
  let table = 0
  const scalars = arena.f64(1)
  const reserve = (length: number): void => {
    if (length <= capacity) return
    capacity = Math.max(length, 2 * capacity, 4096)
    blocks = [...axes, 'value'].map(() => arena.f64(capacity))
    table = arena.bytes(4 * blocks.length)
    new Int32Array(arena.memory.buffer, table, blocks.length).set(blocks.map(b => b.pointer))
  }
  return (points, time) => {
    const columns = axes.map(axis => points[axis as 'x' | 'y' | 'z']!)
    const { length } = columns[0]
    reserve(length)
    columns.forEach((column, i) => blocks[i].view().set(column))
    scalars.view()[0] = time
    team.parallel(`${module}.run`, 0, length, [table, scalars.pointer])
    return blocks[blocks.length - 1].view().slice(0, length)
  }
}
