import { symbolRuns } from '../charts/symbol-text'

/** The name of an unknown as it is printed: letters italic, indices lowered; words stay words. */
export function SymbolText({ name }: { readonly name: string }) {
  const runs = symbolRuns(name)
  if (!runs) return <>{name}</>
  return (
    <span className="symbol">
      {runs.map((run, i) => {
        const text = run.italic ? <i>{run.text}</i> : run.text
        return run.index ? <sub key={i}>{text}</sub> : <span key={i}>{text}</span>
      })}
    </span>
  )
}
