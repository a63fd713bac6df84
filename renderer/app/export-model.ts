import type { App } from './app'
import { downloadBytes } from './files'

/** Saves what the engine wrote: where the user says, or among the downloads. */
export async function saveExported(app: App, file: { readonly name: string; readonly bytes: Uint8Array }, kind: 'npy' | 'csv' | 'vti' | 'onnx'): Promise<void> {
  if (!app.info.capabilities.includes('native-dialogs')) return downloadBytes(file.name, file.bytes, 'application/octet-stream')
  const chosen = await app.attempt(() => app.client.call('dialog.save', { suggestedName: file.name, kind }))
  if (chosen) await app.attempt(() => app.client.call('file.write', { path: chosen.path, bytes: file.bytes }))
}

/** A network of a step's result as a file for other programs; `file` is its name in the result, the only one where it is left out. */
export async function exportModel(app: App, step: string, file?: string): Promise<void> {
  const { snapshot } = app.session.store.getState()
  if (!snapshot) return
  const name = file?.slice(0, -'.onnx'.length).split('.')[1]
  const written = await app.attempt(() => app.client.call('model.export', { experiment: snapshot.experiment, step, ...(name === undefined ? {} : { name }) }))
  if (written) await saveExported(app, written, 'onnx')
}
