import { zlibSync } from 'fflate'

/** A chunk to put between IHDR and IDAT: `pHYs`, `iTXt`. */
export interface PngChunk {
  readonly type: string
  readonly bytes: Uint8Array
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** 8-bit RGB PNG (ISO/IEC 15948); per row the filter (none, sub, up, average, Paeth) with the least sum of magnitudes. Plain JavaScript: the same bytes on every host. */
export function encodePng(columns: number, rows: number, rgb: Uint8Array, extra: readonly PngChunk[] = []): Uint8Array {
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, columns)
  view.setUint32(4, rows)
  header.set([8, 2, 0, 0, 0], 8)
  const data = zlibSync(filtered(columns, rows, rgb), { level: 6 })
  return joinChunks([{ type: 'IHDR', bytes: header }, ...extra, { type: 'IDAT', bytes: data }, { type: 'IEND', bytes: new Uint8Array(0) }])
}

export function joinChunks(chunks: readonly PngChunk[]): Uint8Array {
  const out = new Uint8Array(8 + chunks.reduce((n, chunk) => n + 12 + chunk.bytes.length, 0))
  const view = new DataView(out.buffer)
  out.set(signature)
  let at = 8
  for (const { type, bytes } of chunks) {
    view.setUint32(at, bytes.length)
    for (let i = 0; i < 4; i++) out[at + 4 + i] = type.charCodeAt(i)
    out.set(bytes, at + 8)
    view.setUint32(at + 8 + bytes.length, crc32(out.subarray(at + 4, at + 8 + bytes.length)))
    at += 12 + bytes.length
  }
  return out
}

/** The chunks of a PNG file, or undefined when it is none. Views, not copies. */
export function splitChunks(file: Uint8Array): PngChunk[] | undefined {
  if (file.length < 8 || signature.some((byte, i) => file[i] !== byte)) return undefined
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const chunks: PngChunk[] = []
  for (let at = 8; at + 12 <= file.length; ) {
    const length = view.getUint32(at)
    if (at + 12 + length > file.length) return undefined
    chunks.push({ type: String.fromCharCode(...file.subarray(at + 4, at + 8)), bytes: file.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

function filtered(columns: number, rows: number, rgb: Uint8Array): Uint8Array {
  const stride = 3 * columns
  const out = new Uint8Array(rows * (stride + 1))
  const candidates = Array.from({ length: 5 }, () => new Uint8Array(stride))
  const zero = new Uint8Array(stride)
  for (let row = 0; row < rows; row++) {
    const line = rgb.subarray(row * stride, (row + 1) * stride)
    const above = row > 0 ? rgb.subarray((row - 1) * stride, row * stride) : zero
    const sums = [0, 0, 0, 0, 0]
    for (let i = 0; i < stride; i++) {
      const a = i >= 3 ? line[i - 3] : 0
      const b = above[i]
      const c = i >= 3 ? above[i - 3] : 0
      const v = line[i]
      const predictions = [0, a, b, (a + b) >> 1, paeth(a, b, c)]
      for (let f = 0; f < 5; f++) {
        const rest = (v - predictions[f]) & 255
        candidates[f][i] = rest
        sums[f] += rest < 128 ? rest : 256 - rest
      }
    }
    const best = sums.indexOf(Math.min(...sums))
    out[row * (stride + 1)] = best
    out.set(candidates[best], row * (stride + 1) + 1)
  }
  return out
}

function paeth(a: number, b: number, c: number): number {
  const pa = Math.abs(b - c)
  const pb = Math.abs(a - c)
  const pc = Math.abs(a + b - 2 * c)
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
}

let crcTable: Uint32Array | undefined

export function crc32(bytes: Uint8Array): number {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    return c
  })
  let crc = 0xffffffff
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255] ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function base64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const n = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0)
    parts.push(alphabet[n >> 18] + alphabet[(n >> 12) & 63] + (left > 1 ? alphabet[(n >> 6) & 63] : '=') + (left > 2 ? alphabet[n & 63] : '='))
  }
  return parts.join('')
}
