import { useApp, useDocument } from '../../app/app'
import { duration } from '../../app/computing'
import type { ArrayInfo, ModelInfo, StepState } from '../../../shared/protocol/contract'
import { exportModel, saveExported } from '../../app/export-model'

/** What really ran, and what it left. */
export function ProvenanceTab({ state }: { readonly state: StepState }) {
  const app = useApp()
  const document = useDocument()
  const { result } = state
  if (!result) {
    return (
      <div className="empty">
        <p>{state.id} has no result yet. Its version, precision, threads and arrays are recorded here when it has.</p>
      </div>
    )
  }
  const { method, reason, resolution } = result.ran
  const rows: [string, string][] = [
    ...(method === undefined ? [] : [['Method', app.registry.methods.find(m => m.id === method)?.name ?? method] as [string, string]]),
    ...(reason === undefined ? [] : [['Chosen because', reason.replace(/^[^:]+: /, '')] as [string, string]]),
    ...(resolution === undefined ? [] : [['Nodes', resolution.join(' × ')] as [string, string]]),
    ['Backend', result.ran.backend],
    ['Precision', result.ran.precision],
    ['Threads', String(result.ran.threads)],
    ['Version', result.ran.version],
    ['Computed in', duration(result.seconds)],
    ['Seed', String(document?.seed ?? 0)],
    ['Machine', `${app.info.platform}, ${app.info.cores} cores, ${(app.info.memoryBytes / 2 ** 30).toFixed(0)} GiB`],
  ]
  return (
    <div className="metrics">
      <table>
        <caption className="visually-hidden">How {state.id} was computed</caption>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {result.models && <Models step={state.id} models={result.models} />}
      <h3>Arrays</h3>
      <table>
        <caption className="visually-hidden">Arrays of {state.id}</caption>
        <tbody>
          {result.arrays.map(array => (
            <tr key={array.name}>
              <th scope="row">{array.name}</th>
              <td>{array.shape.join('\u00a0×\u00a0')}</td>
              <td>
                <Export step={state.id} array={array} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const shapeText = (ports: ModelInfo['inputs']): string => ports.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')

/** Networks that the step trained, for other programs. */
function Models({ step, models }: { readonly step: string; readonly models: readonly ModelInfo[] }) {
  const app = useApp()
  return (
    <>
      <h3>Network</h3>
      <table>
        <caption className="visually-hidden">Networks of {step}</caption>
        <tbody>
          {models.map(model => (
            <tr key={model.file}>
              <th scope="row">{model.fault ?? `${shapeText(model.inputs)} → ${shapeText(model.outputs)}`}</th>
              <td>{`${model.precision ?? ''} ${(model.bytes / 1024).toFixed(0)} KiB`.trim()}</td>
              <td>
                <span className="formats">
                  <button type="button" className="link" aria-label={`Export the network of ${step} as onnx`} onClick={() => void exportModel(app, step, model.file)}>
                    onnx
                  </button>
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Export({ step, array }: { readonly step: string; readonly array: ArrayInfo }) {
  const app = useApp()
  const save = async (format: 'npy' | 'csv' | 'vti'): Promise<void> => {
    const { snapshot } = app.session.store.getState()
    if (!snapshot) return
    const file = await app.attempt(() => app.client.call('array.export', { experiment: snapshot.experiment, ref: { step, array: array.name }, format }))
    if (file) await saveExported(app, file, format)
  }
  const formats = array.axes ? (['npy', 'csv', 'vti'] as const) : (['npy', 'csv'] as const)
  return (
    <span className="formats">
      {formats.map(format => (
        <button key={format} type="button" className="link" aria-label={`Export ${array.name} as ${format}`} onClick={() => void save(format)}>
          {format}
        </button>
      ))}
    </span>
  )
}
