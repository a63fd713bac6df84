import { freeNames } from '../../../expressions'
import type { AnalysedProblem, SystemJet } from '../../../problems/analysed'

/** Adds the jets that densities of conserved quantities name to those of the rows. */
export function withDensityJets(problem: AnalysedProblem): AnalysedProblem {
  const { system, properties } = problem
  const known = new Set([...system.jet.map(entry => entry.name), ...system.components.map(c => c.name)])
  const extra: SystemJet[] = []
  for (const { density } of properties.conserved) {
    for (const name of freeNames(density).keys()) {
      if (known.has(name)) continue
      // The longest component's name that fits: `u__t_x` belongs to u__t, not to u.
      const owner = system.components.reduce((best, { name: candidate }, c) => (name.startsWith(`${candidate}_`) && /^[xyz]+$/.test(name.slice(candidate.length + 1)) && (best < 0 || candidate.length > system.components[best].name.length) ? c : best), -1)
      if (owner < 0) continue
      const letters = name.slice(system.components[owner].name.length + 1)
      const count = (letter: string): number => [...letters].filter(l => l === letter).length
      extra.push({ name, component: owner, orders: [count('x'), count('y'), count('z')] })
      known.add(name)
    }
  }
  return extra.length === 0 ? problem : { ...problem, system: { ...system, jet: [...system.jet, ...extra] } }
}
