import type { StepState } from '../../shared/protocol/contract'
import type { App } from './app'
import { commitField } from './files'

/** Queues these steps; without names everything that is not up to date, and everything again where nothing is out of date. */
export async function compute(app: App, steps?: readonly string[]): Promise<void> {
  commitField()
  await app.session.settled()
  const { snapshot } = app.session.store.getState()
  if (!snapshot) return
  await app.attempt(async () => {
    const { experiment } = snapshot
    const { queued } = await app.client.call('compute', { experiment, ...(steps ? { steps: [...steps] } : {}) })
    if (queued.length > 0 || steps) return
    const all = app.session.store.getState().document?.steps.map(step => step.id) ?? []
    if (all.length === 0) app.notices.show({ severity: 'info', message: 'There is no step to compute yet: add one in the list of steps.' })
    else await app.client.call('compute', { experiment, steps: all })
  })
}

export async function cancel(app: App, step?: string): Promise<void> {
  const { snapshot } = app.session.store.getState()
  if (!snapshot) return
  const stopping = step === undefined ? snapshot.steps.filter(isActive).map(({ id }) => id) : [step]
  app.jobs.setState(state => ({ stopping: [...new Set([...state.stopping, ...stopping])] }))
  const done = await app.attempt(async () => {
    await app.client.call('cancel', { experiment: snapshot.experiment, ...(step === undefined ? {} : { step }) })
    return true
  })
  if (!done) app.jobs.setState(state => ({ stopping: state.stopping.filter(id => !stopping.includes(id)) }))
}

export const isActive = (step: StepState): boolean => step.status === 'running' || step.status === 'queued'

/** A duration as a status bar says it: `0.8 s`, `12 s`, `4 min`, `2.5 h`. */
export function duration(seconds: number): string {
  if (seconds < 0.0995) return `${Math.max(1, Math.round(seconds * 1000))} ms`
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 99.5) return `${Math.round(seconds)} s`
  if (seconds < 5700) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}

/** Three significant digits, as on a row: `2.31e-7`, `0.0123`, `129`. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞'
  if (value === 0) return '0'
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return value.toString().replace('-', '−')
  const size = Math.abs(value)
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(2) : value.toPrecision(3)
  const [mantissa, exponent] = text.split('e')
  return `${mantissa.replace('-', '−')}${exponent === undefined ? '' : `×10${superscript(Number(exponent))}`}`
}

/** As the scales of pictures write powers. */
const superscript = (n: number): string => [...String(n)].map(c => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)])).join('')
