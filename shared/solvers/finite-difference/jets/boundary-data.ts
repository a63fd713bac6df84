import { differentiate, freeNames, simplify } from '../../../expressions'
import type { Expression } from '../../../expressions/ast'
import { error, FaultError } from '../../../fault'
import { axisNames } from '../../../fields/field'
import type { Team } from '../../../kernels/team'
import type { BoundaryPiece } from '../../../problems/analysed'
import { createPointwise } from '../../time/pointwise'
import { pointText } from '../../multigrid/sample'
import type { BoundaryData, Coupling } from './interface'
import type { Place } from './shapes'

/** Collects the numbers g/divisor that boundary conditions contribute, each point of each piece once. */
export interface SlotTable {
  add(piece: BoundaryPiece, place: Place, divisor: number): number
  /** Adds factor · component(node) to a slot, once for each component. */
  couple(coupling: Coupling): void
  readonly couplings: readonly Coupling[]
  /** Slots in order of their making. Arrays live in the team's arena. */
  finish(team: Team, dimensions: number): BoundaryData
}

interface Group {
  readonly piece: BoundaryPiece
  readonly places: Place[]
  readonly slots: number[]
  readonly divisors: number[]
  readonly known: Map<string, number>
}

export function createSlotTable(): SlotTable {
  const groups = new Map<BoundaryPiece, Group>()
  const couplings = new Map<string, Coupling>()
  let slots = 0
  return {
    couple: coupling => void couplings.set(`${coupling.slot} ${coupling.component}`, coupling),
    get couplings() {
      return [...couplings.values()]
    },
    add(piece, place, divisor) {
      const group: Group = groups.get(piece) ?? { piece, places: [], slots: [], divisors: [], known: new Map() }
      groups.set(piece, group)
      const key = place.join(' ')
      const before = group.known.get(key)
      if (before !== undefined) return before
      group.known.set(key, slots)
      group.places.push(place)
      group.slots.push(slots)
      group.divisors.push(divisor)
      return slots++
    },
    finish: (team, dimensions) => boundaryData([...groups.values()], slots, team, dimensions),
  }
}

function boundaryData(groups: readonly Group[], slots: number, team: Team, dimensions: number): BoundaryData {
  const { arena } = team
  const values = arena.f64(Math.max(1, slots))
  const rates = arena.f64(Math.max(1, slots))
  const zero = (e: Expression): boolean => e.kind === 'number' && e.value === 0
  const moving = groups.filter(({ piece }) => !zero(piece.data)).map(({ piece, places, slots: targets, divisors }) => {
    const rate = simplify(differentiate(piece.data, 't'))
    const used = new Set([...freeNames(piece.data).keys(), ...freeNames(rate).keys()])
    const inputs = Object.fromEntries(axisNames.flatMap((name, a) => (used.has(name) ? [[name, arena.from(places.map(p => p[a])).pointer]] : [])))
    const [data, slope] = [arena.f64(places.length), arena.f64(places.length)]
    const program = createPointwise(team, [piece.data, rate], inputs, ['t'], [data.pointer, slope.pointer])
    return { piece, places, targets, divisors, data, slope, program, varies: used.has('t') }
  })
  const timeDependent = moving.some(({ varies }) => varies)
  let known: number | undefined
  return {
    slots, values, rates, timeDependent,
    update(time) {
      if (known === time || (known !== undefined && !timeDependent)) return
      const first = known === undefined
      known = time
      const [v, r] = [values.view(), rates.view()]
      for (const { piece, places, targets, divisors, data, slope, program, varies } of moving) {
        if (!first && !varies) continue
        program.run(0, places.length, [time])
        const [g, dg] = [data.view(), slope.view()]
        for (let i = 0; i < places.length; i++) {
          if (!Number.isFinite(g[i])) throw notFinite(piece, places[i], time, dimensions)
          v[targets[i]] = g[i] / divisors[i]
          r[targets[i]] = dg[i] / divisors[i]
        }
      }
    },
  }
}

function notFinite(piece: BoundaryPiece, [x, y, z]: Place, time: number, dimensions: number): FaultError {
  const moment = freeNames(piece.data).has('t') ? `, t = ${Number(time.toPrecision(6))}` : ''
  return new FaultError(error('non-finite', `The boundary value at ${pointText({ x, y, z }, dimensions)}${moment} is not a finite number.`, {
    where: { path: 'problem.boundary' }, tip: 'Check the condition for a division by zero or a root of a negative number.',
  }))
}
