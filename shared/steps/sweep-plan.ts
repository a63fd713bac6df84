import type { ExperimentDocument, StepEnvelope } from '../experiment/document'
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../json'

/** One option that a sweep varies. */
export interface SweptOption {
  /** As written: `net.network.width`, `problem.parameters.k`. */
  readonly key: string
  /** Id of the step, or `problem`. */
  readonly owner: string
  readonly path: readonly string[]
  /** Column of the table. */
  readonly name: string
  readonly values: readonly Json[]
  /** What stands in the column: the values, where each is a number or a list of one number again and again; otherwise their places, with `labels`. */
  readonly numbers: readonly number[]
  readonly labels?: readonly string[]
}

export interface PlannedRun {
  readonly target: StepEnvelope
  readonly seed: number
  /** By the option's place in the plan: which of its values. An option of another step is not there. */
  readonly choice: ReadonlyMap<number, number>
  /** Place of its setting (target and values, not the seed) in `groups`. */
  readonly group: number
  /** Place of its setting without the first number that is varied in `series`. */
  readonly series: number
}

export interface SweepPlan {
  readonly targets: readonly StepEnvelope[]
  readonly options: readonly SweptOption[]
  readonly groups: readonly string[]
  readonly series: readonly string[]
  /** Place of the option that the table is drawn over: the first with several numbers. */
  readonly abscissa?: number
  readonly runs: readonly PlannedRun[]
}

/** Runs of one sweep. */
export const mostRuns = 512

const textList = (value: Json | undefined): string[] => (typeof value === 'string' ? [value] : isJsonArray(value) ? value.filter(v => typeof v === 'string') : [])

/** Ids of the steps that the sweep runs: those of `of`, or those that `over` names. */
export function targetIds(step: StepEnvelope): string[] {
  const named = textList(step.of)
  const over = isJsonObject(step.over) ? Object.keys(step.over) : []
  return [...new Set(named.length > 0 ? named : over.map(key => key.split('.')[0]).filter(owner => owner !== 'problem'))]
}

/** n seeds from the document's on, or the listed ones. */
export function seedsOf(step: StepEnvelope, first: number): number[] {
  if (isJsonArray(step.seeds)) return step.seeds.filter(v => typeof v === 'number')
  return Array.from({ length: typeof step.seeds === 'number' ? step.seeds : 1 }, (_, k) => first + k)
}

/** Number of runs, without listing them. */
export function runCount(step: StepEnvelope): number {
  const over = isJsonObject(step.over) ? Object.entries(step.over) : []
  const seeds = seedsOf(step, 0).length
  return targetIds(step).reduce((sum, id) => sum + seeds * over.reduce((product, [key, values]) => product * (concerns(key.split('.')[0], id) && isJsonArray(values) ? values.length : 1), 1), 0)
}

const concerns = (owner: string, target: string): boolean => owner === target || owner === 'problem'

/** Every target with every combination of its options, with every seed; seeds change fastest, then the last option. The step has no faults. */
export function planSweep(step: StepEnvelope, document: Pick<ExperimentDocument, 'steps' | 'seed'>): SweepPlan {
  const targets = targetIds(step).map(id => document.steps.find(other => other.id === id)!)
  const options = sweptOptions(step)
  const seeds = seedsOf(step, document.seed ?? 0)
  const abscissa = options.findIndex(({ labels, values }) => labels === undefined && values.length > 1)
  const [groups, series]: [string[], string[]] = [[], []]
  const runs: PlannedRun[] = []
  for (const target of targets) {
    const own = options.flatMap(({ owner }, i) => (concerns(owner, target.id) ? [i] : []))
    const words = (places: readonly number[], choice: ReadonlyMap<number, number>): string => {
      const parts = places.map(i => `${options[i].name} ${valueText(options[i].values[choice.get(i)!])}`)
      return [...(targets.length > 1 || parts.length === 0 ? [target.id] : []), ...parts].join(', ')
    }
    for (const choice of combinations(own, options)) {
      const group = groups.push(words(own, choice)) - 1
      const rest = words(own.filter(i => i !== abscissa), choice)
      if (!series.includes(rest)) series.push(rest)
      for (const seed of seeds) runs.push({ target, seed, choice, group, series: series.indexOf(rest) })
    }
  }
  return { targets, options, groups, series, ...(abscissa >= 0 ? { abscissa } : {}), runs }
}

function combinations(places: readonly number[], options: readonly SweptOption[]): ReadonlyMap<number, number>[] {
  return places.reduce<ReadonlyMap<number, number>[]>((all, place) => all.flatMap(choice => options[place].values.map((_, k) => new Map([...choice, [place, k]]))), [new Map()])
}

/** Columns that every table has. */
const reserved = ['group', 'series', 'swept', 'target', 'seed', 'converged']

function sweptOptions(step: StepEnvelope): SweptOption[] {
  const entries = isJsonObject(step.over) ? Object.entries(step.over) : []
  const last = (key: string): string => columnName(key.split('.').at(-1)!)
  const plain = (key: string): boolean => !reserved.includes(last(key)) && entries.filter(([other]) => last(other) === last(key)).length === 1
  return entries.map(([key, values]) => {
    const [owner, ...path] = key.split('.')
    const list = values as readonly Json[]
    const numbers = list.map(numberOf)
    const name = plain(key) ? last(key) : columnName(key)
    const common = { key, owner, path, name, values: list }
    return numbers.every(n => n !== undefined) ? { ...common, numbers } : { ...common, numbers: list.map((_, k) => k), labels: list.map(valueText) }
  })
}

const columnName = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, '_').replace(/^[^A-Za-z]+/, '').slice(0, 48) || 'option'

/** A number, or the one that a list repeats: 65 for [65, 65]. */
function numberOf(value: Json): number | undefined {
  if (typeof value === 'number') return value
  return isJsonArray(value) && value.length > 0 && typeof value[0] === 'number' && value.every(v => v === value[0]) ? value[0] : undefined
}

export function valueText(value: Json): string {
  const number = numberOf(value)
  if (number !== undefined) return String(number)
  if (typeof value === 'string') return value
  if (isJsonArray(value) && value.every(v => typeof v === 'number')) return value.join(' × ')
  return isJsonObject(value) && typeof value.kind === 'string' ? value.kind : JSON.stringify(value).slice(0, 60)
}

/** The value put in its place; objects on the way are made. */
export function withOption<T extends JsonObject>(target: T, path: readonly string[], value: Json): T {
  const [key, ...rest] = path
  const inner = Object.hasOwn(target, key) && isJsonObject(target[key]) ? target[key] : {}
  return { ...target, [key]: rest.length === 0 ? value : withOption(inner, rest, value) }
}

/** The step and the problem of one run. */
export function appliedTo(document: Pick<ExperimentDocument, 'problem'>, plan: SweepPlan, run: Pick<PlannedRun, 'target' | 'choice'>): { readonly target: StepEnvelope; readonly problem: ExperimentDocument['problem'] } {
  let target = run.target as StepEnvelope & JsonObject
  let problem = document.problem as unknown as JsonObject | undefined
  for (const [place, k] of run.choice) {
    const { owner, path, values } = plan.options[place]
    if (owner !== 'problem') target = withOption(target, path, values[k])
    else problem = problem && withOption(problem, path, values[k])
  }
  return { target, problem: problem as unknown as ExperimentDocument['problem'] }
}

/** The target with each value of each of its options, one at a time: all that its options can name. The step may have faults. */
export function variantsOfTarget(step: StepEnvelope, target: StepEnvelope): StepEnvelope[] {
  const over = isJsonObject(step.over) ? Object.entries(step.over) : []
  return over.flatMap(([key, values]) => {
    const [owner, ...path] = key.split('.')
    return owner !== target.id || path.length === 0 || !isJsonArray(values) ? [] : values.slice(0, mostRuns).map(value => withOption(target as StepEnvelope & JsonObject, path, value))
  })
}
