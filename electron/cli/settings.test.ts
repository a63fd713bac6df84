import { describe, expect, it } from 'vitest'
import type { FaultError } from '../../shared/fault'
import { applySetting } from './settings'

const document = { title: 'T', problem: { catalogue: 'poisson-2d' }, steps: [{ id: 'fd', kind: 'solve', resolution: [9, 9] }] }
const code = (setting: string): string => {
  try {
    applySetting(document, setting)
    return 'applied'
  } catch (reason) {
    return (reason as FaultError).faults[0].code
  }
}

describe('--set', () => {
  it.each([
    ['fd.resolution=[257,257]', { steps: [{ id: 'fd', kind: 'solve', resolution: [257, 257] }] }],
    ['fd.resolution[1]=5', { steps: [{ id: 'fd', kind: 'solve', resolution: [9, 5] }] }],
    ['fd.resolution.0=5', { steps: [{ id: 'fd', kind: 'solve', resolution: [5, 9] }] }],
    ['fd.time.method=rk4', { steps: [{ id: 'fd', kind: 'solve', resolution: [9, 9], time: { method: 'rk4' } }] }],
    ['problem.parameters.k=2', { problem: { catalogue: 'poisson-2d', parameters: { k: 2 } } }],
    ['problem.parameters.nu=0.01/pi', { problem: { catalogue: 'poisson-2d', parameters: { nu: '0.01/pi' } } }],
    ['title=a=b', { title: 'a=b' }],
    ['title="2"', { title: '2' }],
    ['seed=7', { seed: 7 }],
  ])('%s', (setting, change) => {
    expect(applySetting(document, setting)).toEqual({ ...document, ...change })
  })

  it.each([
    ['fd', 'setting-syntax'], ['=1', 'setting-syntax'], ['fd..x=1', 'setting-syntax'], ['fdd.resolution=[9]', 'setting-path'], ['fd=1', 'setting-path'],
    ['fd.resolution[2]=1', 'setting-path'], ['title.x=1', 'setting-path'], ['problem.__proto__.x=1', 'setting-path'], ['constructor.x=1', 'setting-path'],
  ])('%s is refused', (setting, expected) => expect(code(setting)).toBe(expected))

  it('leaves the document as it was', () => {
    const before = JSON.stringify(document)
    applySetting(document, 'fd.resolution[0]=33')
    expect(JSON.stringify(document)).toBe(before)
  })
})
