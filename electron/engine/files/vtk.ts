/** What VTK's XML files have in common: arrays appended raw behind the text, each with its length in bytes before it. */
export class AppendedData {
  private readonly parts: Uint8Array[] = []
  private length = 0

  /** Keeps the bytes; returns the offset that the text names. */
  add(values: Float64Array | Int32Array | Uint8Array): number {
    const offset = this.length
    this.parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    this.length += 8 + values.byteLength
    return offset
  }

  /** The whole file: the text, the data, the closing tags. */
  file(head: string): Uint8Array<ArrayBuffer> {
    const encoder = new TextEncoder()
    const start = encoder.encode(`${head}  <AppendedData encoding="raw">\n   _`)
    const end = encoder.encode('\n  </AppendedData>\n</VTKFile>\n')
    const out = new Uint8Array(start.length + this.length + end.length)
    out.set(start)
    let at = start.length
    for (const part of this.parts) {
      new DataView(out.buffer).setBigUint64(at, BigInt(part.length), true)
      out.set(part, at + 8)
      at += 8 + part.length
    }
    out.set(end, at)
    return out
  }
}

export const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')

export const timeValue = (time: number | undefined): string =>
  time === undefined ? '' : `    <FieldData>\n      <DataArray type="Float64" Name="TimeValue" NumberOfTuples="1" format="ascii">${time}</DataArray>\n    </FieldData>\n`

/** A field's arrays: a vector (components x, y, z) as one array of three numbers a point, which ParaView draws as arrows; other components as `h_re`, `h_im`. */
export function pointData(field: { readonly name: string; readonly components?: readonly string[] }, component: (index: number) => Float64Array, appended: AppendedData): string[] {
  const { name, components } = field
  const line = (label: string, values: Float64Array, tuple = 1): string =>
    `        <DataArray type="Float64" Name="${escaped(label)}"${tuple > 1 ? ` NumberOfComponents="${tuple}"` : ''} format="appended" offset="${appended.add(values)}"/>\n`
  if (!components) return [line(name, component(0))]
  if (!components.every(part => 'xyz'.includes(part))) return components.map((part, c) => line(`${name}_${part}`, component(c)))
  const parts = components.map((_, c) => component(c))
  const values = new Float64Array(3 * parts[0].length)
  parts.forEach((part, c) => part.forEach((value, i) => (values[3 * i + 'xyz'.indexOf(components[c])] = value)))
  return [line(name, values, 3)]
}
