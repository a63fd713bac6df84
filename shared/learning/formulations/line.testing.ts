import type { Expression } from '../../expressions/ast'
import type { Network } from '../networks'
import { addJets, columnsOfJet, joinJets, scaleJet } from '../taylor'
import { jetOf } from './jet-expression'

/** The function u* + s φ, one φ for each component, as a network with the parameter s. */
export function line(exact: readonly Expression[], directions: readonly Expression[], coordinates: readonly string[]): Network {
  return {
    inputs: coordinates.length, outputs: exact.length, fixed: [], initialise: () => ({ s: { values: Float64Array.of(0), shape: [] } }),
    propagate: (parameters, x) => joinJets(exact.map((e, c) => {
      const at = (own: Expression) => jetOf(own, name => (coordinates.includes(name) ? columnsOfJet(x, coordinates.indexOf(name), 1) : undefined), x)
      return addJets(at(e), scaleJet(at(directions[c]), parameters.s))
    })),
  }
}
