import type { IdentificationMethod } from '../method'
import { roleOf } from '../unknowns'
import type { AdjointOptions } from './descriptor'
import { identifyField } from './field/field'
import { identifyScalars } from './scalars'

export const adjoint: IdentificationMethod = {
  async identify(request, host) {
    const options = request.options as AdjointOptions
    if (roleOf(request.unknown[0], request.statement!) === 'parameter') return identifyScalars(request, options, host)
    return identifyField(request, options, host)
  },
}
