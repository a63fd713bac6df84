import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { atomicWrite, fileStamp, sweepStaleTemporaries } from './atomic-write'
import type { FileSystem } from './file-system'
import { nodeFileSystem } from './file-system'
import { faultCode } from './testing/fault-code'
import { randomNumbers } from './testing/mutate'

const folder = mkdtempSync(join(tmpdir(), 'residuum-save-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
let number = 0
const newFolder = (): string => {
  const path = join(folder, String(++number))
  mkdirSync(path)
  return path
}

/** Lets the n-th call (from 1) fail with `code`; a write may first do half of its work. */
function failing(n: number, code: string): FileSystem & { readonly calls: string[] } {
  const calls: string[] = []
  const system = nodeFileSystem as unknown as Record<string, (...parameters: unknown[]) => unknown>
  const wrapped = Object.fromEntries(
    Object.keys(system).map(name => [
      name,
      (...parameters: unknown[]) => {
        calls.push(name)
        if (calls.length !== n) return system[name](...parameters)
        if (name === 'write') nodeFileSystem.write(parameters[0] as number, parameters[1] as Uint8Array, parameters[2] as number, (parameters[3] as number) >> 1)
        throw Object.assign(new Error(`${code}: made by the test`), { code })
      },
    ]),
  )
  return { ...(wrapped as unknown as FileSystem), calls }
}

describe('atomic write', () => {
  it('writes, replaces, and says what was written', () => {
    const path = join(newFolder(), 'a.residuum')
    const first = atomicWrite(path, encode('one'))
    expect(first.bytes).toBe(3)
    expect(first.sha256).toBe(createHash('sha256').update('one').digest('hex'))
    expect(first.stamp).toEqual(fileStamp(path))
    atomicWrite(path, write => {
      write(encode('t'))
      write(encode('wo'))
    })
    expect(readFileSync(path, 'utf8')).toBe('two')
    expect(readdirSync(join(path, '..'))).toEqual(['a.residuum'])
  })

  it('follows a symbolic link and keeps permissions', () => {
    const work = newFolder()
    writeFileSync(join(work, 'real'), 'old')
    chmodSync(join(work, 'real'), 0o640)
    symlinkSync(join(work, 'real'), join(work, 'link'))
    atomicWrite(join(work, 'link'), encode('new'))
    expect(readFileSync(join(work, 'real'), 'utf8')).toBe('new')
    expect(statSync(join(work, 'real')).mode & 0o777).toBe(0o640)
    expect(readdirSync(work).sort()).toEqual(['link', 'real'])
  })

  it('refuses to overwrite what changed on disk since it was opened', () => {
    const path = join(newFolder(), 'a')
    expect(faultCode(() => atomicWrite(path, encode('1'), { expected: null }))).toBeUndefined()
    const opened = fileStamp(path)
    writeFileSync(path, 'somebody else')
    expect(faultCode(() => atomicWrite(path, encode('2'), { expected: opened }))).toBe('changed-on-disk')
    expect(faultCode(() => atomicWrite(path, encode('2'), { expected: null }))).toBe('changed-on-disk')
    expect(readFileSync(path, 'utf8')).toBe('somebody else')
    expect(faultCode(() => atomicWrite(path, encode('3'), { expected: fileStamp(path) }))).toBeUndefined()
    rmSync(path)
    expect(faultCode(() => atomicWrite(path, encode('4'), { expected: opened }))).toBe('changed-on-disk')
  })

  it('leaves the target and the folder as they were when the content cannot be produced', () => {
    const path = join(newFolder(), 'a')
    writeFileSync(path, 'old')
    const failingContent = (write: (bytes: Uint8Array) => void): void => {
      write(encode('half'))
      throw new RangeError('a bug')
    }
    expect(() => atomicWrite(path, failingContent)).toThrow(RangeError)
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(join(path, '..'))).toEqual(['a'])
  })

  it('finds out when the disk returns other bytes than were written', () => {
    const path = join(newFolder(), 'a')
    writeFileSync(path, 'old')
    const lying: FileSystem = { ...nodeFileSystem, write: (file, bytes, from, length) => nodeFileSystem.write(file, bytes.map((byte, i) => (i === 1 ? byte ^ 1 : byte)), from, length) }
    expect(faultCode(() => atomicWrite(path, encode('new'), { fileSystem: lying }))).toBe('save-failed')
    expect(readFileSync(path, 'utf8')).toBe('old')
  })

  it.each(['ENOSPC', 'EIO', 'EACCES'])('survives %s at every system call in turn: nothing damaged, every failure reported', code => {
    const expectedCode = code === 'ENOSPC' ? 'disk-full' : 'save-failed'
    for (const existing of [true, false]) {
      let clean = false
      for (let n = 1; !clean; n++) {
        expect(n).toBeLessThan(60)
        const path = join(newFolder(), 'a.residuum')
        if (existing) writeFileSync(path, 'the old content')
        const system = failing(n, code)
        const seen = faultCode(() =>
          atomicWrite(
            path,
            write => {
              write(encode('the new content, '))
              write(encode('in two pieces'))
            },
            { fileSystem: system },
          ),
        )
        const failed = system.calls[n - 1]
        const now = readdirSync(join(path, '..')).includes('a.residuum') ? readFileSync(path, 'utf8') : undefined
        if (seen === undefined) {
          // Either no call is left to fail, or the failure did not matter: closing after everything was confirmed.
          expect(now).toBe('the new content, in two pieces')
          clean = system.calls.length < n
          if (!clean) throw new Error(`a failing ${failed} (call ${n}) was not reported`)
        } else if (seen === 'save-unconfirmed') {
          expect(system.calls.slice(0, n)).toContain('rename')
          expect(now).toBe('the new content, in two pieces')
        } else {
          expect(seen, `call ${n}, ${failed}`).toBe(expectedCode)
          expect(now, `call ${n}, ${failed}`).toBe(existing ? 'the old content' : undefined)
        }
        const left = readdirSync(join(path, '..')).filter(name => name !== 'a.residuum')
        expect(left).toEqual([])
      }
    }
  })

  it('sweeps temporaries of ended processes of this machine, and only those', () => {
    const work = newFolder()
    const path = join(work, 'a')
    let temporary = ''
    const dying: FileSystem = {
      ...nodeFileSystem,
      rename: from => {
        temporary = from
        throw Object.assign(new Error(), { code: 'EIO' })
      },
      remove: () => undefined,
    }
    expect(faultCode(() => atomicWrite(path, encode('x'), { fileSystem: dying }))).toBe('save-failed')
    const [, host] = /\.([0-9a-f]{8})-\d+-\d+\.tmp$/.exec(temporary) ?? []
    const others = ['.a.00000000-999999-1.tmp', `.a.${host}-${process.ppid}-1.tmp`, 'a.tmp', '.hidden']
    for (const name of [...others, `.a.${host}-4194999-7.tmp`]) writeFileSync(join(work, name), '')
    atomicWrite(path, write => {
      // One that is being written now stays.
      expect(sweepStaleTemporaries(work).sort()).toEqual([`.a.${host}-${process.pid}-${/-(\d+)\.tmp$/.exec(temporary)?.[1]}.tmp`, `.a.${host}-4194999-7.tmp`].sort())
      write(encode('saved'))
    })
    expect(readdirSync(work).sort()).toEqual([...others, 'a'].sort())
    expect(readFileSync(path, 'utf8')).toBe('saved')
  })

  it('keeps the file whole through kill -9 during saving, and loses no save that was acknowledged', { timeout: 300_000 }, async () => {
    const kills = Number(process.env.RESIDUUM_KILLS ?? 200)
    const script = join(newFolder(), 'saver.mjs')
    buildSync({ entryPoints: [join(dirname(fileURLToPath(import.meta.url)), 'testing/saver.ts')], outfile: script, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' })
    const lanes = await Promise.all([1, 2, 3, 4].map(seed => killRepeatedly(script, newFolder(), Math.ceil(kills / 4), seed)))
    const saves = lanes.reduce((n, lane) => n + lane.saves, 0)
    const swept = lanes.reduce((n, lane) => n + lane.swept, 0)
    process.stdout.write(`${kills} × kill -9 during ${saves} saves: 0 damaged, 0 acknowledged saves lost, ${swept} temporaries swept\n`)
    // Kills that all came between two saves would prove nothing.
    expect(swept).toBeGreaterThan(kills / 20)
  })
})

/** Lets a child save in a loop and kills it at a random moment, again and again; checks the file each time. */
async function killRepeatedly(script: string, work: string, kills: number, seed: number): Promise<{ saves: number; swept: number }> {
  const path = join(work, 'a.residuum')
  const next = randomNumbers(seed)
  let saves = 0
  for (let kill = 0; kill < kills; kill++) {
    const child = spawn(process.execPath, [script, path, String(saves)], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise(resolve => child.on('close', resolve))
    let output = ''
    await new Promise<void>(resolve => {
      child.stdout.on('data', (piece: Buffer) => {
        output += piece.toString()
        resolve()
      })
      child.on('close', () => resolve())
    })
    setTimeout(() => child.kill('SIGKILL'), next() * 12)
    await ended
    // The last line may be cut by the kill.
    const acknowledged = Math.max(-1, ...output.split('\n').slice(0, -1).map(Number))
    const bytes = readFileSync(path)
    const save = bytes.readUInt32LE(32)
    expect(createHash('sha256').update(bytes.subarray(32)).digest().equals(bytes.subarray(0, 32)), `after kill ${kill + 1} the file is damaged`).toBe(true)
    expect(acknowledged).toBeGreaterThanOrEqual(saves)
    expect(save).toBeGreaterThanOrEqual(acknowledged)
    saves = save + 1
  }
  const swept = sweepStaleTemporaries(work).length
  expect(readdirSync(work)).toEqual(['a.residuum'])
  return { saves, swept }
}
