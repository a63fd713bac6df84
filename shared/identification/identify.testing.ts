import type { Libm } from '../expressions/libm'
import type { ExperimentDocument, StepEnvelope } from '../experiment/document'
import type { AnyField } from '../fields/mesh'
import { uniformAxis, type Field } from '../fields/field'
import type { Run, Team } from '../kernels/team'
import { analyse } from '../problems/analyse'
import { quietRun } from '../solvers/time/solving.testing'
import { identify } from '../steps/identify'
import { identifyRunner } from '../steps/identify-runner'
import type { StepContext, StepOutput } from '../steps/step-kind'

export interface Asked {
  readonly problem: object
  readonly data: AnyField
  readonly options: object
  readonly run?: Run
  readonly seed?: number
  readonly learning?: StepContext['learning']
}

export const documentOf = (problem: object, options: object): ExperimentDocument => ({ format: 'residuum/1', title: 't', problem: problem as never, steps: [{ id: 'data', kind: 'import', file: 'data' }, { id: 'id', kind: 'identify', data: 'data', ...options }] })

/** Runs `identify` steps as a job would, with the field `data` as the result of another step. */
export const identifiedWith = (libm: Libm, team: Team) => async ({ problem, data, options, run = quietRun(), seed = 1, learning }: Asked): Promise<StepOutput> => {
  const document = documentOf(problem, options)
  const step = document.steps[1] as StepEnvelope
  const analysed = analyse(document.problem!, libm).problem
  const faults = identify.check(step, document, analysed, libm)
  if (faults.length > 0) throw new Error(faults.map(f => `${f.code}: ${f.message}`).join('\n'))
  return identifyRunner.run({ document, step, problem: analysed, team, run, libm, seed, now: () => 0, learning, input: () => ({ fields: [data], arrays: [], metrics: {} }) } as unknown as StepContext)
}

/** A field u on a grid of nodes over [0, 1]ᵈ and times, from a formula. */
export function sampledField(nodes: readonly number[], times: readonly number[] | undefined, value: (x: number, y: number, t: number) => number): Field {
  const axes = nodes.map((n, a) => uniformAxis((['x', 'y'] as const)[a], 0, 1, n, false))
  const [x, y] = axes.map(axis => axis.coordinates)
  const values = (times ?? [0]).flatMap(t => Array.from(y ?? [0], b => Array.from(x, a => value(a, b, t))).flat())
  return { name: 'u', grid: { axes }, ...(times ? { times: Float64Array.from(times) } : {}), values: Float64Array.from(values) }
}
