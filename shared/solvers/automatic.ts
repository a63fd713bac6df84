import type { RegistryLine } from '../descriptor'
import { FaultError, error, type Fault } from '../fault'
import { rankMethods } from './choose'
import type { SolveMethod, SolveRequest } from './method'

/** The candidate whose method of the registry has nothing against its request, in their order, with what the first one had against it (`passed`); that alone where all refuse. */
export async function firstAccepted<T extends { readonly method: string; readonly request: SolveRequest }>(candidates: readonly T[], registry: readonly RegistryLine<SolveMethod>[]): Promise<{ readonly chosen: T; readonly passed: readonly Fault[] } | { readonly refused: readonly Fault[] }> {
  const passed: Fault[] = []
  for (const candidate of candidates) {
    const implementation = await registry.find(m => m.descriptor.id === candidate.method)!.load()
    const faults = implementation.check(candidate.request).filter(f => f.severity === 'error')
    if (faults.length === 0) return { chosen: candidate, passed }
    if (passed.length === 0) passed.push(...faults)
  }
  return { refused: passed }
}

/** The registry's line `auto` as a method of its own: it hands a request to the best of the other methods that takes it. */
export async function automaticMethod(others: readonly RegistryLine<SolveMethod>[]): Promise<SolveMethod> {
  const loaded = new Map<string, SolveMethod>()
  for (const { descriptor, load } of others) loaded.set(descriptor.id, await load())
  const pick = (request: SolveRequest): { readonly method?: SolveMethod; readonly request: SolveRequest; readonly faults: readonly Fault[] } => {
    let faults: readonly Fault[] | undefined
    for (const { method, options } of rankMethods(request.problem, request.libm, request.options)) {
      const own = { ...request, options: { ...options, ...request.options } }
      const found = loaded.get(method)!.check(own)
      if (found.every(f => f.severity !== 'error')) return { method: loaded.get(method)!, request: own, faults: found }
      faults ??= found
    }
    return { request, faults: faults ?? [error('unsupported-class', 'No method of this version solves this statement.', { where: { path: 'method' } })] }
  }
  return {
    check: request => pick(request).faults,
    solve(request, team, run) {
      const { method, request: own, faults } = pick(request)
      if (!method) throw new FaultError(faults)
      return method.solve(own, team, run)
    },
  }
}
