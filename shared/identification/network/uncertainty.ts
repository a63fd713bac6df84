import { gramOfColumns, solveDamped } from '../../learning/factorisation'
import { released } from '../../learning/factorisation/matrix'
import { linearise } from '../../learning/training/linearisation'
import type { NetworkArrays } from '../../learning/training/feed'
import type { TrainingTask } from '../../learning/training/method'

/** Directions with less curvature than this share of the largest are taken as flat: the network does not use them. */
const flat = 1e-13

/**
 * Standard errors of trained scalars: noise of deviation σ in the data moves the minimum of ‖r(θ)‖² by (JᵀJ)⁻¹ J_dᵀ e, so that Cov = σ²/N (JᵀJ)⁻¹ J_dᵀ J_d (JᵀJ)⁻¹ over the rows of the data, which carry 1/√N.
 * The residuals of the equations act as knowledge without noise, as strong as their weight; how wrong the network itself is, these errors do not say.
 *
 * @param rows those of the data, the last of all
 * @param sigma of the noise, in standard deviations of the data, times the root of the data's weight
 * @param array of the scalars, of the size 1 for each
 */
export async function trainedErrors(task: TrainingTask, arrays: NetworkArrays, rows: number, sigma: number | undefined, array: string): Promise<Float64Array> {
  const linear = await linearise(task, 'svd')
  try {
    linear.use((await task.feed.at(0, () => arrays)).inputs)
    const point = Float64Array.from(task.trained.flatMap(name => Array.from(arrays[name])))
    const found = await linear.at(point)
    const jacobian = { rows: found.residual.length, columns: point.length, values: Float64Array.from(found.jacobian) }
    const data = jacobian.rows - rows
    const noise = sigma ?? Math.sqrt(Float64Array.from(found.residual).subarray(data).reduce((sum, r) => sum + r * r, 0))
    const { start, size } = linear.layout.parts.find(part => part.name === array)!
    return Float64Array.from({ length: size }, (_, k) => released(task.team.arena, () => {
      const gram = gramOfColumns(task.team, jacobian)
      const diagonal = gram.block.view()
      let largest = 0
      for (let j = 0; j < jacobian.columns; j++) largest = Math.max(largest, diagonal[j * (jacobian.columns + 1)])
      const unit = new Float64Array(jacobian.columns)
      unit[start + k] = 1
      const direction = solveDamped(task.team, gram, unit, flat * largest * jacobian.columns)
      let square = 0
      for (let i = data; i < jacobian.rows; i++) {
        let moved = 0
        for (let j = 0; j < jacobian.columns; j++) moved += jacobian.values[i * jacobian.columns + j] * direction[j]
        square += moved * moved
      }
      return noise * Math.sqrt(square / rows)
    }))
  } finally {
    linear.dispose()
  }
}
