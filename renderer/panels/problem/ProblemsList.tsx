import { useStore } from 'zustand'
import { useApp } from '../../app/app'

/** Everything that is wrong with the document, each line leading to its place. */
export function ProblemsList() {
  const { checker, layout } = useApp()
  const result = useStore(checker.store, state => state.result)
  const document = useStore(checker.store, state => state.document)
  const faults = result?.faults.filter(fault => fault.severity !== 'info') ?? []
  if (faults.length === 0) return result ? <p className="problems-none secondary">No problems found{result.traits.length > 0 ? ` · ${result.traits.join(', ')}` : ''}</p> : null
  const jump = (path: string | undefined): void => {
    const step = /^steps\[(\d+)\]/.exec(path ?? '')
    if (step && document) return layout.setState({ selectedStep: document.steps[Number(step[1])]?.id, inspectorShown: true, inspectorTab: 'options' })
    focusPlace(path)
  }
  return (
    <div className="problems-list" role="region" aria-label="Problems">
      <h3>
        {faults.length} {faults.length === 1 ? 'problem' : 'problems'}
      </h3>
      <ul>
        {faults.map((fault, i) => (
          <li key={i}>
            <button type="button" className={`problem-jump ${fault.severity}`} onClick={() => jump(fault.where?.path)}>
              <span className={`dot ${fault.severity === 'error' ? 'failed' : 'outdated'}`} aria-hidden />
              <span>{fault.message}</span>
              {fault.where?.path && <span className="secondary">{fault.where.path.replace(/^problem\./, '')}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Focuses the field of a place, or of the nearest place around it that has one. */
export function focusPlace(path: string | undefined): void {
  for (let place = path ?? ''; place !== ''; place = place.replace(/(\.[^.[\]]+|\[[^\]]*\])$|^[^.[\]]+$/, '')) {
    const field = document.querySelector(`[data-path="${CSS.escape(place)}"]`)
    const target = field?.querySelector<HTMLElement>('.cm-content, input, select, button')
    if (target) {
      target.scrollIntoView({ block: 'nearest' })
      return target.focus()
    }
  }
}
