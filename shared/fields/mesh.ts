import type { Field } from './field'

/**
 * A mesh of simplices: segments, triangles or tetrahedra. Nodes of a cell come corners first, then (degree 2) the midpoints of its edges in the order of VTK's quadratic cells:
 * triangle 01, 12, 20; tetrahedron 01, 12, 20, 03, 13, 23; segment 01. Straight cells: a midpoint is the mean of its corners.
 */
export interface Mesh {
  readonly dimension: 1 | 2 | 3
  readonly degree: 1 | 2
  /** [points, dimension], x first. */
  readonly points: Float64Array
  /** [cells, nodes per cell]. */
  readonly cells: Int32Array
}

/** Values at the nodes of a mesh: the coefficients of a continuous finite element function of the mesh's degree. C-order `[time, component, node]`. */
export interface MeshField {
  readonly name: string
  readonly mesh: Mesh
  /** Names of the components; absent on a scalar field. */
  readonly components?: readonly string[]
  readonly times?: Float64Array
  readonly values: Float64Array
}

export type AnyField = Field | MeshField
export const isMeshField = (field: AnyField): field is MeshField => 'mesh' in field

/** Corners of a cell: 2, 3, 4. */
export const cornersPerCell = (mesh: Mesh): number => mesh.dimension + 1
/** Nodes of a cell: 2, 3; 3, 6; 4, 10. */
export const nodesPerCell = ({ dimension, degree }: Pick<Mesh, 'dimension' | 'degree'>): number => (degree === 1 ? dimension + 1 : ((dimension + 1) * (dimension + 2)) / 2)
export const meshNodes = (mesh: Mesh): number => mesh.points.length / mesh.dimension
export const meshCells = (mesh: Mesh): number => mesh.cells.length / nodesPerCell(mesh)
