import { colourAt } from './colour-maps'
import type { ColourTable } from './colour-maps'
import { fractionalIndex, sampleIndices } from './picture'
import type { Picture } from './picture'
import type { PlotFrame } from './plot-frame'
import { forward, normalise, transforms } from './value-scale'
import type { ValueScale } from './value-scale'

/** Draws pictures of fields: data texture and colour table in a shader, where WebGL2 is there; the same arithmetic on the processor where it is not. */

/** Fractional node index under the centre of each device pixel along one side of the plot area; −1 outside the data. */
export function pixelIndices(coordinates: Float64Array, pixels: number, lower: number, upper: number, smooth: boolean): Float32Array {
  const indices = new Float32Array(pixels)
  for (let p = 0; p < pixels; p++) {
    const f = fractionalIndex(coordinates, lower + ((p + 0.5) / pixels) * (upper - lower))
    indices[p] = Number.isNaN(f) ? -1 : smooth ? f : Math.round(f)
  }
  return indices
}

/** RGBA pixels, rows from the bottom up as coordinates are. */
export function rasterise(picture: Picture, columns: Float32Array, rows: Float32Array, scale: ValueScale, table: ColourTable): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * columns.length * rows.length)
  let at = 0
  for (let row = rows.length - 1; row >= 0; row--) {
    for (const column of columns) {
      if (column >= 0 && rows[row] >= 0) {
        const value = sampleIndices(picture, column, rows[row])
        // NaN lies outside the domain and is not drawn; what overflowed is.
        if (!Number.isNaN(value)) {
          const [r, g, b] = colourAt(table, Number.isFinite(value) ? normalise(scale, value) : NaN)
          pixels[at] = r
          pixels[at + 1] = g
          pixels[at + 2] = b
          pixels[at + 3] = 255
        }
      }
      at += 4
    }
  }
  return pixels
}

const vertexShader = `#version 300 es
void main() { gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0); }`

const fragmentShader = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D field, columns, rows, colours;
uniform int transform;
uniform float threshold, lower, upper;
uniform vec3 below, above, missing;
out vec4 pixel;
const float absent = 1e37;
const float outside = 2.5e38;
float mixed(float a, float b, float w) { return w == 0.0 ? a : w == 1.0 ? b : (abs(a) > absent || abs(b) > absent) ? max(abs(a), abs(b)) : mix(a, b, w); }
void main() {
  ivec2 p = ivec2(gl_FragCoord.xy);
  vec2 f = vec2(texelFetch(columns, ivec2(p.x, 0), 0).r, texelFetch(rows, ivec2(p.y, 0), 0).r);
  if (f.x < 0.0 || f.y < 0.0) { pixel = vec4(0.0); return; }
  ivec2 size = textureSize(field, 0);
  ivec2 i = min(ivec2(f), max(size - 2, ivec2(0)));
  ivec2 j = min(i + 1, size - 1);
  vec2 w = f - vec2(i);
  float a = texelFetch(field, i, 0).r, b = texelFetch(field, ivec2(j.x, i.y), 0).r, c = texelFetch(field, ivec2(i.x, j.y), 0).r, d = texelFetch(field, j, 0).r;
  // A cell with one corner outside is a triangle.
  if (d > outside && max(a, max(b, c)) < absent && w.x + w.y <= 1.0) d = b + c - a;
  else if (a > outside && max(d, max(b, c)) < absent && w.x + w.y >= 1.0) a = b + c - d;
  else if (b > outside && max(a, max(d, c)) < absent && w.y >= w.x) b = a + d - c;
  else if (c > outside && max(a, max(b, d)) < absent && w.x >= w.y) c = a + d - b;
  float value = mixed(mixed(a, b, w.x), mixed(c, d, w.x), w.y);
  if (value > outside) { pixel = vec4(0.0); return; }
  vec3 colour = missing;
  if (abs(value) < absent) {
    float v = transform == 0 ? value : transform == 1 ? (value > 0.0 ? log2(value) * 0.30102999566 : -1e30) : sign(value) * log2(1.0 + abs(value) / threshold) * 0.30102999566;
    float t = (v - lower) / (upper - lower);
    colour = t < -1e-5 ? below : t > 1.0 + 1e-5 ? above : texture(colours, vec2((clamp(t, 0.0, 1.0) * 255.0 + 0.5) / 256.0, 0.5)).rgb;
  }
  pixel = vec4(colour, 1.0);
}`

interface Device {
  readonly canvas: OffscreenCanvas
  readonly gl: WebGL2RenderingContext
  readonly uniforms: Readonly<Record<string, WebGLUniformLocation | null>>
  readonly columns: WebGLTexture
  readonly rows: WebGLTexture
  readonly colours: WebGLTexture
  readonly fields: Map<Float32Array, WebGLTexture>
}

/** One context for all pictures: browsers keep only about sixteen alive. Undefined where WebGL2 is not available. */
let device: Device | undefined | null = null
/** Data textures kept on the device: about this many values in all. */
const keptValues = 16_000_000

function createDevice(): Device | undefined {
  if (typeof OffscreenCanvas === 'undefined') return undefined
  const canvas = new OffscreenCanvas(16, 16)
  const gl = canvas.getContext('webgl2', { antialias: false, depth: false, alpha: true, premultipliedAlpha: true })
  if (!gl) return undefined
  const program = gl.createProgram()
  for (const [type, source] of [[gl.VERTEX_SHADER, vertexShader], [gl.FRAGMENT_SHADER, fragmentShader]] as const) {
    const shader = gl.createShader(type)!
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return undefined
  gl.useProgram(program)
  const names = ['field', 'columns', 'rows', 'colours', 'transform', 'threshold', 'lower', 'upper', 'below', 'above', 'missing']
  const uniforms = Object.fromEntries(names.map(name => [name, gl.getUniformLocation(program, name)]))
  gl.uniform1i(uniforms.field, 0)
  gl.uniform1i(uniforms.columns, 1)
  gl.uniform1i(uniforms.rows, 2)
  gl.uniform1i(uniforms.colours, 3)
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1)
  canvas.addEventListener('webglcontextlost', () => (device = null))
  return { canvas, gl, uniforms, columns: texture(gl, gl.NEAREST), rows: texture(gl, gl.NEAREST), colours: texture(gl, gl.LINEAR), fields: new Map() }
}

function texture(gl: WebGL2RenderingContext, filter: number): WebGLTexture {
  const made = gl.createTexture()
  gl.bindTexture(gl.TEXTURE_2D, made)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE)
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE)
  return made
}

/** Shaders may not keep NaN: it becomes 3e38 (outside the domain), what overflowed 1e38. */
export const withoutNonFinite = (values: Float32Array): Float32Array => (values.every(Number.isFinite) ? values : values.map(v => (Number.isFinite(v) ? v : Number.isNaN(v) ? 3e38 : 1e38)))

function fieldTexture({ gl, fields }: Device, picture: Picture): WebGLTexture {
  const known = fields.get(picture.values)
  if (known) {
    fields.delete(picture.values)
    fields.set(picture.values, known)
    return known
  }
  const made = texture(gl, gl.NEAREST)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, picture.x.length, picture.y.length, 0, gl.RED, gl.FLOAT, withoutNonFinite(picture.values))
  fields.set(picture.values, made)
  let total = [...fields.keys()].reduce((sum, values) => sum + values.length, 0)
  for (const [values, old] of fields) {
    if (total <= keptValues || values === picture.values) break
    gl.deleteTexture(old)
    fields.delete(values)
    total -= values.length
  }
  return made
}

/** Paints the part of the picture that lies in the frame. `context` is scaled by `ratio` device pixels per CSS pixel; the area lands on whole device pixels. */
export function paintPicture(context: CanvasRenderingContext2D, frame: PlotFrame, picture: Picture, scale: ValueScale, table: ColourTable, ratio: number, smooth = true): void {
  const left = Math.round(frame.area.left * ratio)
  const top = Math.round(frame.area.top * ratio)
  const width = Math.max(1, Math.round(frame.area.width * ratio))
  const height = Math.max(1, Math.round(frame.area.height * ratio))
  const columns = pixelIndices(picture.x, width, frame.window.x[0], frame.window.x[1], smooth)
  const rows = pixelIndices(picture.y, height, frame.window.y[0], frame.window.y[1], smooth)
  if (device === null) device = createDevice()
  const limit = device?.gl.getParameter(device.gl.MAX_TEXTURE_SIZE) as number | undefined
  if (!device || !limit || Math.max(picture.x.length, picture.y.length, width, height) > limit) {
    const staging = new OffscreenCanvas(width, height)
    staging.getContext('2d')!.putImageData(new ImageData(rasterise(picture, columns, rows, scale, table), width, height), 0, 0)
    context.drawImage(staging, left / ratio, top / ratio, width / ratio, height / ratio)
    return
  }
  const { gl, canvas, uniforms } = device
  // The canvas only grows: every resize costs a new buffer.
  if (canvas.width < width || canvas.height < height) {
    canvas.width = Math.max(canvas.width, width)
    canvas.height = Math.max(canvas.height, height)
  }
  gl.viewport(0, 0, width, height)
  gl.enable(gl.SCISSOR_TEST)
  gl.scissor(0, 0, width, height)
  gl.activeTexture(gl.TEXTURE0)
  gl.bindTexture(gl.TEXTURE_2D, fieldTexture(device, picture))
  gl.activeTexture(gl.TEXTURE1)
  gl.bindTexture(gl.TEXTURE_2D, device.columns)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, width, 1, 0, gl.RED, gl.FLOAT, columns)
  gl.activeTexture(gl.TEXTURE2)
  gl.bindTexture(gl.TEXTURE_2D, device.rows)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, height, 1, 0, gl.RED, gl.FLOAT, rows)
  gl.activeTexture(gl.TEXTURE3)
  gl.bindTexture(gl.TEXTURE_2D, device.colours)
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, table.size, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, table.entries)
  // New textures are bound on unit 0 while they are made; the field's must stand there when drawing.
  gl.uniform1i(uniforms.transform, transforms.indexOf(scale.transform))
  gl.uniform1f(uniforms.threshold, scale.threshold)
  gl.uniform1f(uniforms.lower, forward(scale, scale.lower))
  gl.uniform1f(uniforms.upper, forward(scale, scale.upper))
  for (const name of ['below', 'above', 'missing'] as const) gl.uniform3f(uniforms[name], table[name][0] / 255, table[name][1] / 255, table[name][2] / 255)
  gl.clearColor(0, 0, 0, 0)
  gl.clear(gl.COLOR_BUFFER_BIT)
  gl.drawArrays(gl.TRIANGLES, 0, 3)
  context.imageSmoothingEnabled = false
  context.drawImage(canvas, 0, canvas.height - height, width, height, left / ratio, top / ratio, width / ratio, height / ratio)
}
