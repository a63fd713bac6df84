import type { Fault } from '../fault'
import type { Field } from '../fields/field'
import type { DiagnosticTask, Ending, Moment } from '../learning/diagnostics/diagnostic'
import { diagnostics } from '../learning/diagnostics/registry'
import type { Feed, NetworkArrays, StepInputs } from '../learning/training/feed'
import type { NamedArray } from './step-kind'

/** What a training tells of itself beside its field. */
export interface Watch {
  /** Curves at the network as it is, after `step` steps. */
  observe(step: number, parameters: NetworkArrays): Promise<Readonly<Record<string, number>>>
  finish(ending: Omit<Ending, 'inputs'>): Promise<Found>
  dispose(): void
}

export interface Found {
  readonly fields: readonly Field[]
  readonly arrays: readonly NamedArray[]
  readonly metrics: Readonly<Record<string, number>>
  readonly faults: readonly Fault[]
}

/** A feed whose last inputs are remembered. */
export function remembered(feed: Feed): { readonly feed: Feed; last(done: number, parameters: () => NetworkArrays): Promise<StepInputs> } {
  let last: StepInputs | undefined
  return {
    feed: {
      ...feed,
      at: async (done, parameters) => {
        const brought = await feed.at(done, parameters)
        last = brought.inputs
        return brought
      },
    },
    // A run that goes on after its last step has asked for nothing yet.
    last: async (done, parameters) => last ?? (await feed.at(Math.max(0, done - 1), parameters)).inputs,
  }
}

/** The diagnostics of these ids, at work. */
export async function watchOf(ids: readonly string[], task: DiagnosticTask, inputs: ReturnType<typeof remembered>['last']): Promise<Watch> {
  const lines = diagnostics.filter(({ descriptor }) => ids.includes(descriptor.id))
  const made = await Promise.all(lines.map(async line => (await line.load()).create(task)))
  const momentOf = async (step: number, parameters: NetworkArrays): Promise<Moment> => ({ step, parameters, inputs: await inputs(step, () => parameters) })
  return {
    observe: async (step, parameters) => {
      const moment = await momentOf(step, parameters)
      const curves: Record<string, number> = {}
      for (const diagnostic of made) Object.assign(curves, await diagnostic.observe?.(moment))
      return curves
    },
    finish: async ending => {
      const moment = await momentOf(ending.step, ending.parameters)
      const found = { fields: [] as Field[], arrays: [] as NamedArray[], metrics: {} as Record<string, number>, faults: [] as Fault[] }
      for (const [k, diagnostic] of made.entries()) {
        if (!diagnostic.finish) continue
        task.run.throwIfCancelled()
        task.run.progress({ stage: lines[k].descriptor.name.toLowerCase() })
        const { fields = [], arrays = [], metrics = {}, faults = [] } = await diagnostic.finish({ ...ending, ...moment })
        found.fields.push(...fields)
        found.arrays.push(...arrays)
        Object.assign(found.metrics, metrics)
        found.faults.push(...faults)
      }
      return found
    },
    dispose: () => {
      for (const diagnostic of made) diagnostic.dispose?.()
      task.tangent.dispose()
    },
  }
}
