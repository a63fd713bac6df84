import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import type { Fault } from '../fault'
import { methodFaults } from './method-check'
import { validateDocument } from './validate'

const libm = loadLibm(readKernels())
const faultsOf = (json: unknown): Promise<Fault[]> => methodFaults(validateDocument(json, libm), libm)
const documentOf = (catalogue: string, ...steps: object[]): object => ({ format: 'residuum/1', title: 't', problem: { catalogue }, steps: steps.map((step, i) => ({ id: `s${i}`, kind: 'solve', ...step })) })
const told = async (json: unknown): Promise<string[]> => (await faultsOf(json)).map(({ code, where }) => `${code} ${where?.path}`)

describe('what methods refuse is told before a run', () => {
  it.each([
    ['grids beyond the memory of a job', 'poisson-3d', { method: 'finite-difference', resolution: [2001, 2001, 2001] }, 'too-large steps[0].resolution'],
    ['meshes beyond it', 'poisson-2d', { method: 'finite-element', resolution: [20001, 20001] }, 'too-large steps[0].resolution'],
    ['full matrices beyond it', 'biharmonic', { method: 'spectral', resolution: [129, 129] }, 'too-large steps[0].resolution'],
    ['fields of an evolution', 'gray-scott-3d', { method: 'spectral', resolution: [1024, 1024, 1024] }, 'too-large steps[0].resolution'],
    ['the finest grid of a study', 'poisson-2d', { kind: 'converge', method: 'finite-element', resolutions: [17, 33, 40001] }, 'too-large steps[0].resolutions[2]'],
    ['meshes of other studies', 'poisson-2d', { kind: 'energy-bounds', resolutions: [17, 33, 40001] }, 'too-large steps[0].resolutions[2]'],
    ['a class that a method does not cover', 'lid-driven-cavity', { method: 'finite-difference', resolution: [33, 33] }, 'unsupported-class steps[0].method'],
  ])('%s', async (_, catalogue, step, expected) => {
    expect(await told(documentOf(catalogue, step))).toEqual([expected])
  })

  it('says nothing where auto finds another method, and nothing twice', async () => {
    expect(await told(documentOf('lid-driven-cavity', { resolution: [33, 33] }))).toEqual([])
    expect(await told(documentOf('poisson-2d', { method: 'finite-element', resolution: [33, 33, 33] }, { method: 'finite-element', resolution: [40001, 40001] }))).toEqual(['too-large steps[1].resolution'])
    expect(await told({ format: 'residuum/1', title: 't', steps: [] })).toEqual([])
  })
})
