import { useState } from 'react'
import { useApp } from '../../app/app'
import { Dialog } from '../../app/Dialog'
import { importData } from '../../app/imports'
import type { Dialog as DialogState } from '../../app/dialogs'

type Source = Extract<DialogState, { kind: 'import' }>

/** Which array of a foreign file is the field, and which ones hold its coordinates. */
export function ImportDialog({ source }: { readonly source: Source }) {
  const app = useApp()
  const fields = source.arrays.filter(array => array.shape.filter(n => n > 1).length >= 1)
  const [array, setArray] = useState(() => (fields.find(item => item.guess && Object.keys(item.guess).length > 0) ?? largest(fields))?.array ?? '')
  const [own, setOwn] = useState<Readonly<Record<string, string>>>({})
  const [pending, setPending] = useState(false)
  const chosen = fields.find(item => item.array === array)
  const rank = chosen?.shape.filter(n => n > 1).length ?? 0
  const axes: Record<string, string> = { ...chosen?.guess, ...own }
  const lines = source.arrays.filter(item => item.shape.filter(n => n > 1).length <= 1 && item.array !== array)
  const named = Object.entries(axes).filter(([, name]) => name !== '')
  const run = async (): Promise<void> => {
    setPending(true)
    const done = await importData(app, { name: source.name, ...(source.bytes ? { bytes: source.bytes } : {}), ...(source.path ? { path: source.path } : {}) }, [{ array, axes: Object.fromEntries(named) }])
    setPending(false)
    if (done) app.dialogs.close()
  }
  return (
    <Dialog
      title={`Import ${source.name}`}
      className="import-dialog"
      onClose={app.dialogs.close}
      footer={
        <>
          <button type="button" className="button" onClick={app.dialogs.close}>
            Cancel
          </button>
          <button type="button" className="button primary" disabled={array === '' || pending} onClick={() => void run()}>
            {pending ? 'Importing…' : 'Import'}
          </button>
        </>
      }
    >
      <table className="import-arrays">
        <caption className="visually-hidden">Arrays of the file</caption>
        <thead>
          <tr>
            <th scope="col">Array</th>
            <th scope="col">Shape</th>
            <th scope="col">Values</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(item => (
            <tr key={item.array} className={item.array === array ? 'chosen' : ''}>
              <td>
                <label className="inline">
                  <input
                    type="radio"
                    name="array"
                    className="check"
                    checked={item.array === array}
                    onChange={() => {
                      setArray(item.array)
                      setOwn({})
                    }}
                  />
                  <span className="symbol">{item.array}</span>
                </label>
              </td>
              <td>{item.shape.join(' × ')}</td>
              <td className="secondary">{item.complex ? 'complex' : 'real'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>Coordinates</h3>
      <p className="secondary">
        Which array holds the points of each axis. {rank > 0 && `The field has ${rank} ${rank === 1 ? 'axis' : 'axes'}; ${named.length} ${named.length === 1 ? 'is' : 'are'} named.`}
      </p>
      <div className="import-axes">
        {['x', 'y', 'z', 't'].map(axis => (
          <label key={axis}>
            <span className="symbol">{axis}</span>
            <select className="select" value={axes[axis] ?? ''} onChange={event => setOwn({ ...own, [axis]: event.target.value })}>
              <option value="">not an axis</option>
              {lines.map(item => (
                <option key={item.array} value={item.array}>
                  {item.array} ({item.shape.join(' × ')})
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
    </Dialog>
  )
}

function largest<T extends { readonly shape: readonly number[] }>(list: readonly T[]): T | undefined {
  const size = (item: T): number => item.shape.reduce((product, n) => product * n, 1)
  return [...list].sort((a, b) => size(b) - size(a))[0]
}
