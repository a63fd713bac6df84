import { z } from 'zod'
import type { Descriptor } from '../../descriptor'
import { addJets, applyFunction, cosFunction, expFunction, geluFunction, multiplyJets, rectifiedPower, scaleJet, shiftJet, sigmoidFunction, sinFunction, softplusFunction, swishFunction, tanhFunction, type Derivatives, type Jet } from '../taylor'

/** A function applied entry by entry between layers, with derivatives of any order. */
export interface Activation extends Descriptor {
  /** Continuous derivatives: a residual of order n needs n. */
  readonly smoothness: number
  apply(jet: Jet): Jet
}

const elementary = (f: Derivatives) => (jet: Jet): Jet => applyFunction(f, jet)

/** ½ z (1 + tanh(√(2/π) (z + 0.044715 z³))), as jets: the derivatives are those of this formula, not of the exact GELU. */
function geluTanh(z: Jet): Jet {
  const cubic = multiplyJets(multiplyJets(z, z), z)
  const inner = scaleJet(addJets(z, scaleJet(cubic, 0.044715)), Math.sqrt(2 / Math.PI))
  return scaleJet(multiplyJets(z, shiftJet(applyFunction(tanhFunction, inner), 1)), 0.5)
}

/** e^{−z²/2}, as jets. */
const gaussian = (z: Jet): Jet => applyFunction(expFunction, scaleJet(multiplyJets(z, z), -0.5))

export const activations: readonly Activation[] = [
  { id: 'tanh', name: 'Hyperbolic tangent', summary: 'Smooth and bounded: the usual choice for equations.', equation: '\\tanh z', smoothness: Infinity, apply: elementary(tanhFunction) },
  { id: 'sin', name: 'Sine', summary: 'Smooth and oscillating: reaches high accuracy on smooth and periodic solutions.', equation: '\\sin z', smoothness: Infinity, apply: elementary(sinFunction) },
  { id: 'cos', name: 'Cosine', summary: 'The sine shifted by a quarter period.', equation: '\\cos z', smoothness: Infinity, apply: elementary(cosFunction) },
  {
    id: 'swish', name: 'Swish', summary: 'A smooth rectifier: linear for large arguments, so solutions may grow.', equation: 'z\\,\\sigma(z)', smoothness: Infinity, apply: elementary(swishFunction),
    reference: { text: 'Ramachandran, Zoph & Le 2017', arxiv: '1710.05941' },
  },
  {
    id: 'gelu', name: 'GELU', summary: 'A smooth rectifier weighted by the normal distribution; the usual choice in operators.', equation: 'z\\,\\Phi(z)', smoothness: Infinity, apply: elementary(geluFunction),
    reference: { text: 'Hendrycks & Gimpel 2016', arxiv: '1606.08415' },
  },
  {
    id: 'gelu-tanh', name: 'GELU, tanh form', summary: 'The approximation of GELU by a hyperbolic tangent, as transformers use it.', equation: '\\tfrac12 z\\bigl(1+\\tanh(\\sqrt{2/\\pi}\\,(z+0.044715z^3))\\bigr)', smoothness: Infinity, apply: geluTanh,
    reference: { text: 'Hendrycks & Gimpel 2016', arxiv: '1606.08415' },
  },
  { id: 'softplus', name: 'Softplus', summary: 'A smooth rectifier that stays positive.', equation: '\\log(1+e^z)', smoothness: Infinity, apply: elementary(softplusFunction) },
  { id: 'sigmoid', name: 'Logistic function', summary: 'Smooth, between 0 and 1.', equation: '1/(1+e^{-z})', smoothness: Infinity, apply: elementary(sigmoidFunction) },
  { id: 'gaussian', name: 'Gaussian', summary: 'A bump: local features.', equation: 'e^{-z^2/2}', smoothness: Infinity, apply: gaussian },
  { id: 'relu', name: 'Rectifier', summary: 'Piecewise linear: no second derivatives, so for data and energies of first order only.', equation: '\\max(z,0)', smoothness: 0, apply: elementary(rectifiedPower(1)) },
  {
    id: 'relu-squared', name: 'Squared rectifier', summary: 'Piecewise quadratic: for energies of first order.', equation: '\\max(z,0)^2', smoothness: 1, apply: elementary(rectifiedPower(2)),
  },
  {
    id: 'relu-cubed', name: 'Cubed rectifier', summary: 'Piecewise cubic with two continuous derivatives, as in the Deep Ritz method.', equation: '\\max(z,0)^3', smoothness: 2, apply: elementary(rectifiedPower(3)),
    reference: { text: 'E & Yu 2018', doi: '10.1007/s40304-018-0127-z' },
  },
]

export const activationOption = z.enum(activations.map(a => a.id) as [string, ...string[]]).default('tanh').describe('The function between layers.').meta({ title: 'Activation' })

export function activationNamed(id: string): Activation {
  const found = activations.find(a => a.id === id)
  if (!found) throw new Error(`no activation ${id}`)
  return found
}
