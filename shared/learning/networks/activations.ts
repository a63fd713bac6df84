import { addJets, applyFunction, cosFunction, expFunction, geluFunction, multiplyJets, rectifiedPower, scaleJet, shiftJet, sigmoidFunction, sinFunction, softplusFunction, swishFunction, tanhFunction, type Derivatives, type Jet } from '../taylor'
import { activationList, type ActivationDescriptor } from './activation-list'

/** A function applied entry by entry between layers, with derivatives of any order. */
export interface Activation extends ActivationDescriptor {
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

const functions: Readonly<Record<(typeof activationList)[number]['id'], (jet: Jet) => Jet>> = {
  tanh: elementary(tanhFunction),
  sin: elementary(sinFunction),
  cos: elementary(cosFunction),
  swish: elementary(swishFunction),
  gelu: elementary(geluFunction),
  'gelu-tanh': geluTanh,
  softplus: elementary(softplusFunction),
  sigmoid: elementary(sigmoidFunction),
  gaussian,
  relu: elementary(rectifiedPower(1)),
  'relu-squared': elementary(rectifiedPower(2)),
  'relu-cubed': elementary(rectifiedPower(3)),
}

export const activations: readonly Activation[] = activationList.map(descriptor => ({ ...descriptor, apply: functions[descriptor.id] }))

export function activationNamed(id: string): Activation {
  const found = activations.find(a => a.id === id)
  if (!found) throw new Error(`no activation ${id}`)
  return found
}
