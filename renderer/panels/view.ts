import type { ComponentType } from 'react'
import type { StoreApi } from 'zustand/vanilla'
import type { ExperimentDocument } from '../../shared/experiment/document'
import type { DomainOutline } from '../../shared/fields/outline'
import type { Json } from '../../shared/json'
import type { ArrayInfo, EngineClient, StepState } from '../../shared/protocol/contract'

/**
 * A view is one way of looking at one array of one step: a picture, a surface, a curve. It is one folder under panels/views and one line in
 * its registry; the shell docks it, gives it a header, links it to its neighbours and remembers its options.
 */
export interface ViewDescriptor {
  /** Stable: it is written into saved layouts. */
  readonly id: string
  /** Short, as in a tab: "Picture", "Surface". */
  readonly title: string
  /** One sentence for the command palette. */
  readonly summary?: string
  /** Whether this view can show the array. */
  accepts(array: ArrayInfo, step: StepState, document: ExperimentDocument): boolean
  /** Larger is offered earlier where several views accept an array (default 0). */
  readonly rank?: number
  /** Shows all that its step has found, though not fields: nothing is opened beside it. */
  readonly isWhole?: boolean
  load(): Promise<{ readonly default: ComponentType<ViewProps> }>
  /** Commands of the view: they join the palette, the View menu and the list of shortcuts while such a view is open, and go to the active panel. */
  readonly commands?: readonly ViewCommand[]
}

export interface ViewCommand {
  readonly id: string
  readonly title: string
  /** Keys while the panel has focus, e.g. `h`, `ArrowLeft`, `Shift+p`. */
  readonly keys?: readonly string[]
}

export interface ViewProps {
  readonly client: EngineClient
  /** Id of the open experiment. */
  readonly experiment: string
  readonly document: ExperimentDocument
  /** Of a planar domain that is more than its bounding box and known in numbers: what pictures of the whole domain are clipped by. */
  readonly outline: DomainOutline | undefined
  /** The step as it stands: status, result, progress. A new object after every change; `result` keeps its identity until the result changes. */
  readonly step: StepState
  /** All steps, for views that lay fields of several steps over one another. */
  readonly steps: readonly StepState[]
  /** What to show. While a step runs for the first time, its result is not there yet: `live` is true and only frames come. */
  readonly array: ArrayInfo
  /** True while the step runs: subscribe to its frames. */
  readonly live: boolean
  /** State shared by all views of the experiment. */
  readonly linked: StoreApi<LinkedView>
  readonly theme: 'light' | 'dark'
  /** Where the view's own switches go (words, at the right of the panel's header): render them with `createPortal`. Null until the panel is on screen. */
  readonly header: HTMLElement | null
  /** The view's own options as it saved them last, kept with the layout. */
  readonly options: Json | undefined
  setOptions(options: Json): void
  /** Called with the id of a command of the descriptor. Returns the unsubscribe function. */
  onCommand(listener: (id: string) => void): () => void
  /** Opens another view of this or another array beside this one. */
  openView(view: string, step: string, array: string): void
  /** Shows another array of the step in this panel. */
  showArray(array: string, options?: Json): void
}

/** What views of one experiment share. Every field is in physical units, so that views of different grids and times agree. */
export interface LinkedView {
  /** Shown time; undefined is the last one. */
  readonly time: number | undefined
  readonly playing: boolean
  /** Probe point with the symbols of its coordinates, in the engine's order (x, y; x, t for a space–time picture): a point over (x, y) means nothing over (x, t). */
  readonly probe: { readonly axes: string; readonly at: readonly number[] } | undefined
  /** Line cut from–to in coordinates. */
  readonly cut: { readonly from: readonly number[]; readonly to: readonly number[] } | undefined
  /** Id of the colour map chosen for magnitudes; undefined leaves each view its default. */
  readonly colourMap: string | undefined
  /** Value range shared by views of the same unknown; undefined scales to the data. */
  readonly range: readonly [number, number] | undefined
}

export const initialLinkedView: LinkedView = { time: undefined, playing: false, probe: undefined, cut: undefined, colourMap: undefined, range: undefined }

/** Index of the output time nearest to `time`; the last one where `time` is undefined. */
export function timeIndexOf(times: readonly number[] | undefined, time: number | undefined): number {
  if (!times || times.length === 0) return 0
  if (time === undefined) return times.length - 1
  let best = 0
  for (let i = 1; i < times.length; i++) if (Math.abs(times[i] - time) < Math.abs(times[best] - time)) best = i
  return best
}
