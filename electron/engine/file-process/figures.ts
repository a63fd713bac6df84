import { FaultError, error } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import { suggestFigure } from '../../../shared/figures/suggest'
import type { PresetId } from '../../../shared/figures/presets'
import { describe } from './arrays'
import type { FileMethods } from './methods'

export const suggest: FileMethods['suggest'] = ({ workspace, step, title, preset }) => {
  const { arrays } = describe({ workspace, step }) as Awaited<ReturnType<typeof describe>>
  const figure = suggestFigure(step, arrays, title, preset === undefined ? {} : { preset: preset as PresetId })
  if (!figure) throw new FaultError(error('nothing-to-draw', `The result of ${step} has nothing that can be drawn.`, { tip: 'Compute a step with a field.' }))
  return figure as unknown as Json
}
