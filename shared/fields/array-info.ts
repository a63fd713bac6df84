/** What is known of a stored array without reading it. */
export interface ArrayInfo {
  readonly name: string
  /** C-order shape as in the file. */
  readonly shape: readonly number[]
  /** Present on fields: space axes in x, y, z order, and times. */
  readonly axes?: readonly { readonly name: string; readonly lower: number; readonly upper: number; readonly nodes: number; readonly periodic: boolean }[]
  readonly times?: readonly number[]
  /** Names of the components of a complex or vector field, beside the axes. */
  readonly components?: readonly string[]
  /** Present on fields on a mesh: their axes are the bounding box with the nodes of the raster that stands for them in pictures. */
  readonly mesh?: { readonly dimension: number; readonly degree: number; readonly points: number; readonly cells: number }
  /** Of an array that is no field, as an axis says it. */
  readonly title?: string
  /** What the whole numbers in it stand for. */
  readonly labels?: readonly string[]
  /** Over all components. */
  readonly minimum: number
  readonly maximum: number
}
