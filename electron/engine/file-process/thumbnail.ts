import { statSync } from 'node:fs'
import { join } from 'node:path'
import { FaultError } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import { isJsonArray, isJsonObject } from '../../../shared/json'
import { workspaceAt } from '../store/workspace'
import { describe } from './arrays'
import { figure, suggest } from './figures'

/** Fields beyond this are not read again for a picture of a few hundred dots. */
const largestField = 128 * 2 ** 20

/** The default figure of the last step with a field as a small PNG, or undefined where there is nothing to draw. */
export async function thumbnailOf(workspace: string, document: Json, steps: ReadonlySet<string>): Promise<Uint8Array | undefined> {
  const ids = isJsonObject(document) && isJsonArray(document.steps) ? document.steps.filter(isJsonObject).map(step => String(step.id)).filter(id => steps.has(id)) : []
  for (const step of ids.reverse()) {
    const { arrays } = describe({ workspace, step })
    const fields = arrays.filter(array => array.axes)
    if (fields.length === 0 || fields.some(field => statSync(join(workspaceAt(workspace).result(step), `${field.name}.npy`)).size > largestField)) continue
    try {
      const specification = suggest({ workspace, step, title: '' }) as { panels: readonly Json[] }
      const small = { ...specification, panels: specification.panels.slice(0, 1), preset: 'nature-single', dpi: 100 } as unknown as Json
      return (await figure({ workspace, document, figure: small, format: 'png' })).bytes
    } catch (reason) {
      // A result that cannot be drawn is no reason not to save it; the figure panel says why.
      if (!(reason instanceof FaultError)) throw reason
    }
  }
  return undefined
}
