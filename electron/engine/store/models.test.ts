import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Json } from '../../../shared/json'
import { exportOnnx } from '../../../shared/learning/onnx/export'
import { compile } from '../../../shared/learning/compile'
import { matMul } from '../../../shared/learning/tf'
import type { StepModel } from '../../../shared/steps/step-kind'
import { describe as describeResult } from '../file-process/arrays'
import { open, save } from '../file-process/experiments'
import { exportModel } from '../file-process/exports'
import { info } from '../file-process/info'
import { openResiduum } from '../files/residuum'
import { faultCode } from '../files/testing/fault-code'
import type { ResultRecord } from '../jobs/messages'
import { writeResult } from '../jobs/result'
import { loadLibm, readKernels } from '../kernels'
import { workspaceAt } from './workspace'

const root = mkdtempSync(join(tmpdir(), 'residuum-models-'))
afterAll(() => rmSync(root, { recursive: true }))

const program = compile((state, { x }) => ({ state, outputs: { u: matMul(x, state.k) } }), { precision: 'float64', state: { k: { shape: [2, 1], values: Float64Array.of(3, 4) } }, inputs: { x: [5, 2] }, libm: loadLibm(readKernels()) })
const bytes = exportOnnx(program, { k: [3, 4] }, { shapes: { x: ['points', 2], u: ['points', 1] } })
const record = (step: string): ResultRecord => ({ step, key: 'k', seconds: 1, backend: 'b', precision: 'float64', threads: 1, version: '1', converged: true, faults: [] })
const result = (models?: readonly StepModel[]) => ({ fields: [], arrays: [{ name: 'loss', values: Float64Array.of(1) }], metrics: {}, converged: true, faults: [], ...(models ? { models } : {}) })
const document = { format: 'residuum/1', title: 'Trained', steps: [{ id: 'pinn', kind: 'train' }] } as unknown as Json
const saved = (folder: string, target: string) => save({ workspace: folder, document, records: [record('pinn')], written: '', target })

it('a network goes with its result into the file and out of it', async () => {
  const workspace = workspaceAt(join(root, 'a'))
  writeResult(workspace, result([{ bytes }, { name: 'critic', bytes }]), record('pinn'))
  writeResult(workspace, result([{ bytes }]), record('other'))
  const described = { file: 'models/pinn.onnx', bytes: bytes.length, inputs: [{ name: 'x', type: 'double', shape: ['points', 2] }], outputs: [{ name: 'u', type: 'double', shape: ['points', 1] }], operatorSet: 17, parameters: 2, precision: 'float64' }
  expect(describeResult({ workspace: workspace.folder, step: 'pinn' }).models).toEqual([{ ...described, file: 'models/pinn.critic.onnx' }, described])
  const target = join(root, 'a.residuum')
  await saved(workspace.folder, target)
  const file = openResiduum(target)
  // Results of steps that the document does not have stay behind, their networks too.
  expect(file.members.map(({ name }) => name).filter(name => name.startsWith('models/'))).toEqual(['models/pinn.critic.onnx', 'models/pinn.onnx'])
  expect(file.provenance!.members['models/pinn.onnx']).toMatchObject({ bytes: bytes.length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(file.verify()).toEqual([])
  file.close()
  expect(info({ path: target, verify: false })).toMatchObject({ results: { pinn: { models: [{ file: 'models/pinn.critic.onnx' }, described] } } })
  const again = join(root, 'again')
  expect(open({ workspace: again, path: target })).toMatchObject({ faults: [] })
  expect(exportModel({ workspace: again, step: 'pinn' })).toEqual(Buffer.from(bytes))
  expect(faultCode(() => exportModel({ workspace: again, step: 'pinn', name: 'critc' }))).toBe('unknown-model')
  expect(faultCode(() => exportModel({ workspace: again, step: 'fd' }))).toBe('unknown-model')
  // The next result has none: nothing of the old one stays.
  writeResult(workspaceAt(again), result(), record('pinn'))
  expect(readdirSync(workspaceAt(again).models)).toEqual([])
})

it.each([['noise', Uint8Array.of(255, 255, 255)], ['nothing', new Uint8Array(0)], ['a cut file', bytes.slice(0, bytes.length / 2)]])('%s in place of a network is listed as such, never run', async (_, content) => {
  const workspace = workspaceAt(mkdtempSync(join(root, 'hostile-')))
  writeResult(workspace, result(), record('pinn'))
  mkdirSync(workspace.models)
  writeFileSync(join(workspace.models, 'pinn.onnx'), content)
  writeFileSync(join(workspace.models, 'pinn.sh'), 'not a name of the format')
  expect(describeResult({ workspace: workspace.folder, step: 'pinn' }).models).toEqual([{ file: 'models/pinn.onnx', bytes: content.length, inputs: [], outputs: [], operatorSet: 0, parameters: 0, fault: expect.stringMatching(/^This is no readable ONNX file: .*\.$/) }])
  const target = join(root, 'hostile.residuum')
  await saved(workspace.folder, target)
  expect(info({ path: target, verify: true })).toMatchObject({ faults: [], results: { pinn: { models: [{ fault: expect.any(String) }] } } })
  expect(readFileSync(join(workspace.models, 'pinn.onnx'))).toEqual(Buffer.from(content))
})
