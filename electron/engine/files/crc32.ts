/**
 * CRC-32 of zip and PNG (ISO 3309, reflected polynomial 0xEDB88320), sixteen bytes at a time: `table[256 k + b]` is the remainder of byte b followed by
 * k zero bytes, and the sixteen remainders of a block are added.
 */
const width = 16
const table = new Int32Array(256 * width)
for (let i = 0; i < 256; i++) {
  let c = i
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1
  table[i] = c
}
for (let i = 256; i < table.length; i++) table[i] = (table[i - 256] >>> 8) ^ table[table[i - 256] & 255]

/** The checksum of `bytes`; for a stretch of a longer one pass the checksum of what comes before as `crc`. */
export function crc32(bytes: Uint8Array, crc = 0): number {
  const t = table
  const b = bytes
  let c = ~crc
  let i = 0
  // Written out: a loop over the sixteen is three times slower.
  for (const end = b.length - width; i <= end; i += width) {
    c ^= b[i] | (b[i + 1] << 8) | (b[i + 2] << 16) | (b[i + 3] << 24)
    c =
      t[3840 + (c & 255)] ^ t[3584 + ((c >>> 8) & 255)] ^ t[3328 + ((c >>> 16) & 255)] ^ t[3072 + (c >>> 24)] ^
      t[2816 + b[i + 4]] ^ t[2560 + b[i + 5]] ^ t[2304 + b[i + 6]] ^ t[2048 + b[i + 7]] ^
      t[1792 + b[i + 8]] ^ t[1536 + b[i + 9]] ^ t[1280 + b[i + 10]] ^ t[1024 + b[i + 11]] ^
      t[768 + b[i + 12]] ^ t[512 + b[i + 13]] ^ t[256 + b[i + 14]] ^ t[b[i + 15]]
  }
  for (; i < b.length; i++) c = t[(c ^ b[i]) & 255] ^ (c >>> 8)
  return ~c >>> 0
}

/** Adler-32 of zlib streams (RFC 1950). */
export function adler32(bytes: Uint8Array): number {
  let a = 1
  let b = 0
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(at + 3800, bytes.length)
    for (; at < end; at++) {
      a += bytes[at]
      b += a
    }
    a %= 65521
    b %= 65521
  }
  return ((b << 16) | a) >>> 0
}
