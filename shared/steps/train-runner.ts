import type { Expression } from '../expressions/ast'
import { error, FaultError } from '../fault'
import type { Truth } from '../learning/diagnostics/diagnostic'
import { sampledPoints, sampledTangent } from '../learning/diagnostics/sampled-tangent'
import type { Baselines } from '../learning/formulations/baselines'
import { networkStatement, type NetworkStatement, type PointCounts } from '../learning/formulations/formulation'
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
import { remembered, watchOf } from './train-diagnostics'
import { feedPlan } from './train-feed'
import { gridBeside, trainingWork } from './train-grid'
import { feedCheckpoint, methodCheckpoint, trainingLoop, type History } from './train-loop'
import { detailWarning, heldBy, modelOf, networkOf, pointCounts, withoutKind } from './train-network'
import { formulationOptions, parseTrain, type TrainOptions } from './train-options'
import { referenceOf } from './train-reference'
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
    // Not by the step's id: results are kept by what they were made of, and ids are no part of that.
    const random = createRandom(seed, libm, 'net')
    const statement = networkStatement(problem)
    const held = heldBy(options, problem, libm, message => run.log('info', message))
    const free = await networkOf(problem, statement, options, libm)
    const network = held ? held.wrap(free) : free
    const drawn = network.initialise(random.child('network'))
    const initial = options.start === undefined ? drawn : startedFrom(drawn, options.start, context.input(options.start))
    const family = await formulation.load()
    const counts = pointCounts(problem, options)
    const request = { problem, points: counts, sequence: options.points.sequence, ...(held ? { held } : {}), libm }
    const form = family.create(formulationOptions(options) as never, { ...request, emphasis: options.weights.causal !== undefined })
    const line = trainingMethods.find(l => l.descriptor.id === options.optimizer.kind)!
    const trained = { network, initial, trained: trainedNames(network, initial), form, precision: options.precision, runtime: context.learning, libm }
    const { feed, last } = remembered(createFeed(trained, feedPlan(form, options), random.child('points'), run.resumed && feedCheckpoint(run.resumed)))
    const task = { ...trained, feed, steps: options.budget.steps, team: context.team }
    run.keepsWhenStopped?.()
    const detail = detailWarning(problem, options, libm)
    if (detail) run.log('warning', detail)
    run.progress({ stage: 'compiling' })
    const method = await (await line.load()).create(withoutKind(options.optimizer) as never, task, run.resumed && methodCheckpoint(run.resumed))
    const evaluation = await prepareEvaluation(network, initial, options.precision, context.learning, libm)
    const values = expressionValues(context, problem)
    const reference = options.reference === undefined ? undefined : referenceOf(options.reference, context.input(options.reference).fields, problem, statement, libm)
    const measure = reference ?? errorMeasure(problem, statement, values, random.child('errors'), libm)
    if (measure?.baselines) run.log('info', baselineSentence(measure.baselines))
    const stored = { resolution: options.resolution ?? (problem.cube ? [] : defaultResolution(problem)), times: outputTimes(problem, options) }
    const sample = { ...trained, form: family.create(formulationOptions(options) as never, { ...request, points: few(counts) }) }
    const watch = await watchOf(options.diagnostics, {
      ...trained, problem, statement, evaluation, tangent: sampledTangent(sample, context.team, random.child('tangent')), picture: problem.cube ? undefined : stored, truth: reference?.truth ?? exactTruth(problem, statement, values),
      optimizer: options.optimizer.kind, team: context.team, stream: random.child('diagnostics'), run,
    }, last)
    const inPicture = (points: Float64Array) => evaluation.values(method.parameters(), points)
    const picture = problem.cube ? undefined : async () => (await networkFields(problem, statement, pictureNodes(problem), problem.time ? Float64Array.of(problem.time[1]) : new Float64Array(0), inPicture, libm))[0]
    const history = await trainingLoop({ run, now: () => context.now(), threads: context.team.threads }, options.budget, method, feed, { picture, error: measure && (async () => (await measure.now(evaluation, method.parameters())).relative_l2), observe: done => watch.observe(done, method.parameters()) })
    run.progress({ stage: 'measuring the error' })
    const parameters = history.parameters
    const metrics: Record<string, number> = { loss: history.kept?.loss ?? history.loss.at(-1) ?? NaN, iterations: history.done, parameters: parameterCount(initial, network.fixed), ...(measure ? await measure[history.stopped ? 'now' : 'all'](evaluation, parameters) : {}), ...measure?.baselines }
    const fields = await networkFields(problem, statement, stored.resolution, stored.times, given => evaluation.values(parameters, given), libm)
    const { stopped, faults: ended } = history
    const start = Object.fromEntries(Object.entries(initial).map(([name, array]) => [name, array.values as Float64Array]))
    // Who pressed Stop waits for the network, not for what could be said of it.
    const found = stopped ? undefined : await watch.finish({ ...history, step: history.done, start, stalled: history.stalled, linearisation: history.kept ? undefined : method.linearisation?.() })
    const columns = trained.trained.reduce((sum, name) => sum + initial[name].values.length, 0)
    const work = trainingWork({ steps: history.done, rows: counts.interior + counts.boundary + (problem.time ? counts.initial : 0), columns, solvesLeastSquares: method.linearisation !== undefined })
    const grid = stopped || !options.diagnostics.includes('grid') ? undefined : await gridBeside(context, problem, statement, reference, work)
    watch.dispose()
    method.dispose()
    const faults = [...ended, ...(found?.faults ?? [])]
    const timings = { ...(history.seconds.length > 0 ? { training: history.seconds } : {}), ...(grid ? { grid: grid.seconds } : {}) }
    const arrays = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, { shape, values: parameters[name] }]))
    return {
      fields: [...fields, ...(found?.fields ?? [])], arrays: [...arraysOf(history, arrays), ...placedPoints(feed), ...(found?.arrays ?? []), ...(grid?.arrays ?? [])],
      models: [modelOf(problem, statement, network, arrays, options.precision, libm)], metrics: { ...metrics, ...found?.metrics }, timings,
      precision: options.precision, converged: !stopped && ended.every(f => f.severity === 'info'), ...(stopped ? { stopped: true as const } : {}), faults,
    }
  },
}

const few = ({ interior, boundary, initial }: PointCounts): PointCounts => ({
  interior: Math.min(interior, sampledPoints.interior), boundary: Math.min(boundary, sampledPoints.boundary), initial: Math.min(initial, sampledPoints.initial),
})

/** The statement's exact solution at points of one time. */
function exactTruth({ exact, time }: AnalysedProblem, { outputs, coordinates }: NetworkStatement, values: ExpressionValues): Truth | undefined {
  if (!exact) return undefined
  const space = time ? coordinates.slice(0, -1) : coordinates
  const width = coordinates.length
  return {
    at: points => {
      const count = points.length / width
      const columns = Object.fromEntries(space.map((name, axis) => [name, Float64Array.from({ length: count }, (_, i) => points[i * width + axis])]))
      const result = new Float64Array(count * outputs.length)
      outputs.forEach((index, output) => values(exact[index], columns, time ? points[width - 1] : 0).forEach((v, i) => { result[i * outputs.length + output] = v }))
      return result
    },
  }
}

/** Where points that follow the network ended, `points` [count, dimension]. */
function placedPoints(feed: Feed): NamedArray[] {
  const points = feed.points?.()
  return points ? [{ name: 'points', ...points }] : []
}

/** What an error has to be held against: in many dimensions a constant may be close. */
function baselineSentence({ baseline_constant, baseline_linear }: Baselines): string {
  const off = (error: number): string => (error < 1e-10 ? '0' : error >= 0.001 ? `${Number((100 * error).toPrecision(2))} %` : error.toExponential(1))
  return `For comparison: the best constant is off by ${off(baseline_constant)} (relative L²), the best linear function by ${off(baseline_linear)}.`
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

function arraysOf({ loss, terms, errorSteps, errors, observed, observedSteps }: History, parameters: Readonly<Record<string, { readonly values: ArrayLike<number> }>>): NamedArray[] {
  const named = (name: string, values: readonly number[]): NamedArray => ({ name, values: Float64Array.from(values) })
  const flat = Object.values(parameters).flatMap(({ values }) => Array.from(values))
  const seen = Object.entries(observed).map(([name, curve]) => named(name, curve))
  return [
    named('loss', loss), ...(Object.keys(terms).length > 1 ? Object.entries(terms).map(([name, values]) => named(name, values)) : []),
    ...(errors.length > 0 ? [named('relative_l2_curve', errors), named('relative_l2_steps', errorSteps)] : []), ...(seen.length > 0 ? [...seen, named('observed_steps', observedSteps)] : []), named('parameters', flat),
  ]
}
