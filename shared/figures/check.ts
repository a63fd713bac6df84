import type { Outcome } from '../fault'
import { error, fail, succeed } from '../fault'
import type { Figure } from './specification'
import { figureSpecificationSchema } from './specification'

/** Parses one entry of a document's `figures` and fills in the defaults; faults carry paths relative to the entry (`panels[0].marks[1].data`). */
export function checkFigure(specification: unknown): Outcome<Figure> {
  const parsed = figureSpecificationSchema.safeParse(specification)
  if (parsed.success) return succeed(parsed.data)
  return fail(
    ...parsed.error.issues.map(issue => {
      const path = issue.path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`)).join('')
      return error('figure-malformed', `The figure does not fit its format: ${issue.message}${issue.message.endsWith('.') ? '' : '.'}`, { where: { path } })
    }),
  )
}
