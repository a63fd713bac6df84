import { Unzlib } from 'fflate'
import { adler32 } from './crc32'
import type { Limits } from './limits'
import { byteCount, refuse } from './refusal'

/**
 * Expands a zlib stream (RFC 1950) whose size is not declared anywhere: stops as soon as it has grown past `maximumBytes` or past the ratio.
 * Faults, after `code`: -size, -ratio, -deflate.
 */
export function inflateZlib(code: string, stored: Uint8Array, maximumBytes: number, limits: Limits): Uint8Array {
  const { bytes, complete } = expand(code, stored, maximumBytes, limits, Infinity)
  const end = stored.length - 4
  const declared = end >= 2 ? ((stored[end] << 24) | (stored[end + 1] << 16) | (stored[end + 2] << 8) | stored[end + 3]) >>> 0 : -1
  if (!complete || adler32(bytes) !== declared) refuse(`${code}-deflate`, 'Compressed data in the file are damaged.')
  return bytes
}

/** The beginning of what a zlib stream expands to: at least `wanted` bytes where it has as many. Its checksum is not reached. */
export function inflateZlibPrefix(code: string, stored: Uint8Array, wanted: number, limits: Limits): Uint8Array {
  return expand(code, stored, Infinity, limits, wanted).bytes
}

function expand(code: string, stored: Uint8Array, maximumBytes: number, limits: Limits, wanted: number): { bytes: Uint8Array; complete: boolean } {
  const parts: Uint8Array[] = []
  let total = 0
  let complete = false
  const stream = new Unzlib((part, final) => {
    total += part.length
    complete ||= final
    parts.push(part)
  })
  // A small piece at a time bounds what one step can expand to (deflate's limit is 1032 : 1).
  const step = wanted < Infinity ? 1024 : 16_384
  try {
    for (let at = 0; at < stored.length && total < wanted; at += step) {
      const to = Math.min(at + step, stored.length)
      stream.push(stored.subarray(at, to), to === stored.length)
      if (total > maximumBytes) refuse(`${code}-size`, `Compressed data expand to more than ${byteCount(maximumBytes)}.`, { tip: 'Raise the size limit if you trust the file.' })
      if (total > limits.ratioFreeBytes && total > limits.ratio * stored.length) refuse(`${code}-ratio`, `Compressed data expand more than ${limits.ratio} to 1.`, { tip: 'A file like this is made to fill the memory.' })
    }
  } catch (reason) {
    if (isFlateError(reason)) refuse(`${code}-deflate`, 'Compressed data in the file are damaged.')
    throw reason
  }
  const bytes = new Uint8Array(total)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return { bytes, complete }
}

/** fflate throws plain errors with a numeric code, and RangeError or TypeError from inside on some malformed trees. */
const isFlateError = (reason: unknown): boolean => reason instanceof RangeError || reason instanceof TypeError || (reason instanceof Error && typeof (reason as { code?: unknown }).code === 'number')
