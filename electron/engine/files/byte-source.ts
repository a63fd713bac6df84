/** Bytes that can be read piece by piece: a buffer in memory, or a file of which only the pieces that are asked for enter memory. */
export interface ByteSource {
  readonly size: number
  /** Exactly `length` bytes from `offset`; the caller stays within `size`. The bytes must not be changed. */
  read(offset: number, length: number): Uint8Array
}

export const sourceOfBytes = (bytes: Uint8Array): ByteSource => ({ size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) })

/** A stretch of another source. */
export const partOfSource = (source: ByteSource, start: number, size: number): ByteSource => ({ size, read: (offset, length) => source.read(start + offset, length) })

export const pieceBytes = 1024 * 1024

/** The bytes of a source in order, a piece at a time. */
export function* piecesOf(source: ByteSource): Generator<Uint8Array> {
  for (let at = 0; at < source.size; at += pieceBytes) yield source.read(at, Math.min(pieceBytes, source.size - at))
}
