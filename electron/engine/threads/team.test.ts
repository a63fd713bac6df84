import { afterAll, describe, expect, it } from 'vitest'
import { createSerialTeam } from '../../../shared/kernels/serial-team'
import type { Team } from '../../../shared/kernels/team'
import { readKernels } from '../kernels'
import { createThreadTeam, type ThreadTeam } from './team'

const kernels = { vectors: readKernels().vectors }
const started: ThreadTeam[] = []
async function threadTeam(threads: number, worthSharing = 0): Promise<ThreadTeam> {
  const team = createThreadTeam({ threads, kernels, budgetBytes: 2 ** 28, worthSharing })
  started.push(team)
  await team.ready
  return team
}
afterAll(async () => {
  await Promise.all(started.map(team => team.dispose()))
})

/** Reductions and updates whose result depends on the order of additions. */
function exercise(team: Team): { sums: number[]; values: Float64Array } {
  const mark = team.arena.mark()
  const n = 100_003
  const x = team.arena.f64(n)
  const y = team.arena.f64(n)
  x.view().forEach((_, i, all) => (all[i] = 1 / (i + 1) - ((i * 7919) % 1000) / 997))
  y.view().forEach((_, i, all) => (all[i] = ((i * 104729) % 1013) * 1e-3))
  const sums: number[] = []
  for (let repeat = 0; repeat < 50; repeat++) {
    team.parallel('vectors.axpby', 0, n, [0.999, x.pointer, 1e-3 * repeat, y.pointer], { grain: 2 })
    sums.push(team.reduce('vectors.dot', 0, n, [x.pointer, y.pointer]), team.reduce('vectors.dot', 0, n, [y.pointer, y.pointer], { block: 1000 }))
    sums.push(team.reduce('vectors.maxAbs', 0, n, [y.pointer], { combine: 'max' }), team.reduce('vectors.dot', 0, n, [x.pointer, x.pointer], { block: 7 }))
  }
  const values = y.view().slice()
  team.arena.release(mark)
  return { sums, values }
}

describe('thread team', () => {
  const serial = exercise(createSerialTeam({ kernels }))

  it.each([1, 2, 3, 5])('gives the bits of the serial team on %i threads', async threads => {
    const team = await threadTeam(threads)
    expect(exercise(team)).toEqual(serial)
    expect(exercise(team)).toEqual(serial)
  })

  it('gives them too when it shares only what takes long', async () => {
    expect(exercise(await threadTeam(2, 0.03))).toEqual(serial)
  })

  it('works before its helpers are up, and after they fell asleep', async () => {
    const team = createThreadTeam({ threads: 3, kernels, budgetBytes: 2 ** 28 })
    started.push(team)
    expect(exercise(team)).toEqual(serial)
    await team.ready
    await new Promise(resolve => setTimeout(resolve, 50))
    expect(exercise(team)).toEqual(serial)
  })

  it('runs modules loaded later on every helper, and replaces a module of the same name', async () => {
    const team = await threadTeam(2)
    team.load('again', kernels.vectors)
    team.load('again', kernels.vectors)
    const x = team.arena.f64(10_000)
    team.parallel('again.fill', 0, 10_000, [3, x.pointer])
    expect(x.view().every(value => value === 3)).toBe(true)
    expect(() => team.parallel('again.nothing', 0, 1, [])).toThrow(/no kernel again\.nothing/)
  })

  it('reports a trap on a helper and goes on', async () => {
    const team = await threadTeam(2)
    const x = team.arena.f64(1000)
    const last = team.arena.memory.buffer.byteLength - 4000
    expect(() => team.parallel('vectors.fill', 0, 1000, [1, last])).toThrow(/helper thread: .*out of bounds/)
    expect(() => team.parallel('vectors.fill', 0, 1000, [1, last + 1_000_000])).toThrow(/out of bounds/)
    team.parallel('vectors.fill', 0, 1000, [2, x.pointer])
    expect(x.view().every(value => value === 2)).toBe(true)
  })

  it('lets NaN win a maximum', async () => {
    const team = await threadTeam(2)
    const x = team.arena.from([1, NaN, 3, 4])
    expect(team.reduce('vectors.maxAbs', 0, 4, [x.pointer], { block: 1, combine: 'max' })).toBeNaN()
  })
})
