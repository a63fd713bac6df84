import type { Expression } from '../../expressions/ast'
import type { Network } from '../networks/network'
import { broadcastTo, type Operand, type Tensor, type Tensors } from '../tf'
import { valuesAt } from './collocation'
import type { PointValues } from './strong'
import { tensorOf } from './tensor-expression'
import { derivativeOf, derivativesIn, type weakFormulation } from './weak-form'

/** The network with the derivatives that integrands need, at the points x. */
export function integrandValues(network: Network, parameters: Tensors, x: Tensor, { equations, coordinates }: ReturnType<typeof weakFormulation>): PointValues {
  const terms = equations.flatMap(e => e.terms.map(t => ({ derivatives: derivativesIn(t.integrand).map(d => d.orders) })))
  return valuesAt(network, parameters, x, terms, coordinates)
}

/** G_β at the points, [points, 1]. */
export function columnOf(integrand: Expression, at: PointValues, coordinates: readonly string[], count: number): Tensor {
  const value = tensorOf(integrand, (name): Operand | undefined => {
    const known = derivativeOf(name)
    return known ? at.derivative(known.output, known.orders) : coordinates.includes(name) ? at.coordinate(name) : undefined
  })
  if (typeof value !== 'number') return value.shape.length === 2 && value.shape[0] === count ? value : broadcastTo(value, [count, 1])
  const [any] = coordinates
  return tensorOf({ kind: 'binary', operator: '+', left: { kind: 'number', value }, right: { kind: 'binary', operator: '-', left: { kind: 'name', name: any }, right: { kind: 'name', name: any } } }, () => at.coordinate(any)) as Tensor
}
