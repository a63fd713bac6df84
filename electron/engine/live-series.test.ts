import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Snapshot } from '../../shared/protocol/contract'
import { LiveCurves } from '../../shared/protocol/live-curves'
import { removeFolder, smallDocument, testEngine } from './testing/engine'
import type { TestEngine, TestWindow } from './testing/engine'

let engine: TestEngine
let window: TestWindow
beforeEach(() => {
  engine = testEngine()
  window = engine.window()
})
afterEach(async () => {
  await engine.dispose()
  removeFolder(engine.folder)
})

async function solved(step: object): Promise<Snapshot> {
  const document = { ...smallDocument, steps: [{ id: 'fine', kind: 'solve', resolution: [33, 33], ...step }] }
  const { experiment } = await window.call('experiment.open', { source: { upload: 'curves.json', bytes: new TextEncoder().encode(JSON.stringify(document)) } })
  await window.call('compute', { experiment })
  return window.until(s => s.experiment === experiment && ['done', 'failed'].includes(s.steps[0].status))
}

it('streams the residuals of an iterative solve: the window has the curve that the result keeps', async () => {
  const { experiment } = await solved({ method: 'finite-difference', solver: 'cg' })
  const events = window.events('job.series').filter(event => event.experiment === experiment)
  expect(events[0]).toMatchObject({ step: 'fine', restarts: true, pieces: [] })
  const curves = new LiveCurves()
  for (const event of events) curves.append(event.pieces)
  const [residuals, ...others] = curves.pieces()
  expect(others).toEqual([])
  expect(residuals.name).toBe('residuals')
  const { values } = await window.call('array.read', { experiment, ref: { step: 'fine', array: 'residuals' } })
  expect(values.length).toBeGreaterThan(5)
  // The last one is the true residual in the result, the recurrence's in the curve.
  expect([...residuals.values.slice(0, -1)]).toEqual([...values.slice(0, -1)])
  expect(residuals.values.at(-1)).toBeLessThan(1e-9)
  expect([...residuals.x]).toEqual([...values.keys()])
  // A window that comes later is told all of it.
  const [late] = await engine.window('late').call('series.read', { experiment, step: 'fine' })
  expect(late).toEqual(residuals)
})

it('records which method ran, and why it was chosen', async () => {
  const { steps } = await solved({ method: 'auto' })
  expect(steps[0].result!.ran).toMatchObject({ method: 'finite-difference', resolution: [33, 33] })
  expect(steps[0].result!.ran.reason).toMatch(/^Finite differences: /)
})
