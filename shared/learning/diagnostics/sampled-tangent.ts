import { FaultError } from '../../fault'
import type { Team } from '../../kernels/team'
import type { RandomStream } from '../random'
import type { NetworkArrays } from '../training/feed'
import { weightsInput } from '../training/form'
import { kernelSpectrum, partOf, prepareTangent, type KernelSpectrum, type Tangent, type TangentMap, type TangentTask } from './ntk'

/** Points of a set that a linearisation for looking at takes at most. */
export const sampledPoints = { interior: 128, boundary: 64, initial: 64 }

/** Entries of the largest Jacobian that is taken for looking at: 64 MiB. */
const mostEntries = 2 ** 23

/** A loss linearised at a few points: its tangent kernel tells nearly the same of fewer points, because every mean is over its own. */
export interface SampledTangent {
  /** Undefined where the network has arrays that are no dense layer's, or too many: then `refused` says so. */
  at(parameters: NetworkArrays, weights: ArrayLike<number>): Promise<(Tangent & { readonly rows: readonly number[] }) | undefined>
  /** Of the whole loss, or of one part. */
  spectrumAt(parameters: NetworkArrays, weights: ArrayLike<number>, part?: number): Promise<KernelSpectrum | undefined>
  readonly refused: string | undefined
  dispose(): void
}

/** `task.form` is the same loss with few points. Nothing is compiled before it is asked for; the last two linearisations are kept. */
export function sampledTangent(task: TangentTask, team: Team, stream: RandomStream): SampledTangent {
  const columns = task.trained.reduce((sum, name) => sum + task.initial[name].values.length, 0)
  const points = Object.values(task.form.inputs).reduce((most, shape) => Math.max(most, shape[0] ?? 1), 1)
  let refused = points * columns > mostEntries ? `A linearisation of ${columns} parameters is too large to be looked at.` : undefined
  let map: TangentMap | undefined
  const drawn = task.form.draw(stream)
  let known: { readonly parameters: NetworkArrays; readonly weights: string; readonly tangent: Tangent & { readonly rows: readonly number[] } }[] = []
  const at: SampledTangent['at'] = async (parameters, weights) => {
    if (refused !== undefined) return undefined
    const key = Array.from(weights).join()
    const found = known.find(k => k.parameters === parameters && k.weights === key)
    if (found) return found.tangent
    try {
      map ??= await prepareTangent(task)
    } catch (reason) {
      if (!(reason instanceof FaultError)) throw reason
      refused = reason.faults[0].message
      return undefined
    }
    const tangent = { ...(await map.at(parameters, { ...drawn, [weightsInput]: Float64Array.from(weights) })), rows: map.rows }
    // A network that has left the finite numbers has no linearisation.
    if (!tangent.jacobian.values.every(Number.isFinite) || !tangent.residual.every(Number.isFinite)) return undefined
    known = [...known.slice(-1), { parameters, weights: key, tangent }]
    return tangent
  }
  return {
    at,
    spectrumAt: async (parameters, weights, part) => {
      const tangent = await at(parameters, weights)
      return tangent && kernelSpectrum(team, part === undefined ? tangent : partOf(tangent, tangent.rows, part))
    },
    get refused() { return refused },
    dispose: () => map?.dispose(),
  }
}
