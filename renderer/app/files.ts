import type { Snapshot } from '../../shared/protocol/contract'
import { FaultError } from '../../shared/fault'
import type { App } from './app'
import { faultsOf } from './session'

export const hasNativeDialogs = (app: App): boolean => app.info.capabilities.includes('native-dialogs')

/** True when the open experiment may be left: nothing unsaved, saved just now, or the user gives it up. */
export async function mayLeave(app: App): Promise<boolean> {
  // An edit that the engine has not confirmed yet does not show in the snapshot.
  await app.session.settled()
  const { snapshot } = app.session.store.getState()
  if (!snapshot?.dirty || snapshot.readOnly) return true
  const answer = await app.dialogs.ask({
    title: `Save the changes to “${snapshot.document.title}”?`,
    text: 'Changes and results that are not saved are lost when the experiment closes.',
    answers: [
      { id: 'discard', label: 'Don’t save', style: 'danger' },
      { id: 'cancel', label: 'Cancel' },
      { id: 'save', label: 'Save', style: 'primary' },
    ],
  })
  if (answer === 'save') return (await save(app)) !== undefined
  return answer === 'discard'
}

async function opened(app: App, source: Parameters<App['session']['open']>[0], label: string): Promise<Snapshot | undefined> {
  commitField()
  if (!(await mayLeave(app))) return undefined
  return app.attempt(() => app.session.open(source, label))
}

export const openExample = (app: App, example: string, title: string) => opened(app, { example }, title)
export const openPath = (app: App, path: string) => opened(app, { path }, fileName(path))
export const openUpload = async (app: App, file: File) => opened(app, { upload: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }, file.name)
export const newExperiment = (app: App) => opened(app, { blank: true }, 'New experiment')
export const recover = (app: App, id: string, title: string) => opened(app, { recover: id }, title)

/** The system's dialog where there is one, else the window's own file browser. */
export async function openFile(app: App): Promise<void> {
  if (!hasNativeDialogs(app)) return app.dialogs.show({ kind: 'open' })
  const chosen = await app.attempt(() => app.client.call('dialog.open', {}))
  if (chosen) await openPath(app, chosen.path)
}

export async function closeExperiment(app: App): Promise<void> {
  commitField()
  if (await mayLeave(app)) await app.attempt(() => app.session.close())
}

/** Resolves to the saved state, or undefined when it was not saved. */
export async function save(app: App): Promise<Snapshot | undefined> {
  commitField()
  const { snapshot } = app.session.store.getState()
  if (!snapshot) return undefined
  if (snapshot.path === undefined) return saveAs(app)
  return saveTo(app, undefined)
}

export async function saveAs(app: App): Promise<Snapshot | undefined> {
  commitField()
  const { snapshot } = app.session.store.getState()
  if (!snapshot) return undefined
  if (!hasNativeDialogs(app)) {
    app.dialogs.show({ kind: 'save-as' })
    return undefined
  }
  const chosen = await app.attempt(() => app.client.call('dialog.save', { suggestedName: suggestedName(snapshot, 'residuum'), kind: 'residuum' }))
  return chosen && saveTo(app, chosen.path)
}

/** Asks before it overwrites a file that changed on disk since it was opened. */
export async function saveTo(app: App, path: string | undefined, overwrite = false): Promise<Snapshot | undefined> {
  try {
    const saved = await app.session.save(path, overwrite)
    app.notices.show({ severity: 'done', message: `Saved as ${saved.path ? fileName(saved.path) : saved.name}.` })
    return saved
  } catch (reason) {
    const changed = reason instanceof FaultError && reason.faults.some(fault => ['changed-on-disk', 'file-exists', 'exists'].includes(fault.code))
    if (!changed || overwrite) {
      app.notices.faults(faultsOf(reason))
      return undefined
    }
    const answer = await app.dialogs.ask({
      title: 'Overwrite the file?',
      text: faultsOf(reason)[0].message,
      answers: [
        { id: 'cancel', label: 'Cancel' },
        { id: 'overwrite', label: 'Overwrite', style: 'danger' },
      ],
    })
    return answer === 'overwrite' ? saveTo(app, path, true) : undefined
  }
}

export async function download(app: App): Promise<void> {
  commitField()
  const { snapshot } = app.session.store.getState()
  if (!snapshot) return
  await app.session.settled()
  const file = await app.attempt(() => app.client.call('experiment.download', { experiment: snapshot.experiment }))
  if (file) downloadBytes(file.name, file.bytes, 'application/zip')
}

export function downloadBytes(name: string, bytes: Uint8Array, type: string): void {
  const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }))
  const anchor = document.createElement('a')
  anchor.href = address
  anchor.download = name
  anchor.click()
  // The browser has taken the blob by the next task; a long pause costs nothing and covers slow disks.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

export const fileName = (path: string): string => path.split(/[\\/]/).pop() || path

export function suggestedName(snapshot: Snapshot, extension: string): string {
  const base = snapshot.document.title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').toLowerCase()
  return `${base || 'experiment'}.${extension}`
}

/** A field commits what is typed when it loses focus: commands that act on the document take focus away first. */
export function commitField(): void {
  const field = document.activeElement
  if (field instanceof HTMLElement && field.matches('input, textarea, [contenteditable="true"]')) field.blur()
}
