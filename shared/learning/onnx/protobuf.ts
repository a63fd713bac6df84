/** The wire format of protocol buffers, as much as ONNX needs: varints, fixed 32 bit, length-delimited. */
export class Message {
  private readonly parts: Uint8Array[] = []
  private size = 0

  get length(): number { return this.size }

  integer(field: number, value: number | bigint): this {
    return this.push(varint(BigInt(field) << 3n)).push(varint(BigInt.asUintN(64, BigInt(value))))
  }
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setFloat32(0, value, true)
    return this.push(varint((BigInt(field) << 3n) | 5n)).push(bytes)
  }
  bytes(field: number, value: Uint8Array): this {
    return this.push(varint((BigInt(field) << 3n) | 2n)).push(varint(BigInt(value.length))).push(value)
  }
  text(field: number, value: string): this {
    return this.bytes(field, utf8(value))
  }
  message(field: number, inner: Message): this {
    this.push(varint((BigInt(field) << 3n) | 2n)).push(varint(BigInt(inner.size)))
    for (const part of inner.parts) this.push(part)
    return this
  }
  /** Packed varints. */
  integers(field: number, values: readonly number[]): this {
    const inner = new Message()
    for (const value of values) inner.push(varint(BigInt.asUintN(64, BigInt(value))))
    return this.message(field, inner)
  }

  /** The other message's fields behind these. */
  append(other: Message): this {
    for (const part of other.parts) this.push(part)
    return this
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.size)
    let at = 0
    for (const part of this.parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  }

  private push(part: Uint8Array): this {
    this.parts.push(part)
    this.size += part.length
    return this
  }
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

/** Names in models are ASCII; other characters of documentation are encoded by hand, since no host's encoder is assumed. */
function utf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return Uint8Array.from(bytes)
}
