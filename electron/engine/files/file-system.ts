import { closeSync, fchmodSync, fsyncSync, fstatSync, openSync, readSync, readdirSync, realpathSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs'

/**
 * The system calls that saving makes, one function each, so that a test can let each of them fail in turn. All may throw the
 * errors of node:fs.
 */
export interface FileSystem {
  /** The path behind symbolic links; throws ENOENT where there is no such file yet. */
  realpath(path: string): string
  stat(path: string): FileStatus
  /** Creates a file that must not exist, readable and writable. */
  create(path: string): number
  openFolder(path: string): number
  status(file: number): FileStatus
  setMode(file: number, mode: number): void
  write(file: number, bytes: Uint8Array, from: number, length: number): number
  read(file: number, bytes: Uint8Array, position: number): number
  sync(file: number): void
  close(file: number): void
  rename(from: string, to: string): void
  remove(path: string): void
  list(folder: string): string[]
}

export interface FileStatus {
  readonly size: number
  readonly mtimeMs: number
  readonly ino: number
  readonly mode: number
}

export const nodeFileSystem: FileSystem = {
  realpath: path => realpathSync(path),
  stat: path => statSync(path),
  create: path => openSync(path, 'wx+', 0o666),
  openFolder: path => openSync(path, 'r'),
  status: file => fstatSync(file),
  setMode: (file, mode) => fchmodSync(file, mode),
  write: (file, bytes, from, length) => writeSync(file, bytes, from, length),
  read: (file, bytes, position) => readSync(file, bytes, 0, bytes.length, position),
  sync: file => fsyncSync(file),
  close: file => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  remove: path => unlinkSync(path),
  list: folder => readdirSync(folder),
}
