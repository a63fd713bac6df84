import type { Fault, Outcome } from '../fault'
import { error, fail, nearestName, succeed } from '../fault'
import type { Json } from '../json'
import { isJsonObject } from '../json'
import type { Figure } from './specification'
import { axisSchema, colourScaleSchema, contourMark, figureSpecificationSchema, heatmapMark, lineMark, panelSchema, slopeMark } from './specification'
import type { z } from 'zod'

/** Parses one entry of `figures`; faults carry paths relative to the entry (`panels[0].marks[1].data`) and name the nearest valid key. */
export function checkFigure(specification: Json): Outcome<Figure> {
  const parsed = figureSpecificationSchema.safeParse(specification)
  if (parsed.success) return succeed(parsed.data)
  return fail(...parsed.error.issues.map(issue => issueFault(issue)))
}

function issueFault(issue: z.core.$ZodIssue): Fault {
  const path = pathText(issue.path)
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]
    const near = nearestName(key, keysAt(issue.path))
    return error('unknown-key', `A figure has no "${key}" here.`, {
      where: { path: pathText([...issue.path, key]) },
      tip: near ? `Did you mean "${near}"?` : 'Remove it, or look up the name in the guide to figures.',
    })
  }
  return error('figure-malformed', `${path ? `"${path}" does not fit: ` : 'The figure does not fit: '}${sentence(issue.message)}`, { where: { path } })
}

const sentence = (message: string): string => (message.endsWith('.') ? message : `${message}.`)

function pathText(path: readonly PropertyKey[]): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`)).join('')
}

/** Valid keys at a place; a mark's own kind is not known from the path, so all marks' keys count. */
function keysAt(path: readonly PropertyKey[]): string[] {
  const names = path.filter(part => typeof part === 'string')
  const schemas: z.ZodObject[] = []
  if (names.length === 0) schemas.push(figureSpecificationSchema)
  else if (names.at(-1) === 'panels') schemas.push(panelSchema)
  else if (names.at(-1) === 'marks') schemas.push(heatmapMark, contourMark, lineMark, slopeMark)
  else if (names.at(-1) === 'x' || names.at(-1) === 'y') schemas.push(axisSchema)
  else if (names.at(-1) === 'colours') schemas.push(colourScaleSchema)
  return schemas.flatMap(schema => Object.keys(schema.shape))
}

/** The figures' ids and the steps they name, for checking a document without reading results. */
export function figureSteps(specification: Json): string[] {
  const found = new Set<string>()
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit)
    else if (isJsonObject(value)) {
      for (const [key, entry] of Object.entries(value)) {
        if ((key === 'data' || key === 'x') && typeof entry === 'string') found.add(entry.split('/')[0])
        else visit(entry)
      }
    }
  }
  visit(specification)
  return [...found]
}
