import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { acquireLock } from './lock'
import { faultCode } from './testing/fault-code'

const folder = mkdtempSync(join(tmpdir(), 'residuum-lock-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let number = 0
const newPath = (): string => {
  const work = join(folder, String(++number))
  mkdirSync(work)
  return join(work, 'x.residuum.lock')
}
const deadProcess = (): number => spawnSync(process.execPath, ['-e', '']).pid

describe('lock file', () => {
  it('is held by one, named with its process, and free after release', () => {
    const path = newPath()
    const lock = acquireLock(path)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() })
    expect(faultCode(() => acquireLock(path))).toBe('locked')
    expect(() => acquireLock(path)).toThrow(`x.residuum is in use by process ${process.pid}.`)
    lock.release()
    expect(readdirSync(join(path, '..'))).toEqual([])
    acquireLock(path).release()
    mkdirSync(join(folder, 'y.residuum.work'))
    acquireLock(join(folder, 'y.residuum.work', 'lock'))
    expect(() => acquireLock(join(folder, 'y.residuum.work', 'lock'))).toThrow('y.residuum is in use by process')
  })

  it('is taken over from an ended process, from one whose number was given again, and from a damaged file', () => {
    for (const content of [
      JSON.stringify({ pid: deadProcess(), host: hostname(), token: 'a' }),
      ...(existsSync('/proc/self/stat') ? [JSON.stringify({ pid: process.pid, host: hostname(), start: '1', token: 'a' })] : []),
      '{"pid":',
      '',
    ]) {
      const path = newPath()
      writeFileSync(path, content)
      acquireLock(path).release()
      expect(readdirSync(join(path, '..'))).toEqual([])
    }
  })

  it('is respected when another machine holds it', () => {
    const path = newPath()
    writeFileSync(path, JSON.stringify({ pid: deadProcess(), host: 'another-machine', token: 'a' }))
    expect(faultCode(() => acquireLock(path))).toBe('locked')
  })

  it('does not release a lock that somebody else took over', () => {
    const path = newPath()
    const lock = acquireLock(path)
    writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname(), token: 'another' }))
    lock.release()
    expect(existsSync(path)).toBe(true)
  })

  it('refuses in a folder that does not exist', () => {
    expect(faultCode(() => acquireLock(join(folder, 'absent', 'x.lock')))).toBe('lock-failed')
  })

  it('is never held by two processes at once, dead locks included', async () => {
    const path = newPath()
    const script = join(folder, 'locker.mjs')
    buildSync({ entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'testing/locker.ts')], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' })
    writeFileSync(path, JSON.stringify({ pid: deadProcess(), host: hostname(), token: 'a' }))
    const results = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = spawn(process.execPath, [script, path, '40'], { stdio: ['ignore', 'pipe', 'inherit'] })
        let output = ''
        child.stdout.on('data', (piece: Buffer) => (output += piece.toString()))
        await new Promise(resolve => child.on('close', resolve))
        return JSON.parse(output) as { held: number; overlaps: number }
      }),
    )
    expect(results.map(result => result.overlaps)).toEqual([0, 0, 0, 0])
    expect(results.reduce((n, { held }) => n + held, 0)).toBe(160)
    expect(readdirSync(join(path, '..'))).toEqual([])
  })
})
