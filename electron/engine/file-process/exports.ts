import { writeNpy } from '../files/npy'
import { csvBytes, csvOfColumns, csvOfFields } from '../files/csv-write'
import { writeVti } from '../files/vti'
import { FaultError, error } from '../../../shared/fault'
import { fieldEntry, wholeArray, wholeField } from './arrays'
import type { FileMethods } from './methods'

/** One array in another tool's format. A field goes with its coordinates where the format has room for them; `.vti` takes its last time. */
export const exportArray: FileMethods['exportArray'] = ({ format, ...place }) => {
  const { shape, values } = wholeArray(place)
  if (format === 'npy') return writeNpy(values, shape)
  const isField = fieldEntry(place) !== undefined
  if (format === 'csv') return csvBytes(isField ? csvOfFields([wholeField(place)]) : csvOfColumns([{ name: place.array, values }]))
  if (!isField) throw new FaultError(error('not-a-field', `${place.step}/${place.array} is not a field, and .vti holds fields.`, { tip: 'Export it as .npy or .csv.' }))
  const field = wholeField(place)
  return writeVti([field], (field.times?.length ?? 1) - 1)
}
