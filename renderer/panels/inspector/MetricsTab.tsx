import { useApp, useSnapshot } from '../../app/app'
import { duration, shortNumber } from '../../app/computing'
import { metricName, orderedMetrics } from './metric-names'

/** The selected step's measures, then all steps side by side. */
export function MetricsTab({ selected }: { readonly selected: string | undefined }) {
  const app = useApp()
  const snapshot = useSnapshot()
  const withResult = snapshot?.steps.filter(step => step.result) ?? []
  const step = selected === undefined ? withResult[0] : withResult.find(s => s.id === selected)
  if (!step?.result) {
    return (
      <div className="empty">
        <p>Errors, residuals and iterations appear here when {selected ?? 'a step'} has been computed.</p>
      </div>
    )
  }
  const { metrics, seconds, converged, faults } = step.result
  const [headline, ...rest] = orderedMetrics(metrics)
  const columns = ['relative_l2', 'max_error', 'iterations'].filter(name => withResult.filter(s => s.result?.metrics[name] !== undefined).length > 1)
  return (
    <div className="metrics">
      {headline && (
        <div className="headline">
          <span className="secondary">
            {metricName(headline)} · {step.id}
          </span>
          <strong>{shortNumber(metrics[headline])}</strong>
        </div>
      )}
      {!converged && <p className="fault warning">The iteration ended before its tolerance: this result is not converged.</p>}
      {faults.map((fault, i) => (
        <p key={i} className={`fault ${fault.severity}`}>
          {fault.message}
          {fault.tip && ` ${fault.tip}`}
        </p>
      ))}
      <table>
        <caption className="visually-hidden">Metrics of {step.id}</caption>
        <tbody>
          {rest.map(name => (
            <tr key={name}>
              <th scope="row">{metricName(name)}</th>
              <td title={String(metrics[name])}>{shortNumber(metrics[name])}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">Computed in</th>
            <td>{duration(seconds)}</td>
          </tr>
        </tbody>
      </table>
      {withResult.length > 1 && columns.length > 0 && (
        <>
          <h3>All steps</h3>
          <table>
            <caption className="visually-hidden">Metrics of all steps</caption>
            <thead>
              <tr>
                <th scope="col">Step</th>
                {columns.map(name => (
                  <th scope="col" key={name}>
                    {metricName(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {withResult.map(other => (
                <tr key={other.id} className={other.id === step.id ? 'current' : ''}>
                  <th scope="row">
                    <button type="button" className="row-button" onClick={() => app.layout.setState({ selectedStep: other.id })}>
                      {other.id}
                    </button>
                  </th>
                  {columns.map(name => (
                    <td key={name}>{other.result?.metrics[name] === undefined ? '–' : shortNumber(other.result.metrics[name])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  )
}
