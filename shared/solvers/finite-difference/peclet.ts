import type { DiscreteOperator } from '../multigrid/operator'

/** max |b| h / a over nodes and axes, from the discrete conductances κ and half fluxes v: 2 |v|/κ. 0 without advection. */
export function largestPeclet({ discretisation: { network, shape } }: DiscreteOperator): number {
  if (!network) return 0
  let most = 0
  network.velocity.forEach((block, axis) => {
    if (shape[axis] === 1) return
    const v = block.view()
    const k = network.kappa[axis].view()
    for (let node = 0; node < v.length; node++) if (v[node] !== 0 && k[node] > 0) most = Math.max(most, (2 * Math.abs(v[node])) / k[node])
  })
  return most
}
