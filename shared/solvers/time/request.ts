import { selectValues } from '../../fields/components'
import type { Fault } from '../../fault'
import { FaultError } from '../../fault'
import { gridShape, gridSize, type Grid } from '../../fields/field'
import { meshNodes, type AnyField, type Mesh } from '../../fields/mesh'
import type { LiveFrame } from '../../kernels/team'
import type { AnalysedProblem } from '../../problems/analysed'

/** Where the step size comes from. */
export type StepChoice =
  /** The user's step; refused where a stability limit is exceeded. */
  | { readonly kind: 'fixed'; readonly dt: number }
  /** The largest stable step times `safety`, looked at again as the solution changes. */
  | { readonly kind: 'stable'; readonly safety: number }
  /**
   * Step doubling: local errors are kept below tolerance · dt / duration, relative to the state's norm, and steps below the stepper's stability limit. Steps are the
   * output interval halved again and again. Steps between two judgements count only once the judgement accepts them; otherwise the run goes back to the last accepted state.
   */
  | { readonly kind: 'tolerance'; readonly tolerance: number; readonly first: number }
  /** The stepper's own error estimate with a proportional–integral controller (`Stepper.embedded`): below tolerance · dt / duration or below tolerance, as the method says. */
  | { readonly kind: 'embedded'; readonly tolerance: number; readonly first: number }

/** What a stepper's `nodalValues` are. */
export interface StateOutput {
  /** Fields in order, each with its components (absent: one); every component has `nodes` values. */
  readonly fields: readonly { readonly name: string; readonly components?: readonly string[] }[]
  readonly nodes: number
  /** "x = 0.5, y = 0.25", for messages. */
  place(node: number): string
  /** A live picture of the present values; absent: none. */
  frame?(values: Float64Array, time: number): LiveFrame
}

export interface EvolveRequest {
  /** For messages. */
  readonly unknown: string
  readonly times: Float64Array
  readonly choice: StepChoice
  /** What is kept at the output times: gridOutput, meshOutput. Absent: one unknown on `grid`. */
  readonly output?: StateOutput
  readonly grid?: Grid
}

export interface Evolved {
  /** The output times that were reached; after a failure also the time of the last good state. */
  readonly times: Float64Array
  /** [time, component, node], all fields' components one after the other. */
  readonly values: Float64Array
  readonly steps: number
  /** Smallest and largest step taken. */
  readonly smallestStep: number
  readonly largestStep: number
  /** Why the run ended early. Such a result is not converged. */
  readonly failure?: Fault
}

/** A run that ended early, with what it had reached. */
export class EvolutionFault extends FaultError {
  constructor(readonly failure: Fault, readonly evolved: Evolved) {
    super(failure)
  }
}

type Fields = StateOutput['fields']
const componentNames: Readonly<Record<string, (dimension: number) => readonly string[] | undefined>> = {
  real: () => undefined, complex: () => ['re', 'im'], vector: dimension => ['x', 'y', 'z'].slice(0, dimension),
}

/** One field per declared unknown, with components where it is complex or a vector. The values of a component follow those of the one before in the order of `unknowns`. */
export const fieldsOf = ({ unknowns, axes }: Pick<AnalysedProblem, 'unknowns' | 'axes'>): Fields =>
  unknowns.map(({ name, type }) => {
    const components = componentNames[type](axes.length)
    return components ? { name, components } : { name }
  })

/** Indices of the system's components that are stored, in the order of `fieldsOf`: velocities of second-order unknowns are not. */
export const storedComponents = ({ unknowns }: Pick<AnalysedProblem, 'unknowns'>): number[] => unknowns.flatMap(unknown => [...unknown.components])

export function gridOutput(grid: Grid, fields: Fields): StateOutput {
  const shape = gridShape(grid)
  const nodes = gridSize(grid)
  return {
    fields, nodes,
    place(node) {
      let stride = 1
      return grid.axes.map((axis, a) => {
        const coordinate = axis.coordinates[Math.floor(node / stride) % shape[a]]
        stride *= shape[a]
        return `${axis.name} = ${Number(coordinate.toPrecision(6))}`
      }).join(', ')
    },
    frame: (values, time) => ({ name: fields[0].name, time, shape, values: shownValues(values, nodes, fields[0].components?.length ?? 1) }),
  }
}

/** What a live picture shows of the first field, whose components come first: its values, or their magnitude. */
const shownValues = (values: Float64Array, nodes: number, components: number): Float64Array =>
  components === 1 ? values.slice(0, nodes) : selectValues(values.subarray(0, nodes * components), nodes, components, 'magnitude')

/** @param frame a picture of nodal values on a grid; absent: no live frames */
export function meshOutput(mesh: Mesh, fields: Fields, frame?: StateOutput['frame']): StateOutput {
  return {
    fields, nodes: meshNodes(mesh),
    place: node => ['x', 'y', 'z'].slice(0, mesh.dimension).map((name, a) => `${name} = ${Number(mesh.points[node * mesh.dimension + a].toPrecision(6))}`).join(', '),
    ...(frame ? { frame } : {}),
  }
}

/** The fields of a finished (or failed) run: [time, component, node] per unknown. */
export function evolvedFields({ times, values }: Evolved, fields: Fields, on: { readonly grid: Grid } | { readonly mesh: Mesh }): AnyField[] {
  const nodes = 'grid' in on ? gridSize(on.grid) : meshNodes(on.mesh)
  const count = (field: Fields[number]): number => field.components?.length ?? 1
  const perTime = nodes * fields.reduce((n, field) => n + count(field), 0)
  let offset = 0
  return fields.map(field => {
    const length = nodes * count(field)
    const own = fields.length === 1 ? values : new Float64Array(length * times.length)
    if (fields.length > 1) for (let k = 0; k < times.length; k++) own.set(values.subarray(k * perTime + offset, k * perTime + offset + length), k * length)
    offset += length
    return { ...on, ...field, times: times.slice(), values: own }
  })
}
