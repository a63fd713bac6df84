import type { RegistryLine } from '../../descriptor'
import { error, FaultError, nearestName } from '../../fault'
import { fourierDescriptor } from './fourier-descriptor'
import { mlpDescriptor } from './mlp-descriptor'
import { modifiedDescriptor } from './modified-descriptor'
import type { Network, NetworkFamily, NetworkShape } from './network'
import { pirateDescriptor } from './pirate-descriptor'
import { polynomialDescriptor } from './polynomial-descriptor'
import { residualDescriptor } from './residual-descriptor'
import { sirenDescriptor } from './siren-descriptor'

/** One more network is one file and one line. */
export const networks: readonly RegistryLine<NetworkFamily>[] = [
  { descriptor: mlpDescriptor, load: async () => (await import('./mlp')).mlp },
  { descriptor: residualDescriptor, load: async () => (await import('./residual')).residual },
  { descriptor: fourierDescriptor, load: async () => (await import('./fourier')).fourier },
  { descriptor: sirenDescriptor, load: async () => (await import('./siren')).siren },
  { descriptor: modifiedDescriptor, load: async () => (await import('./modified')).modified },
  { descriptor: pirateDescriptor, load: async () => (await import('./pirate')).pirate },
  { descriptor: polynomialDescriptor, load: async () => (await import('./polynomial')).polynomial },
]

/** The network `id` with options as written in a document. Throws FaultError `unknown-network` or `invalid-options`. */
export async function createNetwork(id: string, options: unknown, shape: NetworkShape): Promise<Network> {
  const line = networks.find(({ descriptor }) => descriptor.id === id)
  if (!line) {
    const near = nearestName(id, networks.map(({ descriptor }) => descriptor.id))
    throw new FaultError(error('unknown-network', `There is no network ${id}.`, { tip: near ? `Did you mean ${near}?` : `Choose among ${networks.map(({ descriptor }) => descriptor.id).join(', ')}.` }))
  }
  const parsed = line.descriptor.options!.safeParse(options ?? {})
  if (!parsed.success) {
    throw new FaultError(parsed.error.issues.map(issue => error('invalid-options', `${line.descriptor.name}: ${issue.message}.`, { where: { path: issue.path.join('.') } })))
  }
  return (await line.load()).build(parsed.data as never, shape)
}
