import type { ColourTable } from '../charts/colour-maps'
import type { Box, OrbitCamera, Projector, Vector } from './camera'
import type { HeightField } from './height-field'

/** How a scene is drawn, apart from its data and its camera. */
export interface SceneAppearance {
  readonly colours: ColourTable
  /** Contour levels as positions on the value scale, 0 … 1; at most 32. */
  readonly levels: readonly number[]
  /** Lines of the floor and the walls behind, as pairs of points. */
  readonly edges: readonly Vector[]
  readonly grid: readonly Vector[]
  readonly edgeColour: string
  readonly gridColour: string
  readonly background: string
}

/**
 * What a panel knows of 3-D: one renderer draws one field into one canvas, when asked and never by itself. React does not meet the library behind it.
 */
export interface FieldRenderer {
  readonly canvas: HTMLCanvasElement
  /** True where the processor draws: fewer nodes keep it fluent. */
  readonly isSoftware: boolean
  setField(field: HeightField, box: Box): void
  setAppearance(appearance: SceneAppearance): void
  setView(camera: OrbitCamera, projector: Projector): void
  resize(width: number, height: number, ratio: number): void
  /** Draws fewer triangles until set back: for what moves where the processor draws. */
  setCoarse(isCoarse: boolean): void
  /** Draws now. */
  render(): void
  dispose(): void
}
