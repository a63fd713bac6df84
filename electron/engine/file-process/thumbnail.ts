import { statSync } from 'node:fs'
import { join } from 'node:path'
import { FaultError } from '../../../shared/fault'
import { makeColours } from '../../../shared/figures/colour/colours'
import { encodePng } from '../../../shared/figures/png'
import type { Json, JsonObject } from '../../../shared/json'
import { isJsonArray, isJsonObject } from '../../../shared/json'
import { workspaceAt } from '../store/workspace'
import { describe, picture } from './arrays'
import { figure, suggest } from './figures'

/** Fields beyond this are not read again for a picture of a few hundred dots. */
const largestField = 128 * 2 ** 20
const width = 480
const height = 300

/** The last step with a field as a small PNG: the bare field, or the curves of a convergence study. Undefined where there is nothing to draw. */
export async function thumbnailOf(workspace: string, document: Json, steps: ReadonlySet<string>): Promise<Uint8Array | undefined> {
  const listed = isJsonObject(document) && isJsonArray(document.steps) ? document.steps.filter(isJsonObject).filter(step => steps.has(String(step.id))) : []
  // A field says more on a small card than the curves of a convergence study.
  const ordered = [...listed.filter(step => step.kind === 'converge'), ...listed.filter(step => step.kind !== 'converge')].reverse()
  for (const step of ordered) {
    const id = String(step.id)
    const fields = describe({ workspace, step: id }).arrays.filter(array => array.axes)
    if (fields.length === 0 || fields.some(field => statSync(join(workspaceAt(workspace).result(id), `${field.name}.npy`)).size > largestField)) continue
    try {
      const [field] = fields
      const bare = step.kind !== 'converge' && (field.axes!.length === 2 || (field.axes!.length === 1 && field.times !== undefined))
      return bare ? fieldPicture(workspace, id, field.name, field.axes!.length === 1, field.times?.length ?? 1) : await plot(workspace, document, id)
    } catch (reason) {
      // A result that cannot be drawn is no reason not to save it; the figure panel says why.
      if (!(reason instanceof FaultError)) throw reason
    }
  }
  return undefined
}

/** The field without axes, filling the card: space and time of a 1-D field (time to the right), otherwise an early time, when most happens. */
function fieldPicture(workspace: string, step: string, array: string, spacetime: boolean, times: number): Uint8Array {
  const size = spacetime ? [height, width] : [width, height]
  const { shape, values, minimum, maximum } = picture({ workspace, step, array, spacetime, timeIndex: spacetime ? 0 : Math.floor((times - 1) / 5), size })
  const colours = makeColours({ bar: false, missing: '#b4b4b4' }, Number.isFinite(minimum) ? [minimum, maximum] : undefined)
  const rgb = new Uint8Array(3 * width * height)
  const [nx, ny] = shape
  const bilinear = (i: number, j: number): number => {
    const x = i * (nx - 1)
    const y = j * (ny - 1)
    const x0 = Math.min(Math.floor(x), nx - 2)
    const y0 = Math.min(Math.floor(y), ny - 2)
    const at = (a: number, b: number): number => values[b * nx + a]
    const along = (b: number): number => at(x0, b) + (x - x0) * (at(x0 + 1, b) - at(x0, b))
    return along(y0) + (y - y0) * (along(y0 + 1) - along(y0))
  }
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const right = column / (width - 1)
      const up = 1 - row / (height - 1)
      colours.paint(spacetime ? bilinear(up, right) : bilinear(right, up), rgb, 3 * (row * width + column))
    }
  }
  return encodePng(width, height, rgb, [])
}

async function plot(workspace: string, document: Json, step: string): Promise<Uint8Array> {
  const specification = suggest({ workspace, step, title: '' }) as unknown as JsonObject & { panels: readonly Json[] }
  const small = { ...specification, panels: specification.panels.slice(0, 1), preset: 'nature-single', width: 89, height: (89 * height) / width, dpi: 140 } as unknown as Json
  return (await figure({ workspace, document, figure: small, format: 'png' })).bytes
}
