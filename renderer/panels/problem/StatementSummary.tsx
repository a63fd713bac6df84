import type { Statement } from '../../../shared/experiment/document'
import { ScrollLine } from '../../app/ScrollLine'
import { instantly, nameLatex } from './instant'
import { Typeset } from './Typeset'

const sideLatex: Record<string, string> = { all: '\\partial\\Omega', left: '\\text{left}', right: '\\text{right}', bottom: '\\text{bottom}', top: '\\text{top}', back: '\\text{back}', front: '\\text{front}', holes: '\\text{holes}' }

/** The statement as in a paper: equations, conditions, initial values, domain. What does not parse is shown as typed. */
export function StatementSummary({ problem }: { readonly problem: Statement }) {
  return (
    <div className="statement-summary">
      {problem.equations.map((text, i) => (
        <Line key={`e${i}`} latex={instantly(text, 'equation').latex} text={text} />
      ))}
      {(problem.boundary ?? []).slice(0, 4).map((entry, i) => (
        <Line key={`b${i}`} latex={withPlace(instantly(entry.condition, 'equation').latex, placeLatex(entry.on))} text={`${entry.condition} on ${String(entry.on)}`} />
      ))}
      {(problem.boundary ?? []).length > 4 && <p className="secondary">and {(problem.boundary ?? []).length - 4} more boundary conditions</p>}
      {Object.entries(problem.initial ?? {}).map(([name, text]) => {
        const parsed = instantly(text, 'expression').latex
        return <Line key={`i${name}`} latex={parsed === undefined ? undefined : `${nameLatex(name)}|_{t=${String(problem.time?.[0] ?? 0)}} = ${parsed}`} text={`${name} = ${text}`} />
      })}
    </div>
  )
}

function Line({ latex, text }: { readonly latex: string | undefined; readonly text: string }) {
  return (
    <ScrollLine className="statement-line" label="Equation">
      {latex === undefined ? <code>{text}</code> : <Typeset latex={latex} fallback={text} />}
    </ScrollLine>
  )
}

const withPlace = (latex: string | undefined, place: string): string | undefined => latex && `${latex}\\quad\\text{on }${place}`

function placeLatex(on: string | readonly string[]): string {
  if (typeof on !== 'string') return on.map(placeLatex).join(',\\,')
  return sideLatex[on] ?? instantly(on, 'condition').latex ?? `\\text{${on}}`
}

/** Ω in a line: `Ω = (0, 1) × (−1, 1)`, with T. */
export function domainLatex(problem: Statement): string {
  const scalar = (value: string | number): string => instantly(String(value), 'expression').latex ?? String(value)
  const box = (problem.domain.bounds ?? []).map(([lower, upper], i) => (problem.domain.periodic?.[i] ? `[${scalar(lower)}, ${scalar(upper)})` : `(${scalar(lower)}, ${scalar(upper)})`)).join('\\times')
  const time = problem.time ? `,\\; T = ${scalar(problem.time[1])}` : ''
  return `\\Omega = ${shapeLatex(problem.domain, scalar) ?? (box || '\\ldots')}${problem.domain.holes?.length ? `\\setminus\\text{${problem.domain.holes.length === 1 ? 'a hole' : `${problem.domain.holes.length} holes`}}` : ''}${time}`
}

/** Other shapes than boxes; undefined for those. */
function shapeLatex(domain: Statement['domain'], scalar: (value: string | number) => string): string | undefined {
  const round = `\\{\\,|x${domain.center && domain.center.some(c => c !== 0) ? ` - (${domain.center.map(scalar).join(', ')})` : ''}| < ${scalar(domain.radius ?? 1)}\\,\\}`
  switch (domain.shape) {
    case 'disk': return round
    case 'ball': return round
    case 'l-shape': return '\\text{L-shape}'
    case 'polygon': return `\\text{polygon of ${domain.points?.length ?? 0} corners}`
    case 'mask': return `\\{\\,${instantly(domain.where ?? '', 'condition').latex ?? '\\ldots'}\\,\\}`
    default: return domain.dimension !== undefined && domain.dimension > 3 ? `(${(domain.bounds?.[0] ?? [0, 1]).map(scalar).join(', ')})^{${domain.dimension}}` : undefined
  }
}
