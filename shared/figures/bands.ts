/** Several runs of one setting as one line: what the middle one does, and between which values all lie. */
export interface Band {
  readonly label?: string
  readonly x: Float64Array
  readonly median: Float64Array
  readonly lower: Float64Array
  readonly upper: Float64Array
  /** Of one there is no spread. */
  readonly runs: number
}

interface Source { readonly values: Float64Array; readonly shape?: readonly number[] }

/**
 * Median, least and greatest value of the runs of every group, in the order of the groups.
 * Curves [runs, points] over x [points] (the index from 1 when absent): a run that has ended keeps its last value as long as another one of its group goes on. A column [runs] over x [runs]: one point
 * for every value of x. `group` [runs] says which runs belong together, by their number in `labels`; all when absent. Undefined where lengths do not fit.
 */
export function bandsOf({ values, shape }: Source, x: Float64Array | undefined, group?: { readonly values: Float64Array; readonly labels?: readonly string[] }): Band[] | undefined {
  const runs = shape?.[0] ?? values.length
  const points = runs > 0 ? values.length / runs : 0
  const isTable = (shape?.length ?? 1) === 1
  if (!Number.isInteger(points) || (group && group.values.length !== runs) || (x ? x.length !== (isTable ? runs : points) : isTable)) return undefined
  const numbers = group ? [...new Set(group.values)].filter(Number.isFinite).sort((a, b) => a - b) : [0]
  return numbers.flatMap(number => {
    const members = Array.from({ length: runs }, (_, run) => run).filter(run => !group || group.values[run] === number)
    const label = group?.labels?.[number]
    const band = isTable ? ofColumn(values, x!, members) : ofCurves(values, points, x, members)
    return band ? [{ ...band, ...(label === undefined ? {} : { label }) }] : []
  })
}

function ofCurves(values: Float64Array, points: number, x: Float64Array | undefined, members: readonly number[]): Band | undefined {
  const rows = members.map(run => values.subarray(run * points, (run + 1) * points)).filter(row => row.some(v => !Number.isNaN(v)))
  const length = Math.max(0, ...rows.map(row => row.findLastIndex(v => !Number.isNaN(v)) + 1))
  if (length === 0) return undefined
  const kept = rows.map(row => {
    let last = NaN
    return Float64Array.from({ length }, (_, i) => (last = Number.isNaN(row[i]) ? last : row[i]))
  })
  const columns = Array.from({ length }, (_, i) => kept.map(row => row[i]).filter(v => !Number.isNaN(v)))
  return { x: x ? x.slice(0, length) : Float64Array.from({ length }, (_, i) => i + 1), ...spread(columns), runs: rows.length }
}

function ofColumn(values: Float64Array, x: Float64Array, members: readonly number[]): Band | undefined {
  const used = members.filter(run => !Number.isNaN(values[run]) && Number.isFinite(x[run]))
  const places = [...new Set(used.map(run => x[run]))].sort((a, b) => a - b)
  if (places.length === 0) return undefined
  const columns = places.map(place => used.filter(run => x[run] === place).map(run => values[run]))
  return { x: Float64Array.from(places), ...spread(columns), runs: Math.max(...columns.map(column => column.length)) }
}

function spread(columns: readonly number[][]): Pick<Band, 'median' | 'lower' | 'upper'> {
  const sorted = columns.map(column => [...column].sort((a, b) => a - b))
  const middle = (list: readonly number[]): number => {
    const half = list.length >> 1
    return list.length === 0 ? NaN : list.length % 2 === 1 ? list[half] : (list[half - 1] + list[half]) / 2
  }
  return { median: Float64Array.from(sorted, middle), lower: Float64Array.from(sorted, list => list[0] ?? NaN), upper: Float64Array.from(sorted, list => list.at(-1) ?? NaN) }
}
