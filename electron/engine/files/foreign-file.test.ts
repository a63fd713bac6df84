import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkForeignFile, readForeignFile } from './foreign-file'
import { faultCode } from './testing/fault-code'

const folder = mkdtempSync(join(tmpdir(), 'residuum-foreign-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('readForeignFile', () => {
  it('reads a file', () => {
    writeFileSync(join(folder, 'a.csv'), '1,2')
    expect(Buffer.from(readForeignFile(join(folder, 'a.csv'))).toString()).toBe('1,2')
  })
  it('refuses what has no end or is no file', () => {
    mkdirSync(join(folder, 'sub'))
    for (const read of [readForeignFile, checkForeignFile]) {
      expect(faultCode(() => read(join(folder, 'sub')))).toBe('file-unreadable')
      expect(faultCode(() => read(join(folder, 'nothing')))).toBe('file-missing')
    }
  })
  it.skipIf(process.platform === 'win32')('waits neither for a pipe nor for a device (skips on Windows)', () => {
    execFileSync('mkfifo', [join(folder, 'pipe.csv')])
    for (const read of [readForeignFile, checkForeignFile]) {
      expect(faultCode(() => read(join(folder, 'pipe.csv')))).toBe('file-unreadable')
      expect(faultCode(() => read('/dev/zero'))).toBe('file-unreadable')
    }
  })
  it('refuses a file that cannot be read at once before reading it', () => {
    writeFileSync(join(folder, 'huge.csv'), '')
    truncateSync(join(folder, 'huge.csv'), 2 ** 31)
    for (const read of [readForeignFile, checkForeignFile]) expect(faultCode(() => read(join(folder, 'huge.csv')))).toBe('file-too-large')
  })
})
