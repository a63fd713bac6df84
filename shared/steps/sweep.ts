import { z } from 'zod'
import type { ExperimentDocument, StepEnvelope } from '../experiment/document'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { error, nearestName } from '../fault'
import { isJsonArray, type Json } from '../json'
import { analyse, resolveProblem } from '../problems/analyse'
import type { AnalysedProblem } from '../problems/analysed'
import { schemaFaults } from './schema-faults'
import type { StepKind } from './step-kind'
import { appliedTo, mostRuns, planSweep, runCount, targetIds, variantsOfTarget } from './sweep-plan'

const id = z.string().min(1)
const seed = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const sweepOptions = z.strictObject({
  of: z.union([id, z.array(id).min(1).max(32)]).optional().describe('The step that is run again and again, or several. Left out: the steps that "over" names.').meta({ title: 'Steps', registry: 'steps' }),
  over: z.record(z.string(), z.array(z.unknown()).min(1).max(mostRuns)).optional().describe('Options with their values, by step and option: { "net.network.width": [16, 32] }, { "problem.parameters.k": [1, 2] }. Several give every combination.').meta({ title: 'Over' }),
  seeds: z.union([z.number().int().min(1).max(256), z.array(seed).min(1).max(256)]).optional().describe('How many seeds, from the document’s on, or which ones.').meta({ title: 'Seeds' }),
})

/** A kind of step that runs steps of the other kinds again and again. */
export function sweepOf(kinds: readonly StepKind[]): StepKind {
  const kindOf = (step: StepEnvelope | undefined): StepKind | undefined => kinds.find(({ descriptor }) => descriptor.id === step?.kind)
  const targetsOf = (step: StepEnvelope, document: Pick<ExperimentDocument, 'steps'> | undefined): StepEnvelope[] => {
    const steps = document?.steps ?? []
    return targetIds(step).flatMap(target => steps.filter(other => other.id === target && kindOf(other)))
  }
  // Which step or file a target reads may be what is varied.
  const variantsOf = (step: StepEnvelope, document: Pick<ExperimentDocument, 'steps'> | undefined): StepEnvelope[] => targetsOf(step, document).flatMap(target => [target, ...variantsOfTarget(step, target)])
  return {
    descriptor: {
      id: 'sweep',
      name: 'Sweep',
      summary: 'Runs steps for every combination of values and seeds: a table, and curves with their spread.',
      options: sweepOptions,
    },
    inputs: (step, document) => [...new Set(variantsOf(step, document).flatMap(target => kindOf(target)!.inputs(target, document)))],
    files: (step, document) => [...new Set(variantsOf(step, document).flatMap(target => kindOf(target)!.files(target, document)))],
    reads: (step, document) => targetsOf(step, document).map(({ id: _, ...own }) => own),
    check: (step, document, problem, libm) => checkSweep(step, document, problem, libm, kindOf),
    load: async () => (await import('./sweep-runner')).sweepRunner(kindOf),
  }
}

type KindOf = (step: StepEnvelope | undefined) => StepKind | undefined

function checkSweep(step: StepEnvelope, document: ExperimentDocument, problem: AnalysedProblem | undefined, libm: Libm, kindOf: KindOf): Fault[] {
  const { id: _, kind: __, ...own } = step
  const faults = schemaFaults(sweepOptions, own)
  if (faults.length > 0) return faults
  const over = (own.over ?? {}) as Readonly<Record<string, readonly Json[]>>
  const targets = targetIds(step)
  if (targets.length === 0) return [error('sweep-nothing', 'The sweep names no step to run.', { where: { path: 'of' }, tip: 'Give "of", the id of a step, or "over" with options of a step.' })]
  const ids = document.steps.filter(other => other.id !== step.id && kindOf(other)).map(other => other.id)
  for (const target of targets) {
    if (ids.includes(target)) continue
    const place = step.of === undefined ? `over.${Object.keys(over).find(key => key.startsWith(`${target}.`)) ?? ''}` : 'of'
    const other = document.steps.find(s => s.id === target)
    if (other && other.kind === 'sweep') return [error('sweep-of-sweep', `"${target}" is a sweep itself, or this one.`, { where: { path: place }, tip: 'Put all options into one sweep.' })]
    const near = nearestName(target, ids)
    return [error('unknown-step', `There is no other step "${target}".`, { where: { path: place }, tip: near ? `Did you mean "${near}"?` : `The steps are ${ids.join(', ')}.` })]
  }
  for (const key of Object.keys(over)) {
    const [owner, ...path] = key.split('.')
    const where = { path: `over.${key}` }
    if (path.length === 0 || path.some(word => !/^[A-Za-z][A-Za-z0-9_-]*$/.test(word)) || ['id', 'kind'].includes(path[0])) return [error('sweep-option', `"${key}" names no option.`, { where, tip: `Write step and option, for example "${targets[0]}.resolution".` })]
    if (owner === 'problem') {
      if (path[0] !== 'parameters' || path.length !== 2) return [error('sweep-option', `"${key}" is no parameter of the problem.`, { where, tip: 'Of the problem, parameters can be varied: "problem.parameters.k".' })]
      if (!document.problem) return [error('sweep-option', `"${key}" belongs to a problem, and the document has none.`, { where })]
      const parameters = Object.keys(resolveProblem(document.problem).statement?.parameters ?? {})
      if (!parameters.includes(path[1])) {
        const near = nearestName(path[1], parameters)
        return [error('unknown-parameter', `The problem has no parameter "${path[1]}".`, { where, tip: near ? `Did you mean "${near}"?` : parameters.length > 0 ? `It has ${parameters.join(', ')}.` : 'Declare it under "parameters" of the problem first.' })]
      }
      const strange = over[key].findIndex(value => typeof value !== 'number' && typeof value !== 'string')
      if (strange >= 0) return [error('wrong-type', `${JSON.stringify(over[key][strange]).slice(0, 60)} is no value of a parameter.`, { where: { path: `over.${key}[${strange}]` }, tip: 'Give a number, or a text with an expression of earlier parameters.' })]
    } else if (!targets.includes(owner)) {
      return [error('sweep-option', `"${key}" belongs to "${owner}", which the sweep does not run.`, { where, tip: `It runs ${targets.join(', ')}; "problem.parameters.…" is possible too.` })]
    }
  }
  const runs = runCount(step)
  if (runs > mostRuns) return [error('too-many-runs', `The sweep has ${runs} runs; ${mostRuns} are possible.`, { where: { path: 'over' }, tip: 'Give fewer values or seeds.' })]
  if (runs === 1) return [error('one-run', 'The sweep has a single run.', { where: { path: 'seeds' }, tip: 'Give "seeds", or several values of an option in "over".' })]
  const seeds = isJsonArray(step.seeds) ? step.seeds : []
  if (new Set(seeds).size < seeds.length) return [error('same-seed', 'A seed is listed twice.', { where: { path: 'seeds' }, tip: 'Give each once: the same seed gives the same run.' })]
  if (typeof step.seeds === 'number' && (document.seed ?? 0) > Number.MAX_SAFE_INTEGER - (step.seeds - 1)) {
    return [error('seed-range', `Counted from the document's seed, ${step.seeds} seeds go beyond ${Number.MAX_SAFE_INTEGER}.`, { where: { path: 'seeds' }, tip: 'List the seeds, or give the document a smaller one.' })]
  }
  return checkValues(step, document, problem, libm, kindOf)
}

/** Every value on its own, the other options at their first: what its step says of it. */
function checkValues(step: StepEnvelope, document: ExperimentDocument, problem: AnalysedProblem | undefined, libm: Libm, kindOf: KindOf): Fault[] {
  const plan = planSweep(step, document)
  const found: Fault[] = []
  for (const target of plan.targets) {
    const own = plan.options.flatMap(({ owner }, i) => (owner === target.id || owner === 'problem' ? [i] : []))
    const first = new Map(own.map(i => [i, 0]))
    for (const i of own) {
      const { key, owner, values } = plan.options[i]
      for (const k of values.keys()) {
        const applied = appliedTo(document, plan, { target, choice: new Map([...first, [i, k]]) })
        const where = { path: `over.${key}[${k}]` }
        const place = (fault: Fault): Fault => ({ ...fault, where })
        const analysis = owner === 'problem' && applied.problem ? analyse(applied.problem, libm) : undefined
        const wrong = analysis?.faults.filter(fault => fault.severity === 'error') ?? []
        if (wrong.length > 0) return [place(wrong[0])]
        const steps = document.steps.map(other => (other.id === target.id ? applied.target : other))
        const refused = kindOf(target)!.check(applied.target, { ...document, steps }, analysis ? analysis.problem : problem, libm).filter(fault => fault.severity === 'error')
        // What is wrong with the step as it stands is told there.
        const before = kindOf(target)!.check(target, document, problem, libm).filter(fault => fault.severity === 'error').map(fault => fault.message)
        const own = refused.find(fault => !before.includes(fault.message))
        // What is wrong with the option itself is wrong with every value of it, and is told once.
        if (own && !found.some(({ message, where }) => message === own.message && where?.path?.startsWith(`over.${key}[`))) found.push(place(own))
      }
    }
  }
  return found
}

