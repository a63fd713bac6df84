import { writeNpy } from '../files/npy'
import { csvBytes, csvOfColumns, csvOfFields } from '../files/csv-write'
import { writeVti } from '../files/vti'
import { writeVtu } from '../files/vtu'
import { modelBytes } from '../store/models'
import { workspaceAt } from '../store/workspace'
import { FaultError, error } from '../../../shared/fault'
import { isMeshField } from '../../../shared/fields/mesh'
import { fieldEntry, wholeArray, wholeField } from './arrays'
import type { FileMethods } from './methods'

/** A stored network, byte for byte. */
export const exportModel: FileMethods['exportModel'] = ({ workspace, step, name }) => modelBytes(workspaceAt(workspace), step, name)

/** One array in another tool's format. A field goes with its coordinates where the format has room for them; `.vti` (grids) and `.vtu` (meshes) take its last time. */
export const exportArray: FileMethods['exportArray'] = ({ format, ...place }) => {
  const { shape, values } = wholeArray(place)
  if (format === 'npy') return writeNpy(values, shape)
  const field = fieldEntry(place) === undefined ? undefined : wholeField(place)
  if (format === 'csv') return csvBytes(field ? csvOfFields([field]) : csvOfColumns([{ name: place.array, values }]))
  if (!field) throw new FaultError(error('not-a-field', `${place.step}/${place.array} is not a field, and .${format} holds fields.`, { tip: 'Export it as .npy or .csv.' }))
  const last = (field.times?.length ?? 1) - 1
  if (isMeshField(field)) {
    if (format === 'vti') throw new FaultError(error('field-on-mesh', `${place.step}/${place.array} lives on a mesh, and .vti holds fields on grids.`, { tip: 'Export it as .vtu.' }))
    return writeVtu(field, last)
  }
  if (format === 'vtu') throw new FaultError(error('field-on-grid', `${place.step}/${place.array} lives on a grid, and .vtu holds fields on meshes.`, { tip: 'Export it as .vti.' }))
  return writeVti([field], last)
}
