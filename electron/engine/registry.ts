import { descriptorData } from '../../shared/descriptor'
import { presets } from '../../shared/figures/presets'
import { identificationMethods } from '../../shared/identification/registry'
import type { Json } from '../../shared/json'
import { networks } from '../../shared/learning/networks/registry'
import { trainingMethods } from '../../shared/learning/training/registry'
import { problems } from '../../shared/problems/catalogue'
import type { Registry } from '../../shared/protocol/contract'
import { methods } from '../../shared/solvers/registry'
import { stepKinds } from '../../shared/steps/registry'

/** All descriptors as data: what the window builds its editors from and `residuum list` prints. */
export function registryData(): Registry {
  return {
    problems: problems.map(({ descriptor, statement, defaults }) => ({ ...descriptorData(descriptor), statement: statement as unknown as Json, ...(defaults ? { defaults } : {}) })),
    steps: stepKinds.map(({ descriptor }) => descriptorData(descriptor)),
    methods: methods.map(({ descriptor }) => descriptorData(descriptor)),
    presets: presets.map(({ id, name, widthMm, maximumHeightMm, basePt, tickPt, source, year }) => ({ id, name, widthMm, ...(maximumHeightMm === undefined ? {} : { maximumHeightMm }), basePt, tickPt, source, year })),
    networks: networks.map(({ descriptor }) => descriptorData(descriptor)),
    optimizers: trainingMethods.map(({ descriptor }) => descriptorData(descriptor)),
    identification: identificationMethods.map(({ descriptor }) => descriptorData(descriptor)),
    architectures: [], quantizers: [],
  }
}
