import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createHistory } from './history'
import { openJournal, readJournal, replay } from './journal'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'residuum-journal-'))
  path = join(folder, 'journal.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

function written(): ReturnType<typeof createHistory> {
  const history = createHistory({ n: 0 })
  const journal = openJournal(path, () => undefined)
  for (let n = 0; n < 5; n++) {
    const change = { path: ['n'], before: n, after: n + 1 }
    history.edit(change, n < 2 ? 'drag' : undefined)
    journal.append({ edit: change, ...(n < 2 ? { gesture: 'drag' } : {}) })
  }
  history.undo()
  journal.append({ undo: true })
  journal.close()
  return history
}

it('brings back document, past and future', () => {
  const history = written()
  const again = createHistory({ n: 0 })
  replay(again, readJournal(path))
  expect(again.document).toEqual(history.document)
  expect([again.revision, again.undoLabel, again.redoLabel]).toEqual([history.revision, history.undoLabel, history.redoLabel])
  for (let i = 0; i < 3; i++) again.undo()
  expect(again.document).toEqual({ n: 0 })
})

it('loses only the line that a crash cut short, wherever it was cut', () => {
  written()
  const whole = readFileSync(path)
  const lines = readJournal(path)
  for (let length = whole.length - 1; length > 0; length--) {
    truncateSync(path, length)
    const complete = whole.subarray(0, length).toString().split('\n').length - 1
    expect(readJournal(path)).toEqual(lines.slice(0, complete))
  }
})

it('stops at a line that is no change', () => {
  written()
  appendFileSync(path, '{"edit":\n{"undo":true}\n')
  expect(readJournal(path)).toHaveLength(6)
})
