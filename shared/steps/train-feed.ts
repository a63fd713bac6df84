import { z } from 'zod'
import { error, type Fault } from '../fault'
import { formulationLines } from '../learning/formulations/registry'
import { largestSobolDimension } from '../learning/sampling/sobol'
import type { AdaptivePoints } from '../learning/training/adaptive-points'
import type { FeedPlan } from '../learning/training/adaptive-feed'
import type { TrainingForm } from '../learning/training/form'
import type { AnalysedProblem } from '../problems/analysed'
import type { TrainOptions } from './train-options'

const every = z.number().int().min(1).max(100_000_000).default(100).describe('Steps between two placements.').meta({ title: 'Every', unit: 'steps' })

/** `points.adaptive`. */
export const adaptiveOptions = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('residual'), every,
    candidates: z.number().int().min(2).max(1000).default(10).describe('Candidates per point.').meta({ title: 'Candidates' }),
    exponent: z.number().positive().max(8).default(1).describe('How strongly large residuals attract points: 1, or 2 for sharp fronts.').meta({ title: 'Exponent' }),
    constant: z.number().min(0).max(1000).default(1).describe('Weight of the even share; 0 leaves places of small residual without points.').meta({ title: 'Even share' }),
  }).meta({ title: 'Residual' }),
  z.strictObject({
    kind: z.literal('adversarial'), every,
    ascents: z.number().int().min(1).max(1000).default(10).describe('Steps uphill on the squared residual at each placement.').meta({ title: 'Steps uphill' }),
    rate: z.number().positive().max(1).default(0.01).describe('Length of a step, as a share of the domain.').meta({ title: 'Step length' }),
    constant: z.number().min(0).max(1000).default(1).describe('Weight of the points that stay where they were drawn: 1 is one half of all.').meta({ title: 'Even share' }),
  }).meta({ title: 'Adversarial' }),
])

/** Of `weights`, beside the factors themselves. */
export const balanceOptions = {
  balance: z.enum(['fixed', 'gradient-norm', 'ntk']).default('fixed')
    .describe('Further factors of the terms, measured while training. gradient-norm: all terms get gradients of one size. ntk: all terms get tangent kernels of one trace, so that they are learned at one rate.').meta({ title: 'Balance' }),
  every: z.number().int().min(1).max(100_000_000).default(100).describe('Steps between two measurements of balanced factors and causal weights.').meta({ title: 'Measured every', unit: 'steps' }),
  momentum: z.number().min(0).lt(1).default(0.9).describe('Share of the last factors in balanced ones.').meta({ title: 'Momentum', when: { 'weights.balance': ['gradient-norm', 'ntk'] } }),
  causal: z.number().positive().max(1e6).optional().describe('ε of causal weights exp(−ε Σ L) over windows of time: a window counts once those before it are fulfilled. Left out, all times count alike.').meta({ title: 'Causality', unset: 'none', needs: 'time', when: { formulation: 'strong' } }),
  windows: z.number().int().min(2).max(10_000).default(32).describe('Windows of time of causal weights.').meta({ title: 'Windows', needs: 'time', when: { formulation: 'strong' } }),
}

/** What a document asks of points and factors, for a form's parts. */
export const feedPlan = (form: TrainingForm, { points, weights, optimizer }: TrainOptions): FeedPlan => ({
  weights: form.parts.map(({ kind }) => weights[kind]), resample: points.resample ?? form.resample ?? (optimizer.kind === 'spring' ? 1 : 0), every: weights.every,
  ...(points.adaptive ? { adaptive: points.adaptive as AdaptivePoints } : {}),
  ...(weights.balance === 'fixed' ? {} : { balance: { kind: weights.balance, momentum: weights.momentum } }),
  ...(weights.causal === undefined ? {} : { causal: { epsilon: weights.causal, windows: weights.windows } }),
})

export function checkFeed({ formulation, points, weights }: TrainOptions, problem: AnalysedProblem): Fault[] {
  const faults = [...sequenceFaults(points.sequence, problem), ...candidateFaults(points, problem)]
  const { descriptor, pointwise } = formulationLines.find(l => l.descriptor.id === formulation)!
  if (weights.causal !== undefined && !problem.time) {
    faults.push(error('causal-without-time', 'Causal weights follow the time, which this statement has not.', { where: { path: 'weights.causal' }, tip: 'Remove "causal".' }))
  }
  if (!pointwise && points.adaptive) {
    faults.push(error('points-not-adaptive', `Points follow the residual of equations, which the ${descriptor.name.toLowerCase()} does not ask for at points.`, { where: { path: 'points.adaptive' }, tip: 'Remove "adaptive", or use the formulation "strong".' }))
  }
  if (!pointwise && weights.causal !== undefined) {
    faults.push(error('points-not-causal', `Causal weights belong to residuals at points, which the ${descriptor.name.toLowerCase()} has not.`, { where: { path: 'weights.causal' }, tip: 'Remove "causal", or use the formulation "strong".' }))
  }
  return faults
}

const coordinatesOf = ({ cube, axes, time }: AnalysedProblem): number => (cube ? cube.dimension : axes.length) + (time ? 1 : 0)

/** Sobol's direction numbers are at hand for so many coordinates. */
function sequenceFaults(sequence: TrainOptions['points']['sequence'], problem: AnalysedProblem): Fault[] {
  const coordinates = coordinatesOf(problem)
  if (sequence !== 'sobol' || coordinates <= largestSobolDimension) return []
  return [error('too-many-dimensions', `Sobol points exist here in up to ${largestSobolDimension} dimensions, not in ${coordinates}.`, { where: { path: 'points.sequence' }, tip: 'Give "sequence": "latin-hypercube" or "uniform".' })]
}

/** Candidates of one placement: their residuals are asked for in one go, which a stop waits for. */
const mostCandidates = 2 ** 22
/** Coordinates of all of them: a gibibyte. */
const mostCandidateNumbers = 2 ** 27

function candidateFaults({ adaptive, interior }: TrainOptions['points'], problem: AnalysedProblem): Fault[] {
  if (adaptive?.kind !== 'residual' || interior === undefined) return []
  const candidates = adaptive.candidates * interior
  const most = Math.min(mostCandidates, Math.floor(mostCandidateNumbers / coordinatesOf(problem)))
  if (candidates <= most) return []
  return [error('too-many-candidates', `${adaptive.candidates} candidates for each of ${interior} points are ${candidates}; ${most} can be asked at once.`, { where: { path: 'points.adaptive.candidates' }, tip: 'Give fewer candidates or points; ten candidates a point are usual.' })]
}
