import type { Fault } from '../../fault'
import type { Linearisation } from '../optimizers/gauss-newton'
import { curveName, weightsInput } from '../training/form'
import type { DiagnosticFamily } from './diagnostic'
import type { KernelSpectrum } from './ntk'

/** What is known of a training that may have come to a standstill. */
export interface StallEvidence {
  /** Before each step. */
  readonly loss: readonly number[]
  /** Why the optimizer ended by itself. */
  readonly stalled: string | undefined
  /** The parts: losses before each step, and norms of their gradients at `observedSteps`, with their factors. */
  readonly parts: readonly { readonly name: string; readonly loss: readonly number[]; readonly gradient: readonly number[] }[]
  /** Norms of the whole gradient at `observedSteps`. */
  readonly gradient: readonly number[]
  readonly observedSteps: readonly number[]
  readonly linearisation: Linearisation | undefined
  /** Of the whole loss at the end. */
  readonly kernel: KernelSpectrum | undefined
  /** Trained numbers. */
  readonly parameters: number
}

/** Steps below which a loss has no past to be compared with. */
const fewest = 20
/** A loss that fell this far has been lowered, whatever it does now. */
const settled = 1e-9
/** Standing still: the last quarter of the steps left more than this share of the loss. */
const remaining = 0.5
/** Terms whose gradients differ by more are not learned together. */
const balance = 100
/** A share of the residual that explains a standstill. */
const decisive = 0.9
/** Directions of the residual were learned when gradient flow has brought them to e⁻² = 14 %, their squares to 2 %. */
const learnedAt = 2
/** Eigenvalues below this share of the largest belong to directions that the network does not have. */
const missing = 1e-13

/** Whether a loss of squares stands still above the level of rounding. Losses that pass through zero are energies, about which this says nothing. */
export function standsStill(loss: readonly number[], stalled: string | undefined): boolean {
  if (loss.length < fewest || loss.some(l => !(l > 0))) return false
  const late = Math.floor((3 * loss.length) / 4)
  const [before, after] = [least(loss.slice(0, late)), least(loss.slice(late))]
  const now = Math.min(before, after)
  return now > settled * loss[0] && (stalled !== undefined || after > remaining * before)
}

/** The probable reasons, one sentence each with its numbers; none where the loss is still falling or has fallen far enough. Severity `info`, code `learning-stalled`. */
export function stallReasons(evidence: StallEvidence): Fault[] {
  const { loss, stalled } = evidence
  if (!standsStill(loss, stalled)) return []
  const late = Math.floor((3 * loss.length) / 4)
  const fell = 1 - least(loss.slice(late)) / least(loss.slice(0, late))
  const head = stalled === undefined ? `The loss ended at ${shown(loss.at(-1)!)} and fell by ${percent(Math.max(0, fell))} in the last quarter of ${loss.length} steps` : `The loss stands still at ${shown(loss.at(-1)!)} after ${loss.length} steps`
  const found = [unbalanced(evidence), ...(evidence.linearisation ? [truncated(evidence.linearisation)] : [tooSmall(evidence) ?? spectralBias(evidence)])].filter(reason => reason !== undefined)
  const said = found.map(({ because, path, tip }): Fault => ({ severity: 'info', code: 'learning-stalled', message: `${head}: ${because}.`, where: { path }, tip }))
  if (said.length > 0 || (!evidence.linearisation && !evidence.kernel)) return said
  return [{ severity: 'info', code: 'learning-stalled', message: `${head}, and neither spectral bias nor unbalanced terms nor missing directions explain it: it may be a plateau or a local minimum.`, where: { path: 'optimizer' }, tip: 'Try another seed, more steps, or another optimizer.' }]
}

interface Reason { readonly because: string; readonly path: string; readonly tip: string }

/** One term's gradient is a hundredth of another's all the way, and it is the one that was not lowered. */
function unbalanced({ parts, loss }: StallEvidence): Reason | undefined {
  const known = parts.filter(p => p.gradient.length > 0 && p.loss.length > 0 && p.loss[0] > 0).map(p => ({ ...p, typical: median(p.gradient), left: p.loss.at(-1)! / p.loss[0] }))
  if (known.length < 2) return undefined
  const strong = known.reduce((a, b) => (b.typical > a.typical ? b : a))
  const weak = known.filter(p => p.typical > 0).reduce((a, b) => (b.typical < a.typical ? b : a), strong)
  const ratio = strong.typical / weak.typical
  if (!(ratio > balance) || !(weak.left > Math.min(0.5, 10 * strong.left))) return undefined
  return {
    because: `the gradient of "${weak.name}" is 1/${shown(ratio)} of that of "${strong.name}" (medians over the training), so that ${percent(weak.left)} of it is left where ${percent(strong.left)} of the other is; it makes up ${percent(weak.loss.at(-1)! / loss.at(-1)!)} of the loss`,
    path: 'weights', tip: `Raise its weight about ${shown(ratio)}-fold, or let the weights be balanced.`,
  }
}

/** Where the residual of a linear least-squares problem lies: in directions that are kept, cut off, or not there. */
function truncated({ values, coefficients, cutoff, squares, rows, columns }: Linearisation): Reason | undefined {
  if (squares === undefined || !(squares > 0)) return undefined
  let [kept, dropped] = [0, 0]
  values.forEach((sigma, k) => {
    const energy = coefficients[k] * coefficients[k]
    if (sigma > cutoff * values[0]) kept += energy
    else dropped += energy
  })
  const orthogonal = Math.max(0, squares - kept - dropped)
  if (kept > (1 - decisive) * squares) return undefined
  if (dropped > orthogonal) {
    return {
      because: `${percent(dropped / squares)} of the residual lies in directions whose singular values are below the cut-off of ${shown(cutoff)}, and ${percent(kept / squares)} in those that are kept`,
      path: 'optimizer.cutoff', tip: 'Lower the cut-off, or set it to "auto".',
    }
  }
  return {
    because: `${percent(orthogonal / squares)} of the residual is orthogonal to all that the ${columns} parameters can change at the ${rows} residuals: the network is too small for this solution`,
    path: 'network', tip: 'Take more neurons or layers; features of the solution’s own scale (Fourier features, sin) need fewer of them.',
  }
}

/** The same at the points of the tangent kernel, for optimizers that solve no linear problem. */
function tooSmall({ kernel, parameters }: StallEvidence): Reason | undefined {
  if (!kernel) return undefined
  const { eigenvalues, energies } = kernel
  const share = shareOf(energies, k => eigenvalues[k] < missing * eigenvalues[0])
  if (!(share > decisive)) return undefined
  return {
    because: `${percent(share)} of the residual is orthogonal to all that the ${parameters} parameters can change at ${eigenvalues.length} residuals: the network is too small for this solution`,
    path: 'network', tip: 'Take more neurons or layers; features of the solution’s own scale (Fourier features, sin) need fewer of them.',
  }
}

/**
 * Gradient flow dr/dτ = −2Kr lowers the residual in the direction of the eigenvalue λ by e^{−2λτ}. The time τ that the training was worth is told by the loss itself, dL/dτ = −‖∇L‖², so that it holds for any
 * optimizer that follows gradients: what has 2λτ < 2 was not learned yet. Rahaman et al. 2019, arXiv:1806.08734.
 */
function spectralBias({ kernel, loss, gradient, observedSteps }: StallEvidence): Reason | undefined {
  if (!kernel || gradient.length < 2) return undefined
  const { eigenvalues, energies } = kernel
  const time = flowTime(loss, gradient, observedSteps)
  const slow = (k: number): boolean => 2 * eigenvalues[k] * time < learnedAt
  const share = shareOf(energies, slow)
  const learned = eigenvalues.findIndex((_, k) => slow(k))
  // Where hardly any direction was learned the steps were too few or too small.
  if (!(share > decisive) || learned < 1) return undefined
  const half = eigenvalues[Math.floor(eigenvalues.length / 2)]
  return {
    because: `spectral bias: ${percent(share)} of the residual lies in directions that gradient descent has not reached, with eigenvalues of the tangent kernel below ${shown(learnedAt / (2 * time))} (the largest is ${shown(eigenvalues[0])}, half of them are below ${shown(half)}); ${learned} of ${eigenvalues.length} directions are learned`,
    path: 'optimizer', tip: 'Take Gauss–Newton or SSBroyden, which do not wait for small eigenvalues, a network with features of the solution’s own frequency (Fourier features, SIREN), or many more steps.',
  }
}

/** τ = ∫ dL / ‖∇L‖² between the first and the last observation. */
export function flowTime(loss: readonly number[], gradient: readonly number[], observedSteps: readonly number[]): number {
  let time = 0
  for (let i = 1; i < gradient.length; i++) {
    // The loss before step s + 1 is that of the network after s steps.
    const [from, to] = [loss[observedSteps[i - 1]], loss[observedSteps[i]] ?? loss.at(-1)!]
    if (from > to && gradient[i - 1] > 0 && gradient[i] > 0) time += (from - to) / (gradient[i - 1] * gradient[i])
  }
  return time
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity)
const shareOf = (energies: Float64Array, wanted: (k: number) => boolean): number => energies.reduce((sum, e, k) => (wanted(k) ? sum + e : sum), 0) / energies.reduce((sum, e) => sum + e, 0)
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const shown = (value: number): string => String(Number(value.toPrecision(2)))
const percent = (share: number): string => `${Number((100 * share).toPrecision(share > 0.99 ? 4 : 2))} %`

/** Says why a training that stands still probably does. */
export const stall: DiagnosticFamily = {
  create: ({ tangent, form, trained, initial }) => ({
    async finish(ending) {
      const { loss, stalled, terms, observed, observedSteps, linearisation, parameters, inputs } = ending
      if (form.energy || !standsStill([...loss], stalled)) return {}
      return { faults: stallReasons({
        loss, stalled, linearisation, observedSteps, gradient: observed.gradient ?? [],
        parts: [...new Set(form.parts.map(({ name }) => name))].map(name => ({ name, loss: terms[curveName('loss', name)] ?? [], gradient: observed[curveName('gradient', name)] ?? [] })),
        kernel: linearisation ? undefined : await tangent.spectrumAt(parameters, inputs[weightsInput]),
        parameters: trained.reduce((sum, name) => sum + initial[name].values.length, 0),
      }) }
    },
  }),
}
