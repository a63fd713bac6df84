import { useApp } from '../../app/app'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../../shared/json'
import { constantValue } from '../inspector/constant-value'
import { TextField } from '../problem/TextField'

interface Properties {
  readonly figure: JsonObject
  readonly onChange: (key: string, value: Json | undefined) => void
}

/** Preset, size and the labels of each panel's axes. */
export function FigureOptions({ figure, onChange }: Properties) {
  const { registry } = useApp()
  const preset = registry.presets.find(entry => entry.id === figure.preset) ?? registry.presets.find(entry => entry.id === 'nature-single') ?? registry.presets[0]
  const panels = isJsonArray(figure.panels) ? figure.panels : []
  const millimetres = (key: 'width' | 'height', label: string, automatic: string) => (
    <div className="stacked">
      <span className="secondary">{label}, mm</span>
      <TextField
        label={`${label} in millimetres`}
        value={typeof figure[key] === 'number' ? String(figure[key]) : ''}
        placeholder={automatic}
        fault={text => (text === '' || (constantValue(text) ?? 0) >= 15 ? undefined : 'A length of at least 15 mm.')}
        onCommit={text => onChange(key, text === '' ? undefined : constantValue(text))}
      />
    </div>
  )
  const setPanel = (i: number, axis: 'x' | 'y' | 'colours', text: string): void => {
    const next = panels.map((panel, n) => {
      if (n !== i || !isJsonObject(panel)) return panel
      const { label: _, ...rest } = isJsonObject(panel[axis]) ? panel[axis] : {}
      return { ...panel, [axis]: text === '' ? rest : { ...rest, label: text } }
    })
    onChange('panels', next)
  }
  return (
    <>
      <label className="stacked">
        <span className="secondary">Preset</span>
        <select className="select" value={preset?.id} onChange={event => onChange('preset', event.target.value)}>
          {registry.presets.map(entry => (
            <option key={entry.id} value={entry.id}>
              {entry.name} · {Number(entry.widthMm.toFixed(1))} mm
            </option>
          ))}
        </select>
      </label>
      {preset && (
        <p className="secondary">
          Text {preset.basePt} pt, ticks {preset.tickPt} pt{preset.maximumHeightMm === undefined ? '' : `, at most ${preset.maximumHeightMm} mm high`}. {preset.source}, {preset.year}.
        </p>
      )}
      <div className="pair">
        {millimetres('width', 'Width', preset ? Number(preset.widthMm.toFixed(1)).toString() : '')}
        {millimetres('height', 'Height', 'automatic')}
      </div>
      {panels.map((panel, i) =>
        isJsonObject(panel) ? (
          <fieldset key={i} className="panel-labels">
            <legend>{panels.length === 1 ? 'Labels' : `Labels of panel ${'abcdefghijklmnopqrstuvwxyz'[i]}`}</legend>
            {(['x', 'y', 'colours'] as const).map(axis =>
              axis === 'colours' && !hasColours(panel) ? null : (
                <div className="label-line" key={axis}>
                  <span className="secondary">{axis === 'colours' ? 'bar' : axis}</span>
                  <TextField label={`Label of ${axis === 'colours' ? 'the colour bar' : axis}, panel ${i + 1}`} placeholder="automatic, $LaTeX$ allowed" value={labelOf(panel[axis])} onCommit={text => setPanel(i, axis, text)} />
                </div>
              ),
            )}
          </fieldset>
        ) : null,
      )}
    </>
  )
}

const labelOf = (axis: Json | undefined): string => (isJsonObject(axis) && typeof axis.label === 'string' ? axis.label : '')
const hasColours = (panel: JsonObject): boolean => isJsonArray(panel.marks) && panel.marks.some(mark => isJsonObject(mark) && mark.mark === 'heatmap')
