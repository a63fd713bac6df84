import { expect, test } from 'vitest'
import type { StepEnvelope } from '../../../shared/experiment/document'
import type { ResultInfo, StepState } from '../../../shared/protocol/contract'
import { keyNumber, methodWords, whatItDid } from './step-words'

const methods = [{ id: 'finite-difference', name: 'Finite differences' }, { id: 'spectral', name: 'Spectral' }]
const now = { id: 'spectral', reason: 'Fourier modes: a periodic evolution.' }
const solve: StepEnvelope = { id: 's', kind: 'solve', method: 'auto' }
const state = (ran: Partial<ResultInfo['ran']> = {}, metrics: Record<string, number> = {}, status: StepState['status'] = 'done'): StepState => ({
  id: 's', status, faults: [], resumable: false,
  result: { metrics, arrays: [], converged: true, seconds: 0.5, faults: [], ran: { backend: '', precision: '', threads: 1, version: '1', ...ran } },
})

test('a row tells the method that ran, or that would, with the reason of the choice', () => {
  const record = { method: 'finite-difference', reason: 'Finite differences: a box.', resolution: [65, 65] }
  expect(methodWords(solve, state(record), methods, now)).toEqual({ name: 'finite differences', reason: 'Finite differences: a box.', isAutomatic: true })
  expect(methodWords(solve, undefined, methods, now)).toEqual({ name: 'spectral', reason: now.reason, isAutomatic: true })
  expect(methodWords(solve, undefined, methods, undefined)).toEqual({ name: 'automatic', isAutomatic: true })
  expect(methodWords({ ...solve, method: 'spectral' }, state(), methods, now)).toEqual({ name: 'spectral', isAutomatic: false })
  // Edited since: the row speaks of the step as it stands.
  expect(methodWords({ ...solve, method: 'spectral' }, state(record, {}, 'outdated'), methods, now)?.name).toBe('spectral')
  expect(methodWords({ id: 'c', kind: 'compare', a: 'x', b: 'y' }, state(), methods, now)).toBeUndefined()
  expect(whatItDid(solve, state(record), methodWords(solve, state(record), methods, now))).toBe('finite\u00a0differences · 65² · 0.5\u00a0s')
})

test('the number of a row says what it is', () => {
  expect(keyNumber(solve, state({}, { relative_l2: 0.0012, residual: 1e-12 }))).toMatchObject({ word: 'rel. L²', tip: 'relative L² error against the exact solution' })
  expect(keyNumber(solve, state({}, { residual: 1e-12, iterations: 9 }))).toMatchObject({ word: 'residual' })
  expect(keyNumber({ id: 'c', kind: 'compare' }, state({}, { relative_l2: 0.1 }))).toMatchObject({ word: 'rel. L²', tip: 'relative L² difference of the two' })
  expect(keyNumber({ id: 'o', kind: 'converge' }, state({}, { order_l2: 1.9982, relative_l2: 1e-5 }))).toMatchObject({ word: 'order', text: '2.00' })
  expect(keyNumber({ id: 'i', kind: 'identify', unknown: ['nu', 'k'] }, state({}, { iterations: 5, nu: 0.25, k: 1 }))).toEqual({ word: 'nu', text: '0.250', tip: 'nu, as it was identified' })
  expect(keyNumber(solve, state({}, { unknowns: 12 }))).toBeUndefined()
})
