import { closeSync, existsSync, fsync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { Change } from './patch'
import type { History } from './history'

/** One line of the journal. Undo and redo are lines too, so that a recovered experiment has its whole past. */
export type JournalLine = { readonly edit: Change; readonly gesture?: string } | { readonly undo: true } | { readonly redo: true }

export interface Journal {
  append(line: JournalLine): void
  /** Returns when everything appended is on the disk. */
  sync(): void
  close(): void
}

/** An appended line is written at once and synced within this many milliseconds. */
const syncWithin = 500

/** Opens the journal for appending. A failing sync is told once through `failed`. */
export function openJournal(path: string, failed: (reason: NodeJS.ErrnoException) => void): Journal {
  const file = openSync(path, 'a')
  let timer: NodeJS.Timeout | undefined
  let closed = false
  return {
    append(line) {
      writeSync(file, `${JSON.stringify(line)}\n`)
      timer ??= setTimeout(() => {
        timer = undefined
        if (!closed) fsync(file, reason => reason && !closed && failed(reason))
      }, syncWithin)
    },
    sync: () => fsyncSync(file),
    close() {
      clearTimeout(timer)
      closed = true
      fsyncSync(file)
      closeSync(file)
    },
  }
}

/** Lines up to the first that a crash cut short. */
export function readJournal(path: string): JournalLine[] {
  if (!existsSync(path)) return []
  const lines: JournalLine[] = []
  for (const text of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    try {
      lines.push(JSON.parse(text) as JournalLine)
    } catch {
      break
    }
  }
  return lines
}

/** Repeats the journal on the document it began from; stops at a line that does not fit. */
export function replay(history: History, lines: readonly JournalLine[]): void {
  for (const line of lines) {
    const outcome = 'edit' in line ? history.edit(line.edit, line.gesture) : 'undo' in line ? history.undo() : history.redo()
    if (!outcome.ok) return
  }
}
