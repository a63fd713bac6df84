import { useState } from 'react'
import { useApp } from '../../app/app'
import { Dialog } from '../../app/Dialog'
import type { Dialog as DialogState } from '../../app/dialogs'
import { importData } from '../../app/imports'
import { AxisChoice } from './AxisChoice'
import { axesOf, axisSources, likelyField } from './import-choices'

type Source = Extract<DialogState, { kind: 'import' }>

/** Which array of a foreign file is the field, and where its coordinates come from. */
export function ImportDialog({ source }: { readonly source: Source }) {
  const app = useApp()
  const fields = source.arrays.filter(array => axesOf(array) >= 1)
  const [array, setArray] = useState(() => likelyField(fields)?.array ?? '')
  const [own, setOwn] = useState<Readonly<Record<string, string>>>({})
  const [part, setPart] = useState('re')
  const [pending, setPending] = useState(false)
  const chosen = fields.find(item => item.array === array)
  const rank = chosen ? axesOf(chosen) : 0
  const axes: Record<string, string> = { ...chosen?.guess, ...own }
  const named = Object.entries(axes).filter(([, from]) => from !== '')
  const sources = chosen ? axisSources(chosen, source.arrays) : []
  const run = async (): Promise<void> => {
    setPending(true)
    const file = { name: source.name, ...(source.bytes ? { bytes: source.bytes } : {}), ...(source.path ? { path: source.path } : {}) }
    const done = await importData(app, file, [{ array: chosen?.complex ? `${part}(${array})` : array, axes: Object.fromEntries(named) }])
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
          <button type="button" className="button primary" disabled={array === '' || named.length === 0 || pending} onClick={() => void run()}>
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
      {chosen?.complex && (
        <label className="import-part">
          <span>Of the complex values take</span>
          <select className="select" value={part} onChange={event => setPart(event.target.value)}>
            <option value="re">the real part</option>
            <option value="im">the imaginary part</option>
            <option value="abs">the modulus</option>
          </select>
        </label>
      )}
      <h3>Coordinates</h3>
      <p className="secondary">
        What lies along each axis of {array || 'the field'}. {rank > 0 && `It has ${rank} ${rank === 1 ? 'dimension' : 'dimensions'}; ${named.length} ${named.length === 1 ? 'axis is' : 'axes are'} named.`}
      </p>
      <div className="import-axes">
        {['x', 'y', 'z', 't'].map(axis => (
          <AxisChoice key={`${array}.${axis}`} axis={axis} source={axes[axis] ?? ''} sources={sources} onChange={from => setOwn({ ...own, [axis]: from })} />
        ))}
      </div>
    </Dialog>
  )
}
