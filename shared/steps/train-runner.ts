import type { Expression } from '../expressions/ast'
import { error, FaultError } from '../fault'
import { networkStatement } from '../learning/formulations/formulation'
import { errorMeasure, networkFields, prepareEvaluation, type ExpressionValues } from '../learning/formulations/network-solution'
import { formulationLines } from '../learning/formulations/registry'
import { parameterCount, trainedNames } from '../learning/networks'
import { createRandom } from '../learning/random'
import { sampledDomain } from '../learning/sampling'
import { createFeed } from '../learning/training/adaptive-feed'
import type { Feed } from '../learning/training/feed'
import { trainingMethods } from '../learning/training/registry'
import type { AnalysedProblem } from '../problems/analysed'
import { pointFunction } from './point-function'
import { defaultResolution } from './solve-options'
import type { NamedArray, StepContext, StepRunner } from './step-kind'
import { feedPlan } from './train-feed'
import { feedCheckpoint, methodCheckpoint, trainingLoop, type History } from './train-loop'
import { modelOf, networkOf, pointCounts, withoutKind } from './train-network'
import { formulationOptions, parseTrain, type TrainOptions } from './train-options'
import { startedFrom } from './train-start'

/**
 * Arrays: `loss` and `loss_<term>` over the steps, `relative_l2_curve` over `relative_l2_steps` where an exact solution is known, `weight_<term>` where factors are balanced, `points` where they
 * follow the network, `parameters` (all arrays of the network in one vector, in the
 * order of its layers). The network itself is the step's model. Metrics: `loss`, `iterations`, `parameters` (their number), and the errors of solve steps.
 */
export const trainRunner: StepRunner = {
  async run(context) {
    const { problem, step, run, seed, libm } = context
    if (!problem) throw new FaultError(error('missing-problem', 'A train step needs a problem.', { where: { path: 'problem' } }))
    const options = parseTrain(step)
    const formulation = formulationLines.find(l => l.descriptor.id === options.formulation)!
    const refused = formulation.faults(problem, formulationOptions(options))
    if (refused.length > 0) throw new FaultError(refused)
    const random = createRandom(seed, libm, step.id)
    const statement = networkStatement(problem)
    const network = await networkOf(problem, statement, options)
    const drawn = network.initialise(random.child('network'))
    const initial = options.start === undefined ? drawn : startedFrom(drawn, options.start, context.input(options.start))
    const form = (await formulation.load()).create(formulationOptions(options) as never, { problem, points: pointCounts(problem, options), sequence: options.points.sequence, emphasis: options.weights.causal !== undefined, libm })
    const line = trainingMethods.find(l => l.descriptor.id === options.optimizer.kind)!
    const trained = { network, initial, trained: trainedNames(network, initial), form, precision: options.precision, runtime: context.learning, libm }
    const feed = createFeed(trained, feedPlan(form, options), random.child('points'), run.resumed && feedCheckpoint(run.resumed))
    const task = { ...trained, feed, steps: options.budget.steps, team: context.team }
    run.keepsWhenStopped?.()
    run.progress({ stage: 'compiling' })
    const method = await (await line.load()).create(withoutKind(options.optimizer) as never, task, run.resumed && methodCheckpoint(run.resumed))
    const evaluation = await prepareEvaluation(network, initial, options.precision, context.learning, libm)
    const measure = errorMeasure(problem, statement, expressionValues(context, problem), random.child('errors'), libm)
    const inPicture = (points: Float64Array) => evaluation.values(method.parameters(), points)
    const picture = problem.cube ? undefined : async () => (await networkFields(problem, statement, pictureNodes(problem), problem.time ? Float64Array.of(problem.time[1]) : new Float64Array(0), inPicture, libm))[0]
    const history = await trainingLoop({ run, now: () => context.now(), threads: context.team.threads }, options.budget, method, feed, { picture, error: measure && (async () => (await measure.now(evaluation, method.parameters())).relative_l2) })
    run.progress({ stage: 'measuring the error' })
    const parameters = history.parameters
    const metrics: Record<string, number> = { loss: history.loss.at(-1) ?? NaN, iterations: history.done, parameters: parameterCount(initial, network.fixed), ...(measure ? await measure[history.stopped ? 'now' : 'all'](evaluation, parameters) : {}) }
    const fields = await networkFields(problem, statement, options.resolution ?? defaultResolution(problem), outputTimes(problem, options), given => evaluation.values(parameters, given), libm)
    method.dispose()
    const arrays = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, { shape, values: parameters[name] }]))
    return { fields, arrays: [...arraysOf(history, arrays), ...placedPoints(feed)], models: [modelOf(problem, statement, network, arrays, options.precision, libm)], metrics, precision: options.precision, converged: history.faults.length === 0, ...(history.stopped ? { stopped: true as const } : {}), faults: history.faults }
  },
}

/** Where points that follow the network ended, `points` [count, dimension]. */
function placedPoints(feed: Feed): NamedArray[] {
  const points = feed.points?.()
  return points ? [{ name: 'points', ...points }] : []
}

/** Nodes per axis of the picture that is shown while training. */
const pictureNodes = ({ axes }: AnalysedProblem): number[] => axes.map(() => [257, 61, 21][axes.length - 1])

function outputTimes(problem: AnalysedProblem, { times }: TrainOptions): Float64Array {
  if (!problem.time) return new Float64Array(0)
  const [start, end] = problem.time
  if (Array.isArray(times)) return Float64Array.from([...new Set([start, ...times])].sort((a, b) => a - b))
  const count = times ?? [101, 41, 21][problem.axes.length - 1] ?? 2
  return Float64Array.from({ length: count }, (_, i) => (start * (count - 1 - i) + end * i) / (count - 1))
}

function expressionValues({ team }: StepContext, problem: AnalysedProblem): ExpressionValues {
  const { coordinates } = sampledDomain(problem)
  const compiled = new Map<Expression, ReturnType<typeof pointFunction>>()
  return (expression, columns, time) => {
    let values = compiled.get(expression)
    if (!values) compiled.set(expression, (values = pointFunction(team, `train${compiled.size}`, expression, coordinates)))
    return values(columns as never, time)
  }
}

function arraysOf({ loss, terms, errorSteps, errors }: History, parameters: Readonly<Record<string, { readonly values: ArrayLike<number> }>>): NamedArray[] {
  const named = (name: string, values: readonly number[]): NamedArray => ({ name, values: Float64Array.from(values) })
  const flat = Object.values(parameters).flatMap(({ values }) => Array.from(values))
  return [
    named('loss', loss), ...(Object.keys(terms).length > 1 ? Object.entries(terms).map(([name, values]) => named(name, values)) : []),
    ...(errors.length > 0 ? [named('relative_l2_curve', errors), named('relative_l2_steps', errorSteps)] : []), named('parameters', flat),
  ]
}
