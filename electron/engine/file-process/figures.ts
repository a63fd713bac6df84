import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FaultError, error } from '../../../shared/fault'
import type { DataReference, FigureSource } from '../../../shared/figures/data'
import type { PresetId } from '../../../shared/figures/presets'
import { suggestFigure } from '../../../shared/figures/suggest'
import type { Json } from '../../../shared/json'
import { canonicalJson, isJsonObject } from '../../../shared/json'
import type { ProblemEntry } from '../../../shared/experiment/document'
import { outlineOfProblem } from '../../../shared/problems/outline'
import { readArrayWords } from '../jobs/result'
import { readRecord } from '../store/records'
import { workspaceAt } from '../store/workspace'
import { engineVersion } from '../version'
import { describe, fieldEntry, wholeArray, wholeField } from './arrays'
import { libm } from './libm'
import type { FileMethods } from './methods'

/** Draws a figure of the experiment: the same bytes for the window and the command line. */
export async function figure({ workspace, document, figure: specification, format, preset }: Parameters<FileMethods['figure']>[0]): Promise<ReturnType<FileMethods['figure']>> {
  const data = (reference: DataReference): FigureSource | undefined => {
    const place = { workspace, ...reference }
    if (!existsSync(join(workspaceAt(workspace).result(reference.step), `${reference.array}.npy`))) return secondsOf(workspace, reference)
    return fieldEntry(place) ? wholeField(place) : { name: reference.array, ...wholeArray(place), ...readArrayWords(workspaceAt(workspace).result(reference.step))[reference.array] }
  }
  const seed = isJsonObject(document) && typeof document.seed === 'number' ? { seed: document.seed } : {}
  const recipe = { figure: specification, experiment: experimentHash(document), versions: { residuum: engineVersion }, ...seed }
  // Fonts and the formula setter take longer to load than everything else here.
  const { renderFigure } = await import('../paint/render')
  const problem = isJsonObject(document) && isJsonObject(document.problem) ? (document.problem as unknown as ProblemEntry) : undefined
  const outline = problem && outlineOfProblem(problem, libm())
  return renderFigure({ specification, data, format, ...(outline ? { outline } : {}), ...(preset === undefined ? {} : { preset }), recipe })
}

/** `seconds_training`: lists of seconds are no arrays of the result, but of its record. */
function secondsOf(workspace: string, { step, array }: DataReference): FigureSource | undefined {
  const [, name] = /^seconds_(\w+)$/.exec(array) ?? []
  const found = name === undefined ? undefined : readRecord(workspaceAt(workspace), step)?.timings?.[name]
  return found && { name: array, values: Float64Array.from(found) }
}

/** sha256 of the document without its figures: those are in the recipe itself. */
function experimentHash(document: Json): string {
  const { figures: _, ...rest } = isJsonObject(document) ? document : {}
  return createHash('sha256').update(canonicalJson(rest)).digest('hex')
}

export const suggest: FileMethods['suggest'] = ({ workspace, step, title, preset }) => {
  const { arrays } = describe({ workspace, step })
  const suggested = suggestFigure(step, arrays, title, preset === undefined ? {} : { preset: preset as PresetId })
  if (!suggested) throw new FaultError(error('nothing-to-draw', `The result of ${step} has nothing that can be drawn.`, { tip: 'Compute a step with a field.' }))
  return suggested as unknown as Json
}
