/** Step kinds for tests of learning in a job: a network of one layer is fitted by gradient descent; calls may be long, values may leave the numbers. */
import { compile } from '../../../../shared/learning/compile'
import { valueAndGradients } from '../../../../shared/learning/gradients'
import { add, constant, matMul, mean, mul, square, sub, tanh, type Tensors } from '../../../../shared/learning/tf'
import type { StepContext, StepKind, StepOutput } from '../../../../shared/steps/step-kind'

interface Options {
  readonly steps: number
  readonly width?: number
  readonly points?: number
  readonly stepsPerCall?: number
  readonly precision?: 'float32' | 'float64'
  readonly checkpointEvery?: number
}

async function descend({ step, run, learning, libm }: StepContext): Promise<StepOutput> {
  const { steps, width = 8, points = 32, stepsPerCall = 1, precision = 'float32', checkpointEvery = 0 } = step as unknown as Options
  const x = listOf(points, i => i / points)
  const target = x.map(s => libm.sin(3 * s))
  const state = { w: initial([1, width], i => 0.7 * i - 2), b: initial([width], () => 0), v: initial([width, 1], i => (i % 2 ? 0.3 : -0.2)) }
  const descent = (parameters: Tensors) => {
    const { value, gradients } = valueAndGradients(({ w, b, v }) => {
      const u = matMul(tanh(add(matMul(constant(x, [points, 1]), w), b)), v)
      return { value: mean(square(sub(u, constant(target, [points, 1])))) }
    }, parameters)
    return { state: Object.fromEntries(Object.keys(parameters).map(name => [name, sub(parameters[name], mul(gradients[name], 0.8 / width))])), outputs: { loss: value } }
  }
  const execution = await learning.prepare(compile(descent, { precision, state, stepsPerCall, libm }))
  const first = Number(run.resumed?.scalars.done ?? 0)
  if (run.resumed) {
    execution.restore(run.resumed.arrays)
    run.log('info', `continued at ${first}`)
  }
  const store = (done: number) => () => ({ scalars: { done }, arrays: execution.state() as Record<string, Float64Array> })
  let loss = NaN
  for (let done = first; done < steps; done += stepsPerCall) {
    try {
      run.throwIfCancelled()
    } catch (reason) {
      run.checkpoint(store(done), true)
      throw reason
    }
    loss = (await execution.run()).loss.at(-1)!
    run.progress({ step: done + stepsPerCall, steps })
    run.checkpoint(store(done + stepsPerCall), checkpointEvery > 0 && (done + stepsPerCall) % checkpointEvery === 0)
  }
  const arrays = Object.entries(execution.state()).map(([name, values]) => ({ name, values: values as Float64Array }))
  execution.dispose()
  return { fields: [], arrays, metrics: { loss }, precision, converged: true, faults: [] }
}

const listOf = (length: number, at: (i: number) => number) => Float64Array.from({ length }, (_, i) => at(i))
const initial = (shape: readonly number[], at: (i: number) => number) => ({ shape, values: listOf(shape.reduce((a, b) => a * b, 1), at) })

const nothing = (): never[] => []
export const stepKinds: readonly StepKind[] = [
  { descriptor: { id: 'descend', name: 'Descend', summary: 'Gradient descent.' } as StepKind['descriptor'], inputs: nothing, files: nothing, check: nothing, load: async () => ({ run: descend }) },
]
