import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FaultError, error, nearestName } from '../../../shared/fault'
import { describeOnnx } from '../../../shared/learning/onnx/describe'
import type { ModelInfo } from '../../../shared/protocol/contract'
import type { StepModel } from '../../../shared/steps/step-kind'
import { atomicWrite } from '../files/atomic-write'
import { parseResiduumName, residuumPath } from '../files/residuum-names'
import type { Workspace } from './workspace'

/** The networks of one step, by file name in `models/`. */
export function modelFiles(workspace: Workspace, step: string): readonly { readonly file: string; readonly name?: string; readonly path: string }[] {
  if (!existsSync(workspace.models)) return []
  return readdirSync(workspace.models).sort().flatMap(entry => {
    const parsed = parseResiduumName(`models/${entry}`)
    if (parsed?.kind !== 'model' || parsed.step !== step) return []
    return [{ file: residuumPath(parsed), path: join(workspace.models, entry), ...(parsed.model === undefined ? {} : { name: parsed.model }) }]
  })
}

export function removeModels(workspace: Workspace, step: string): void {
  for (const { path } of modelFiles(workspace, step)) rmSync(path, { force: true })
}

export function writeModels(workspace: Workspace, step: string, models: readonly StepModel[]): void {
  if (models.length === 0) return
  mkdirSync(workspace.models, { recursive: true })
  for (const { name, bytes } of models) {
    const path = residuumPath({ kind: 'model', step, ...(name === undefined ? {} : { model: name }) })
    if (parseResiduumName(path) === undefined) throw new Error(`model name ${name} cannot be stored`)
    atomicWrite(join(workspace.folder, path), bytes)
  }
}

/** What a model says of itself. A file from elsewhere may hold anything: what cannot be read is listed with its fault. */
export function modelInfo(file: string, bytes: Uint8Array): ModelInfo {
  try {
    const { inputs, outputs, operatorSet, parameters } = describeOnnx(bytes)
    const ports = (list: typeof inputs) => list.map(({ name, elementType, shape }) => ({ name: name.slice(0, 200), type: elementType, shape }))
    const precision = outputs[0]?.elementType
    return { file, bytes: bytes.length, inputs: ports(inputs), outputs: ports(outputs), operatorSet, parameters, ...(precision === 'double' ? { precision: 'float64' } : precision === 'float' ? { precision: 'float32' } : {}) }
  } catch (reason) {
    if (!(reason instanceof FaultError)) throw reason
    return { file, bytes: bytes.length, inputs: [], outputs: [], operatorSet: 0, parameters: 0, fault: reason.faults[0].message }
  }
}

/** Models in `models/` that are larger are listed without being read. */
const mostBytes = 2 ** 31 - 1

export const modelsOf = (workspace: Workspace, step: string): ModelInfo[] => modelFiles(workspace, step).map(({ file, path }) => {
  const { size } = statSync(path)
  return size > mostBytes ? { file, bytes: size, inputs: [], outputs: [], operatorSet: 0, parameters: 0, fault: 'The file is larger than 2 GiB.' } : modelInfo(file, readFileSync(path))
})

/** The bytes of one model, to be written elsewhere: as they are. Fault: unknown-model. */
export function modelBytes(workspace: Workspace, step: string, name: string | undefined): Uint8Array {
  const found = modelFiles(workspace, step)
  const wanted = found.find(model => model.name === name)
  if (wanted) return readFileSync(wanted.path)
  const names = found.map(model => model.name ?? step)
  const near = name === undefined ? undefined : nearestName(name, names)
  throw new FaultError(error('unknown-model', name === undefined ? `The result of ${step} holds no network.` : `The result of ${step} has no model "${name}".`, {
    tip: near ? `Did you mean "${near}"?` : names.length > 0 ? `It has ${names.join(', ')}.` : 'Compute a train step; its network is kept with the result.',
  }))
}
