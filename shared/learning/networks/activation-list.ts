import type { Descriptor } from '../../descriptor'

export interface ActivationDescriptor extends Descriptor {
  /** Continuous derivatives: a residual of order n needs n. */
  readonly smoothness: number
}

/** What may stand between layers; the functions are in activations.ts. */
export const activationList = [
  { id: 'tanh', name: 'Hyperbolic tangent', summary: 'Smooth and bounded: the usual choice for equations.', equation: '\\tanh z', smoothness: Infinity },
  { id: 'sin', name: 'Sine', summary: 'Smooth and oscillating: reaches high accuracy on smooth and periodic solutions.', equation: '\\sin z', smoothness: Infinity },
  { id: 'cos', name: 'Cosine', summary: 'The sine shifted by a quarter period.', equation: '\\cos z', smoothness: Infinity },
  {
    id: 'swish', name: 'Swish', summary: 'A smooth rectifier: linear for large arguments, so solutions may grow.', equation: 'z\\,\\sigma(z)', smoothness: Infinity,
    reference: { text: 'Ramachandran, Zoph & Le 2017', arxiv: '1710.05941' },
  },
  {
    id: 'gelu', name: 'GELU', summary: 'A smooth rectifier weighted by the normal distribution; the usual choice in operators.', equation: 'z\\,\\Phi(z)', smoothness: Infinity,
    reference: { text: 'Hendrycks & Gimpel 2016', arxiv: '1606.08415' },
  },
  {
    id: 'gelu-tanh', name: 'GELU, tanh form', summary: 'The approximation of GELU by a hyperbolic tangent, as transformers use it.', equation: '\\tfrac12 z\\bigl(1+\\tanh(\\sqrt{2/\\pi}\\,(z+0.044715z^3))\\bigr)', smoothness: Infinity,
    reference: { text: 'Hendrycks & Gimpel 2016', arxiv: '1606.08415' },
  },
  { id: 'softplus', name: 'Softplus', summary: 'A smooth rectifier that stays positive.', equation: '\\log(1+e^z)', smoothness: Infinity },
  { id: 'sigmoid', name: 'Logistic function', summary: 'Smooth, between 0 and 1.', equation: '1/(1+e^{-z})', smoothness: Infinity },
  { id: 'gaussian', name: 'Gaussian', summary: 'A bump: local features.', equation: 'e^{-z^2/2}', smoothness: Infinity },
  { id: 'relu', name: 'Rectifier', summary: 'Piecewise linear: no second derivatives, so for data and energies of first order only.', equation: '\\max(z,0)', smoothness: 0 },
  {
    id: 'relu-squared', name: 'Squared rectifier', summary: 'Piecewise quadratic: for energies of first order.', equation: '\\max(z,0)^2', smoothness: 1,
  },
  {
    id: 'relu-cubed', name: 'Cubed rectifier', summary: 'Piecewise cubic with two continuous derivatives, as in the Deep Ritz method.', equation: '\\max(z,0)^3', smoothness: 2,
    reference: { text: 'E & Yu 2018', doi: '10.1007/s40304-018-0127-z' },
  },
] as const satisfies readonly ActivationDescriptor[]
