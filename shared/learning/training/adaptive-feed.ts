import type { Checkpoint } from '../../kernels/team'
import { error, FaultError } from '../../fault'
import type { RandomStream } from '../random'
import { pointsByResidual, pointsUphill, residualProbe, type AdaptivePoints } from './adaptive-points'
import { balanced, partSizes, type BalanceKind } from './balance'
import { causalWeights, factorsAt, type CausalWeights } from './causal'
import type { MeasuredTask } from './current'
import { drawingAt, plainFeed, type Feed, type NetworkArrays, type StepInputs } from './feed'
import { curveName, emphasisInput, weightsInput, type EquationPoints } from './form'

export interface FeedPlan {
  /** One for each part; balanced factors are multiplied by them. */
  readonly weights: readonly number[]
  /** Steps between two drawings of all points; 0: never. */
  readonly resample: number
  readonly adaptive?: AdaptivePoints
  readonly balance?: { readonly kind: BalanceKind; readonly momentum: number }
  /** Needs a form with emphasis. */
  readonly causal?: { readonly epsilon: number; readonly windows: number }
  /** Steps between two measurements of factors. */
  readonly every: number
}

/**
 * A feed that follows the network. Before the step after `done` others, in this order: all points are drawn anew where `resample` divides `done`; those of the equations are placed by the residual where
 * `adaptive.every` does (not before the first step: residuals of an untrained network say nothing); windows of time are weighed, and parts balanced, where `every` does.
 * Throws FaultError `points-not-adaptive` for a form whose equations are no residuals at points.
 */
export function createFeed(task: MeasuredTask, plan: FeedPlan, stream: RandomStream, resumed?: Checkpoint): Feed {
  const { form, libm } = task
  const { adaptive, balance, causal, every } = plan
  if (!adaptive && !balance && !causal) return plainFeed(form, plan.weights, plan.resample, stream, resumed)
  const given = Float64Array.from(plan.weights)
  const points = adaptive || causal ? pointwise(form.equationPoints) : undefined
  const probe = points && residualProbe(task, points)
  const sizes = balance && partSizes(balance.kind, task)

  const number = (name: string): number | undefined => (resumed?.scalars[name] === undefined ? undefined : Number(resumed.scalars[name]))
  /** The step at which each was made last. */
  const made = { drawn: number('drawn'), placed: number('placed'), weighed: number('weighed'), balanced: number('balanced') }
  let factors = resumed?.arrays.factors
  let placed = resumed?.arrays.placed
  let windows: CausalWeights | undefined = resumed?.arrays.edges && { edges: resumed.arrays.edges, factors: resumed.arrays.windows }
  let drawn: StepInputs | undefined
  let inputs: StepInputs = {}

  const due = (done: number, interval: number, last: number | undefined): boolean => done % interval === 0 && last !== done
  const timesOf = (all: Float64Array): Float64Array => {
    const width = points!.lower.length
    return Float64Array.from({ length: all.length / width }, (_, k) => all[(k + 1) * width - 1])
  }
  const emphasis = (all: Float64Array): Float64Array | undefined => windows && factorsAt(windows, timesOf(all))
  const assemble = (): void => {
    inputs = { ...drawn, ...(points && placed ? { [points.input]: placed } : {}), [weightsInput]: factors ? given.map((w, k) => w * factors![k]) : given }
    if (points && windows) inputs = { ...inputs, [emphasisInput]: emphasis(inputs[points.input])! }
  }
  const place = async (done: number, parameters: NetworkArrays): Promise<Float64Array | undefined> =>
    adaptive!.kind === 'residual'
      ? pointsByResidual(probe!, points!, adaptive as Extract<AdaptivePoints, { kind: 'residual' }>, parameters, inputs, emphasis, stream.child('residual').child(done), libm)
      : pointsUphill(probe!, points!, adaptive as Extract<AdaptivePoints, { kind: 'adversarial' }>, parameters, inputs)

  return {
    changing: true,
    at: async (done, parameters) => {
      const before = inputs
      const begun = made.drawn !== undefined
      const index = drawingAt(done, plan.resample)
      let changed = begun && index !== made.drawn
      if (!drawn || index !== made.drawn) {
        drawn = form.draw(stream.child((made.drawn = index)))
        assemble()
      }
      if (adaptive && done > 0 && due(done, adaptive.every, made.placed)) {
        made.placed = done
        placed = (await place(done, parameters())) ?? placed
        changed = true
        assemble()
      }
      if (causal && due(done, every, made.weighed)) {
        made.weighed = done
        const own = inputs[points!.input]
        const found = await probe!.squares(parameters(), inputs, own, false)
        if (found.every(Number.isFinite)) windows = causalWeights(timesOf(own), found, causal.epsilon, causal.windows, libm)
        assemble()
        changed ||= begun && differ(before[emphasisInput], inputs[emphasisInput])
      }
      if (balance && due(done, every, made.balanced)) {
        made.balanced = done
        factors = balanced(await sizes!(parameters(), inputs, stream.child('signs').child(done)), factors, balance.momentum)
        assemble()
        changed ||= begun && differ(before[weightsInput], inputs[weightsInput])
      }
      return { inputs, changed }
    },
    curves: () => ({
      ...(balance ? Object.fromEntries(form.parts.map(({ name }, k) => [curveName('weight', name), inputs[weightsInput][k]])) : {}),
      ...(windows ? { causal_reach: windows.factors.reduce((sum, w) => sum + w, 0) / windows.factors.length } : {}),
    }),
    points: () => (adaptive && points && points.input in inputs ? { values: inputs[points.input].slice(), shape: [points.count, points.lower.length] } : undefined),
    store: () => ({
      scalars: Object.fromEntries(Object.entries(made).filter((entry): entry is [string, number] => entry[1] !== undefined)),
      arrays: { ...(factors ? { factors: factors.slice() } : {}), ...(placed ? { placed: placed.slice() } : {}), ...(windows ? { edges: windows.edges.slice(), windows: windows.factors.slice() } : {}) },
    }),
  }
}

/** Arrays that were never brought differ from none. */
const differ = (a: Float64Array | undefined, b: Float64Array): boolean => a === undefined || a.some((v, k) => v !== b[k])

function pointwise(points: EquationPoints | undefined): EquationPoints {
  if (!points) throw new FaultError(error('points-not-adaptive', 'Adaptive points and causal weights need equations that are asked for at points, which this formulation has not.', { where: { path: 'formulation' }, tip: 'Use the formulation "strong".' }))
  return points
}
