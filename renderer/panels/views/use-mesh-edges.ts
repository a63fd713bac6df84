import { useEffect, useState } from 'react'
import type { Results } from '../../../shared/protocol/contract'
import type { FieldSource } from './use-field'

export type MeshEdges = Results['mesh.edges']

/** The edges of a field's mesh, read when they are wanted; undefined on a grid and until they are there. */
export function useMeshEdges({ client, experiment, step, array, live }: FieldSource, wanted: boolean): MeshEdges | undefined {
  const [read, setRead] = useState<{ readonly result: unknown; readonly array: string; readonly edges: MeshEdges }>()
  const { result } = step
  const asked = wanted && !live && array.mesh?.dimension === 2
  useEffect(() => {
    if (!asked || !result) return
    let current = true
    client.call('mesh.edges', { experiment, ref: { step: step.id, array: array.name } }).then(
      edges => current && setRead({ result, array: array.name, edges }),
      () => undefined,
    )
    return () => void (current = false)
  }, [client, experiment, step.id, array.name, result, asked])
  return asked && read?.result === result && read?.array === array.name ? read.edges : undefined
}
