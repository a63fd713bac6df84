import { useApp } from './app'
import { Dialog } from './Dialog'

export function About() {
  const { info, dialogs } = useApp()
  const rows = [
    ['Version', info.version],
    ['Host', info.host === 'desktop' ? 'desktop' : info.host === 'server' ? 'browser window onto a server on this machine' : 'in process'],
    ['Machine', `${info.platform}, ${info.cores} cores, ${(info.memoryBytes / 2 ** 30).toFixed(1)} GiB`],
    ['Threads for computing', String(info.threads)],
  ]
  return (
    <Dialog title="Residuum" onClose={dialogs.close}>
      <div className="about">
        <p>State a PDE once. Solve it, compare, account for every error, export the figure.</p>
        <dl>
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt className="secondary">{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  )
}
