import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { documentOf } from '../identification/identify.testing'
import { analyse } from '../problems/analyse'
import { identify } from './identify'

const libm = loadLibm(readKernels())

const statement = { domain: { shape: 'box', bounds: [[0, 1]] }, time: [0, 1], unknowns: ['u'], parameters: { nu: 0.1, L: 1, spare: 2 }, definitions: { a: '1 + x' }, equations: ['dt(u) = nu*dxx(u) + 0*a'], boundary: [{ on: 'all', condition: 'u = 0' }], initial: { u: 'sin(pi*x)' } }
const faults = (options: object, problem: object = statement): string[] => {
  const document = documentOf(problem, options)
  return identify.check(document.steps[1], document, analyse(document.problem!, libm).problem, libm).map(f => `${f.code} ${f.where?.path ?? ''}`)
}

describe('the options of an identify step', () => {
  it('pass where they make sense', () => {
    expect(faults({ unknown: ['nu'] })).toEqual([])
    expect(faults({ method: 'adjoint', unknown: ['nu'], truth: { nu: '0.01/pi' }, start: { nu: 0.3 }, solver: { method: 'spectral' }, resolution: [33] })).toEqual([])
    expect(faults({ method: 'network', unknown: ['nu'], network: { kind: 'mlp', width: 8, depth: 1 }, budget: { steps: 3 } })).toEqual([])
  })

  it.each([
    [{}, 'missing-unknown unknown'],
    [{ unknown: ['mu'] }, 'unknown-not-in-statement unknown[0]'],
    [{ unknown: ['nu', 'nu'] }, 'duplicate-unknown unknown[1]'],
    [{ unknown: ['spare'] }, 'unknown-not-used unknown[0]'],
    [{ unknown: ['nu', 'a'] }, 'mixed-unknowns unknown'],
    [{ unknown: ['a'] }, 'field-class unknown'],
    [{ unknown: ['nu'], noise: -0.1 }, 'too-small noise'],
    [{ unknown: ['nu'], points: 0 }, 'too-small points'],
    [{ unknown: ['nu'], data: 'nobody' }, 'unknown-step data'],
    [{ unknown: ['nu'], truth: { nuu: 1 } }, 'not-unknown truth.nuu'],
    [{ unknown: ['nu'], start: { nu: 'x' } }, 'no-value start.nu'],
    [{ unknown: ['nu'], observed: ['w'] }, 'observed-components observed[0]'],
    [{ unknown: ['nu'], resolutoin: [33] }, 'unknown-key resolutoin'],
    [{ unknown: ['nu'], solver: { method: 'spektral' } }, 'unknown-method solver.method'],
    [{ unknown: ['nu'], solver: {}, resolution: [9, 9] }, 'resolution-axes resolution'],
    [{ unknown: ['nu'], method: 'guess' }, 'wrong-value method'],
    [{ method: 'network', unknown: ['a'] }, 'network-field unknown'],
    [{ method: 'network', unknown: ['nu'], budget: {} }, 'missing-budget budget'],
    [{ method: 'network', unknown: ['nu'], network: { kind: 'piratenet' } }, 'gauss-newton-network optimizer.kind'],
  ])('%j is refused', (options, expected) => {
    expect(faults(options)).toContain(expected)
  })

  it('do not identify the domain', () => {
    expect(faults({ unknown: ['L'] }, { ...statement, domain: { shape: 'box', bounds: [[0, 'L']] } })).toEqual(['unknown-in-domain unknown[0]'])
  })

  it('name their files and steps', () => {
    const step = (data: object | string) => ({ id: 'a', kind: 'identify', data }) as never
    expect([identify.inputs(step('fd')), identify.files(step('fd'))]).toEqual([['fd'], []])
    expect([identify.inputs(step({ file: 'a.mat' })), identify.files(step({ file: 'a.mat' }))]).toEqual([[], ['a.mat']])
  })
})
