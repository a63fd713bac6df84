import { AppendedData, pointData, timeValue } from './vtk'
import type { MeshField } from '../../../shared/fields/mesh'
import { meshCells, meshNodes, nodesPerCell } from '../../../shared/fields/mesh'
import { meshFieldAt } from '../../../shared/fields/mesh-raster'

/** VTK's numbers of the cell types (vtkCellType.h): line, triangle, tetrahedron, and their quadratic forms. */
const cellTypes: Readonly<Record<1 | 2, readonly number[]>> = { 1: [3, 5, 10], 2: [21, 22, 24] }

/**
 * A field on a mesh at one of its times as VTK's unstructured grid in XML (VTK file formats, version 1.0 with 64-bit sizes), everything appended raw: what ParaView opens. Quadratic cells keep
 * their nodes: their order is VTK's.
 */
export function writeVtu(field: MeshField, timeIndex = 0): Uint8Array<ArrayBuffer> {
  const { mesh } = field
  const { dimension, degree, points, cells } = mesh
  const count = meshNodes(mesh)
  const cellCount = meshCells(mesh)
  const nodes = nodesPerCell(mesh)
  const space = new Float64Array(3 * count)
  for (let i = 0; i < count; i++) for (let a = 0; a < dimension; a++) space[3 * i + a] = points[i * dimension + a]
  const appended = new AppendedData()
  const array = (name: string, type: string, values: Float64Array | Int32Array | Uint8Array, tuple = ''): string => `        <DataArray type="${type}" Name="${name}"${tuple} format="appended" offset="${appended.add(values)}"/>\n`
  const place = array('Points', 'Float64', space, ' NumberOfComponents="3"')
  const links = array('connectivity', 'Int32', cells) + array('offsets', 'Int32', Int32Array.from({ length: cellCount }, (_, c) => (c + 1) * nodes)) + array('types', 'UInt8', new Uint8Array(cellCount).fill(cellTypes[degree][dimension - 1]))
  const values = pointData(field, c => meshFieldAt(field, timeIndex, c), appended).join('')
  return appended.file(`<?xml version="1.0"?>
<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">
  <UnstructuredGrid>
${timeValue(field.times?.[timeIndex])}    <Piece NumberOfPoints="${count}" NumberOfCells="${cellCount}">
      <Points>
${place}      </Points>
      <Cells>
${links}      </Cells>
      <PointData>
${values}      </PointData>
    </Piece>
  </UnstructuredGrid>
`)
}
