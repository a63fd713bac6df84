import { error, type Fault } from '../../fault'
import type { StateOutput } from './request'

/** A solution that outgrew its beginning by this factor when the step vanished is said to blow up. */
const blowUp = 1e3

export const short = (value: number): string => Number(value.toPrecision(4)).toString()

/** The first value that is not finite, else the largest in size. */
function worstOf(values: Float64Array, output: StateOutput): { readonly text: string; readonly value: number; readonly name: string } {
  let at = 0
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]) && !Number.isNaN(values[i])) {
      at = i
      break
    }
    if (Math.abs(values[i]) > Math.abs(values[at]) || Number.isNaN(values[at])) at = i
  }
  return placed(at, values, output)
}

function placed(at: number, values: Float64Array, output: StateOutput): { readonly text: string; readonly value: number; readonly name: string } {
  let component = Math.floor(at / output.nodes)
  let name = output.fields[0].name
  for (const field of output.fields) {
    const count = field.components?.length ?? 1
    name = field.components ? `${field.name}.${field.components[Math.min(component, count - 1)]}` : field.name
    if (component < count) break
    component -= count
  }
  return { text: output.place(at % output.nodes), value: values[at], name }
}

/** Code `non-finite`: names the component, the place, the step and the time. `outside` are values that were no numbers from the start (nodes outside the domain). */
export function nonFinite(output: StateOutput, values: Float64Array, outside: Float64Array | undefined, step: number, time: number, start: number): Fault {
  let at = values.findIndex((value, i) => !Number.isFinite(value) && !(outside && Number.isNaN(outside[i])))
  if (at < 0) at = 0
  const { text, name } = placed(at, values, output)
  const when = time === start ? 'at the initial time' : `after step ${step}, at t = ${Number(time.toPrecision(6))}`
  return error('non-finite', `${name} is no longer a finite number at ${text} ${when}.`, {
    tip: 'The solution may blow up, or the time step is too long: try a shorter one, and look at the field just before.',
  })
}

/** Code `step-too-small`: the solution blows up, or changes on times far shorter than the run, so that the tolerance cannot be met. */
export function smallStep(output: StateOutput, values: Float64Array, first: Float64Array, unknown: string, step: number, time: number, dt: number, span: readonly [number, number]): Fault {
  const worst = worstOf(values, output)
  const size = first.reduce((most, value) => Math.max(most, Number.isFinite(value) ? Math.abs(value) : 0), 0)
  const what = `The time step of ${unknown} fell to ${short(dt)} at t = ${short(time)} (step ${step})`
  return !Number.isFinite(worst.value) || Math.abs(worst.value) > blowUp * size
    ? error('step-too-small', `${what}: the solution seems to blow up near ${worst.text}, where ${worst.name} is ${short(worst.value)}.`, { tip: 'Check the sign of the terms that grow, or end the computation earlier.' })
    : error('step-too-small', `${what}, and the time error is still larger than the tolerance allows: the solution changes on times more than ${short((span[1] - span[0]) / Math.max(dt, Number.MIN_VALUE))} times shorter than the run over [${span.map(short).join(', ')}].`, {
        where: { path: 'time.tolerance' }, tip: 'End the run earlier, allow a larger tolerance, smooth the data, or choose another time method.',
      })
}
