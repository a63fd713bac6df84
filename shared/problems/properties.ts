import type { Expression } from '../expressions/ast'
import type { Libm } from '../expressions/libm'
import type { Fault } from '../fault'
import { FaultError } from '../fault'
import type { AnalysedProblem, BoundaryPiece, LinearOperator, Properties, System } from './analysed'
import { classifyElliptic } from './classify'
import type { ParsedStatement } from './parsed'
import { conservedQuantities } from './properties/conserved'
import { energyOf } from './properties/energy'
import { shortWaveGrowth } from './properties/growth'
import { linearise } from './properties/linearisation'
import { isElliptic } from './properties/principal'
import { initialStates } from './properties/states'
import { stiffness } from './properties/stiffness'
import { definiteness, symmetricSigns } from './properties/symmetry'
import type { RawSystem } from './system'

export interface Examination {
  readonly properties: Properties
  /** Why the statement cannot be solved at all. */
  readonly fault?: Fault
}

/** What the analysis finds out beyond the rows. Parts that outgrow the algebra are left undecided. */
export function analyseProperties(raw: RawSystem, system: System, initial: readonly (Expression | undefined)[], equation: AnalysedProblem['equation'], pieces: readonly BoundaryPiece[], statement: ParsedStatement, libm: Libm): Examination {
  const orderInSpace = Math.max(0, ...system.jet.map(jet => jet.along?.length ?? jet.orders[0] + jet.orders[1] + jet.orders[2]))
  const orderInTime = raw.velocityOf.some(i => i >= 0) ? 2 : statement.time ? 1 : 0
  const linearisation = linearise(raw)
  const base = { orderInSpace, orderInTime, linear: linearisation.isLinear } as const
  if (statement.time) {
    const states = attempt(() => initialStates(initial, raw, statement, libm))
    const stiff = states && attempt(() => stiffness(linearisation, states, raw, statement, libm))
    const fault = states && attempt(() => shortWaveGrowth(linearisation, states, raw, statement, libm))
    const properties: Properties = { ...base, ...(stiff ? { stiff } : {}), conserved: attempt(() => conservedQuantities(initial, linearisation, pieces, raw, statement, libm)) ?? [], energy: energyOf(undefined, pieces, linearisation, raw, statement, libm) }
    return { properties, ...(fault ? { fault } : {}) }
  }
  const elliptic = attempt(() => isElliptic(linearisation, raw, statement, libm))
  const signs = attempt(() => symmetricSigns(linearisation, raw, statement, libm))
  const operator = operatorOf(equation, raw, statement, libm)
  const definite = operator && attempt(() => definiteness(operator, pieces, statement, libm))
  const properties: Properties = {
    ...base, ...(elliptic === undefined ? {} : { elliptic }), ...(linearisation.isLinear ? { symmetric: signs !== undefined && !pieces.some(p => p.coupled) } : {}), ...(definite ? { definiteness: definite } : {}),
    conserved: [], energy: attempt(() => energyOf(signs, pieces, linearisation, raw, statement, libm)) ?? { refused: 'The statement is too large to look for an energy.' },
  }
  return { properties }
}

function operatorOf(equation: AnalysedProblem['equation'], raw: RawSystem, statement: ParsedStatement, libm: Libm): LinearOperator | undefined {
  if (equation.kind === 'elliptic' || equation.kind === 'eigen') return equation.operator
  return raw.components.length === 1 && !statement.cube && !statement.eigenvalue ? attempt(() => classifyElliptic(raw.rows[0].expression, statement, raw.jets, libm))?.operator : undefined
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (reason) {
    if (reason instanceof FaultError) return undefined
    throw reason
  }
}
