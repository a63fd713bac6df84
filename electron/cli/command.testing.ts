import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeEach } from 'vitest'

const program = fileURLToPath(new URL('residuum.mjs', import.meta.url))
/** The folder of the present test; every test has a new one. */
export let folder: string
const folders: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'residuum-cli-'))
  folders.push(folder)
})
afterAll(() => {
  for (const used of folders) rmSync(used, { recursive: true, force: true })
})

export interface Ended { readonly code: number | null; readonly signal: string | null; readonly out: string; readonly err: string }

/** Runs the command in the test's folder; `watch` sees standard error as it comes. */
export function residuum(words: readonly string[], watch?: (text: string, kill: (signal: NodeJS.Signals) => void) => void): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [program, ...words], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (part: Buffer) => (out += part.toString()))
    child.stderr.on('data', (part: Buffer) => {
      err += part.toString()
      watch?.(err, signal => child.kill(signal))
    })
    child.on('close', (code, signal) => resolve({ code, signal, out, err }))
  })
}

export const write = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content))
  return name
}

export const lines = (text: string): string[] => text.split('\n').filter(Boolean)
