import * as tfjs from '@tensorflow/tfjs-core'
import { error, FaultError } from '../../../fault'
import type { Tensor } from '../trace'

interface Labelled {
  readonly tensor: Tensor
  readonly labels: string
}

const unusable = (equation: string, why: string): FaultError => new FaultError(error('einsum', `einsum "${equation}": ${why}.`, { tip: 'Write one letter for each axis, as in "bik,kj->bij".' }))

/**
 * Einstein's summation over letters, `einsum('bix,iok->…', a, b)`, as matrix products, transposes and sums, with their gradients; operands are contracted from the left.
 * A letter stands for one length; letters behind `->` stay, the others are summed; without `->` those that occur once stay, in alphabetical order.
 * Throws FaultError `einsum` for an ellipsis, a letter twice in one operand, or lengths that differ.
 */
export function einsum(equation: string, ...tensors: readonly Tensor[]): Tensor {
  const [left, right] = equation.replace(/\s/g, '').split('->')
  const inputs = left.split(',')
  if (!/^[A-Za-z]*(,[A-Za-z]*)*(->[A-Za-z]*)?$/.test(equation.replace(/\s/g, ''))) throw unusable(equation, 'only letters, commas and one arrow are understood')
  if (inputs.length !== tensors.length) throw unusable(equation, `${inputs.length} operands are written and ${tensors.length} given`)
  const lengths = new Map<string, number>()
  tensors.forEach((tensor, i) => {
    if (inputs[i].length !== tensor.rank) throw unusable(equation, `operand ${i + 1} has ${tensor.rank} axes, not the ${inputs[i].length} of "${inputs[i]}"`)
    if (new Set(inputs[i]).size !== inputs[i].length) throw unusable(equation, `"${inputs[i]}" has a letter twice`)
    ;[...inputs[i]].forEach((letter, axis) => {
      if (lengths.has(letter) && lengths.get(letter) !== tensor.shape[axis]) throw unusable(equation, `${letter} is ${lengths.get(letter)} long in one operand and ${tensor.shape[axis]} in another`)
      lengths.set(letter, tensor.shape[axis])
    })
  })
  const result = right ?? [...lengths.keys()].sort().filter(letter => left.replaceAll(',', '').split(letter).length === 2).join('')
  if (new Set(result).size !== result.length || [...result].some(letter => !lengths.has(letter))) throw unusable(equation, `"${result}" has a letter twice or one that no operand has`)
  const operands = tensors.map((tensor, i): Labelled => ({ tensor, labels: inputs[i] }))
  let sum = operands[0]
  for (let i = 1; i < operands.length; i++) sum = contracted(sum, operands[i], new Set([...result, ...operands.slice(i + 1).flatMap(o => [...o.labels])]), lengths)
  const reduced = summed(sum, new Set(result))
  return transposed(reduced.tensor, [...result].map(letter => reduced.labels.indexOf(letter)))
}

const transposed = (x: Tensor, perm: readonly number[]): Tensor => (perm.every((axis, i) => axis === i) ? x : tfjs.transpose(x, [...perm]))

/** Sums over every letter that nobody needs any more. */
function summed({ tensor, labels }: Labelled, needed: ReadonlySet<string>): Labelled {
  const axes = [...labels].flatMap((letter, axis) => (needed.has(letter) ? [] : [axis]))
  return axes.length === 0 ? { tensor, labels } : { tensor: tfjs.sum(tensor, axes), labels: [...labels].filter(letter => needed.has(letter)).join('') }
}

/** Two operands as one stack of matrix products, or as a product of elements when nothing is summed. */
function contracted(first: Labelled, second: Labelled, needed: ReadonlySet<string>, lengths: ReadonlyMap<string, number>): Labelled {
  const a = summed(first, new Set([...needed, ...second.labels]))
  const b = summed(second, new Set([...needed, ...first.labels]))
  const common = [...a.labels].filter(letter => b.labels.includes(letter))
  const batch = common.filter(letter => needed.has(letter))
  const inner = common.filter(letter => !needed.has(letter))
  const rows = [...a.labels].filter(letter => !common.includes(letter))
  const columns = [...b.labels].filter(letter => !common.includes(letter))
  const size = (letters: readonly string[]): number => letters.reduce((product, letter) => product * lengths.get(letter)!, 1)
  const arranged = ({ tensor, labels }: Labelled, order: readonly string[], shape: number[]): Tensor => tfjs.reshape(transposed(tensor, order.map(letter => labels.indexOf(letter))), shape)
  const left = arranged(a, [...batch, ...rows, ...inner], inner.length > 0 ? [size(batch), size(rows), size(inner)] : [size(batch), size(rows), 1])
  const right = arranged(b, [...batch, ...inner, ...columns], inner.length > 0 ? [size(batch), size(inner), size(columns)] : [size(batch), 1, size(columns)])
  const product = inner.length > 0 ? tfjs.matMul(left, right) : tfjs.mul(left, right)
  const labels = [...batch, ...rows, ...columns]
  return { tensor: tfjs.reshape(product, labels.map(letter => lengths.get(letter)!)), labels: labels.join('') }
}
