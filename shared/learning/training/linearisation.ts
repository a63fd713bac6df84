import { FaultError } from '../../fault'
import { compile } from '../compile'
import { leastSquaresOf } from '../formulations/jacobian'
import { valueAndGradients } from '../gradients'
import { flatten, flattenTensors, layoutOf, unflatten, type Layout } from '../optimizers/objective'
import type { RunData } from '../runtime'
import { add, matMul, mul, reshape, slice, sum, type Tensor, type Tensors } from '../tf'
import type { NetworkArrays, StepInputs } from './feed'
import { inputsOf, partLosses, residualOf, weightedParts, type LossPart } from './form'
import { leastSquaresFault, smallerProduct, solverFor, type LinearSolver } from './least-squares-memory'
import type { TrainingTask } from './method'

/** The residuals of a loss, its Jacobian J or products of it, all computed in compiled graphs. */
export interface Linearisation {
  readonly solver: LinearSolver
  readonly rows: number
  readonly layout: Layout
  /** The parameters that a training begins with. */
  readonly start: Float64Array
  /** Inputs of all further calls. */
  use(inputs: StepInputs): void
  /**
   * `losses` by part, and for svd `residual` [rows] and `jacobian` [rows, columns]; for cholesky `gram` = JᵀJ and `gradient` = Jᵀr; for woodbury `gram` = JJᵀ, `residual`, and with momentum `pushed` = J · `previous`.
   * With energies among the parts `gradient` is half the loss's, and woodbury has `pushedGradient` = J · `gradient` beside it. Valid until the next call.
   */
  at(parameters: Float64Array, previous?: Float64Array): Promise<Readonly<Record<string, RunData>>>
  /** Jᵀ w for one number per row. */
  transposed(parameters: Float64Array, w: Float64Array): Promise<Float64Array>
  /** At the inputs in use, or at others. */
  loss(parameters: Float64Array, inputs?: StepInputs): Promise<number>
  /** All arrays of the network. */
  arraysAt(parameters: Float64Array): NetworkArrays
  dispose(): void
}

/**
 * Compiles what a step of least squares needs. Products of J with itself are part of the graph, where they are fastest; J itself never leaves it then, and Jᵀw is one reverse pass.
 * `wanted`: a solver, the fastest (`auto`), or the smaller product (`products`). Throws FaultError `least-squares-memory` before the Jacobian is compiled.
 */
export async function linearise(task: TrainingTask, wanted: LinearSolver | 'auto' | 'products', momentum = false): Promise<Linearisation> {
  const { network, initial, trained, form, libm, runtime, precision } = task
  const layout = layoutOf(initial, trained)
  const fixed = Object.fromEntries(Object.entries(initial).filter(([name]) => !trained.includes(name)).map(([name, { values }]) => [name, values as Float64Array]))
  const shapes = Object.fromEntries(Object.entries(initial).map(([name, { shape }]) => [name, shape]))
  const parts = (inputs: Tensors) => (parameters: Tensors) => weightedParts(form, network, { ...inputs, ...parameters }, inputs)
  const own = (inputs: Tensors) => Object.fromEntries(trained.map(name => [name, inputs[name]]))
  const inputs = { ...shapes, ...inputsOf(form) }
  let rows = 0
  let [hasEnergies, solver]: [boolean, LinearSolver] = [false, 'svd']
  const plain = compile((_, given) => {
    const known = parts(given)(own(given))
    rows = known.reduce((count, part) => count + rowsOf(part).reduce((n, r) => n + r.size, 0), 0)
    hasEnergies = known.some(part => part.kind === 'energy')
    return { outputs: { losses: partLosses(known) } }
  }, { precision, inputs, libm })
  solver = wanted === 'auto' ? solverFor(rows, layout.size) : wanted === 'products' ? smallerProduct(rows, layout.size) : wanted
  const tooLarge = leastSquaresFault(rows, layout.size, solver)
  if (tooLarge) throw new FaultError(tooLarge)
  const pushing = momentum && solver === 'woodbury'
  const linear = await runtime.prepare(compile((_, given) => {
    const parameters = own(given)
    const { residual, jacobian } = leastSquaresOf(parts(given), parameters, trained)
    let [losses, gradient]: [Tensor | undefined, Tensor | undefined] = [undefined, undefined]
    if (hasEnergies) {
      const { gradients, aux } = valueAndGradients(all => {
        const each = partLosses(parts(given)(all))
        return { value: sum(each), aux: { losses: each } }
      }, parameters, { unused: 'zero' })
      losses = aux.losses
      gradient = mul(flattenTensors(layout, gradients), 0.5)
    }
    const column = (x: Tensor): Tensor => reshape(x, [x.size, 1])
    const outputs: Record<string, Tensor> = { losses: losses ?? partLosses(parts(given)(parameters)) }
    if (solver === 'svd') return { outputs: { ...outputs, residual, jacobian, ...(gradient ? { gradient } : {}) } }
    if (solver === 'cholesky') return { outputs: { ...outputs, gram: matMul(jacobian, jacobian, true, false), gradient: gradient ?? matMul(jacobian, residual, true, false) } }
    return {
      outputs: {
        ...outputs, residual, gram: matMul(jacobian, jacobian, false, true), ...(pushing ? { pushed: matMul(jacobian, column(given.previous)) } : {}),
        ...(gradient ? { gradient, pushedGradient: matMul(jacobian, column(gradient)) } : {}),
      },
    }
  }, { precision, inputs: { ...inputs, ...(pushing ? { previous: [layout.size] } : {}) }, libm }))
  const combination = solver !== 'woodbury' ? undefined : await runtime.prepare(compile((_, given) => {
    const { gradients } = valueAndGradients(all => {
      let from = 0
      const pieces = parts(given)(all).flatMap(rowsOf).map(r => {
        const piece = sum(mul(r, reshape(sliceOf(given['row weights'], from, r.size), [...r.shape])))
        from += r.size
        return piece
      })
      return { value: pieces.reduce((a, b) => add(a, b)) }
    }, own(given), { unused: 'zero' })
    return { outputs: { combined: flattenTensors(layout, gradients) } }
  }, { precision, inputs: { ...inputs, 'row weights': [rows] }, libm }))
  const losses = await runtime.prepare(plain)
  let points: StepInputs = {}
  const given = (flat: Float64Array, at: StepInputs = points) => ({ ...at, ...fixed, ...unflatten(layout, flat) })
  return {
    solver, rows, layout, start: flatten(layout, Object.fromEntries(trained.map(name => [name, initial[name].values]))),
    use: brought => { points = brought },
    at: (flat, previous) => linear.run({ ...given(flat), ...(pushing ? { previous: previous ?? new Float64Array(layout.size) } : {}) }),
    transposed: async (flat, w) => Float64Array.from((await combination!.run({ ...given(flat), 'row weights': w })).combined),
    loss: async (flat, at) => total((await losses.run(given(flat, at))).losses),
    arraysAt: flat => ({ ...fixed, ...unflatten(layout, flat) }),
    dispose: () => {
      for (const execution of [linear, losses, combination]) execution?.dispose()
    },
  }
}

/** What the rows of J are derivatives of, in the order of `leastSquaresOf`. */
const rowsOf = (part: LossPart): readonly Tensor[] => (part.kind === 'squares' ? [residualOf(part)] : part.metric)

const sliceOf = (x: Tensor, from: number, count: number): Tensor => slice(x, [from], [count])

export const total = (losses: ArrayLike<number>): number => Array.prototype.reduce.call(losses, (all: unknown, loss: unknown) => (all as number) + (loss as number), 0) as number
