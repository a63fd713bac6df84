export { readZipDirectory, readZipEntry, piecesOfZipEntry, sourceOfStoredEntry } from './zip-read'
export type { ZipEntry } from './zip-read'
export { writeZip, zipBytes } from './zip-write'
export type { ZipMember } from './zip-write'
