import { networkStatement } from '../learning/formulations/formulation'
import { networkFields, prepareEvaluation } from '../learning/formulations/network-solution'
import { trainedNames } from '../learning/networks'
import { plainFeed } from '../learning/training/feed'
import { trainingMethods } from '../learning/training/registry'
import type { NetworkTraining, TrainedNetwork } from '../identification/method'
import { defaultResolution } from './solve-options'
import type { NamedArray, StepContext } from './step-kind'
import { feedCheckpoint, methodCheckpoint, trainingLoop, type History } from './train-loop'
import { modelOf, networkOf, pointCounts, withoutKind } from './train-network'
import { trainOptions, type TrainOptions } from './train-options'

/** The part of a train step that an identification needs: its own network and loss, the same optimizers, budget, checkpoints and pictures. */
export async function trainIdentified({ run, libm, learning, team, now }: StepContext, { problem, options: given, random, network: wrapped, form: made, observe }: NetworkTraining): Promise<TrainedNetwork> {
  const options = trainOptionsOf(given)
  const statement = networkStatement(problem)
  const solution = await networkOf(problem, statement, options, libm)
  const network = wrapped(solution)
  const initial = network.initialise(random.child('network'))
  const form = made(pointCounts(problem, options), options.points.sequence)
  const feed = plainFeed(form, form.parts.map(({ kind }) => options.weights[kind]), 0, random.child('collocation'), run.resumed && feedCheckpoint(run.resumed))
  const task = { network, initial, trained: trainedNames(network, initial), form, feed, precision: options.precision, steps: options.budget.steps, runtime: learning, team, libm }
  run.keepsWhenStopped?.()
  run.progress({ stage: 'compiling' })
  const line = trainingMethods.find(l => l.descriptor.id === options.optimizer.kind)!
  const method = await (await line.load()).create(withoutKind(options.optimizer) as never, task, run.resumed && methodCheckpoint(run.resumed))
  const own = solution.initialise(random.child('network'))
  const evaluation = await prepareEvaluation(solution, own, options.precision, learning, libm)
  const solutionArrays = (all: Readonly<Record<string, Float64Array>>) => Object.fromEntries(Object.keys(own).map(name => [name, all[name]]))
  const fieldsOf = (arrays: Readonly<Record<string, Float64Array>>, resolution: readonly number[], times: Float64Array) => networkFields(problem, statement, resolution, times, points => evaluation.values(solutionArrays(arrays), points), libm)
  const [last, count] = [problem.time?.[1] ?? 0, [101, 41, 21][problem.axes.length - 1] ?? 2]
  const picture = problem.cube ? undefined : async () => (await fieldsOf(method.parameters(), problem.axes.map(() => [257, 61, 21][problem.axes.length - 1]), problem.time ? Float64Array.of(last) : new Float64Array(0)))[0]
  const history = await trainingLoop({ run, now, threads: team.threads }, options.budget, method, feed, { picture, error: undefined, observe: async () => observe(method.parameters()) })
  method.dispose()
  const arrays = history.parameters
  const times = problem.time ? Float64Array.from({ length: count }, (_, i) => (problem.time![0] * (count - 1 - i) + last * i) / (count - 1)) : new Float64Array(0)
  const fields = await fieldsOf(arrays, options.resolution ?? (problem.cube ? [] : defaultResolution(problem)), times)
  const trained = Object.fromEntries(Object.entries(own).map(([name, { shape }]) => [name, { shape, values: arrays[name] }]))
  return {
    arrays, task, fields, models: [modelOf(problem, statement, solution, trained, options.precision, libm)], curves: curvesOf(history),
    steps: history.done, loss: history.kept?.loss ?? history.loss.at(-1) ?? NaN, faults: history.faults, stopped: history.stopped,
  }
}

/** The options of identification as those of a train step: `collocation` stands for `points`, which are those of the data here. */
function trainOptionsOf({ collocation, network, optimizer, precision, weights, budget, resolution }: Readonly<Record<string, unknown>>): TrainOptions {
  return trainOptions.parse({ network, optimizer, precision, weights, budget, points: collocation, ...(resolution === undefined ? {} : { resolution }) })
}

function curvesOf({ loss, terms, observed, observedSteps }: History): NamedArray[] {
  const named = (name: string, values: readonly number[]): NamedArray => ({ name, values: Float64Array.from(values) })
  return [named('loss', loss), ...Object.entries(terms).map(([name, values]) => named(name, values)), ...Object.entries(observed).map(([name, values]) => named(name, values)), named('value_steps', observedSteps)]
}
