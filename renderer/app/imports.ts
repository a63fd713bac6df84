import type { ImportResult } from '../../shared/protocol/contract'
import type { App } from './app'
import { compute, shortNumber } from './computing'
import { openPath, openUpload } from './files'
import { insertEdit } from './patches'
import { freeId } from './steps'

export const experimentFile = /\.(residuum|json)$/i
export const dataFile = /\.(mat|npy|npz|csv|dat)$/i

/** What a file dropped on the window means: an experiment opens, data joins the open experiment. */
export async function receiveFile(app: App, file: File): Promise<void> {
  // Where the host knows the file's place the engine reads it there: Save goes back to it, and nothing is copied through the window.
  const path = window.residuum?.pathOf?.(file)
  if (experimentFile.test(file.name)) return void (await (path === undefined ? openUpload(app, file) : openPath(app, path)))
  if (!dataFile.test(file.name)) {
    app.notices.show({ severity: 'error', message: `${file.name} is not a file that can be opened here.`, tip: 'Experiments are .residuum or .json; data are .mat, .npy, .npz, .csv or .dat.' })
    return
  }
  await importData(app, path === undefined ? { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) } : { name: file.name, path })
}

type Choice = { readonly array: string; readonly axes: Record<string, string> }
interface Source { readonly name: string; readonly bytes?: Uint8Array; readonly path?: string }

/** Imports; asks for array and axes where the file does not say; compares with the chosen solution. */
export async function importData(app: App, source: Source, choose?: readonly Choice[]): Promise<boolean> {
  if (!app.session.store.getState().snapshot && !(await app.attempt(() => app.session.open({ blank: true, empty: true }, source.name)))) return false
  const result = await app.attempt(async (): Promise<ImportResult> => {
    await app.session.settled()
    const experiment = app.session.store.getState().snapshot!.experiment
    return app.client.call('experiment.import', { experiment, ...source, ...(choose ? { choose: [...choose] } : {}) })
  })
  if (!result) return false
  if (result.arrays && !result.steps?.length) {
    app.dialogs.show({ kind: 'import', ...source, arrays: result.arrays })
    return false
  }
  if (result.snapshot) app.session.adopt(result.snapshot)
  for (const step of result.steps ?? []) await compareWith(app, step, source.name)
  return true
}

/** Adds a comparison of the imported field with the selected (else the last) solution and computes it. */
async function compareWith(app: App, imported: string, name: string): Promise<void> {
  const { document, snapshot } = app.session.store.getState()
  if (!document || !snapshot) return
  const solutions = document.steps.filter(step => step.kind === 'solve' || step.kind === 'train')
  const solution = solutions.find(step => step.id === app.layout.getState().selectedStep) ?? solutions.at(-1)
  if (!solution) {
    app.layout.setState({ selectedStep: imported })
    app.notices.show({ severity: 'done', message: `${name} imported as step ${imported}.`, tip: 'Add a step that solves the problem to compare with it.' })
    await compute(app, [imported])
    return
  }
  const id = freeId('compare', document.steps)
  app.session.edit(insertEdit(['steps', document.steps.length], { id, kind: 'compare', a: solution.id, b: imported }))
  app.layout.setState({ selectedStep: id, inspectorTab: 'metrics', inspectorShown: true })
  await app.session.settled()
  const stop = app.session.store.subscribe(({ snapshot: now }) => {
    const step = now?.experiment === snapshot.experiment ? now.steps.find(s => s.id === id) : undefined
    if (!now || !step || step.status === 'failed' || step.status === 'cancelled') return stop()
    const difference = step.status === 'done' ? step.result : undefined
    if (!difference) return
    stop()
    app.docking.showStep(id)
    const relative = difference.metrics.relative_l2_spacetime ?? difference.metrics.relative_l2
    if (relative === undefined) return
    const notice = app.notices.show({ severity: 'done', message: `${solution.id} against ${name}: relative L² error ${shortNumber(relative)}.` })
    // A number that is no longer that of the result is taken away.
    const watch = app.session.store.subscribe(({ snapshot: later }) => {
      if (later?.experiment === snapshot.experiment && later.steps.find(s => s.id === id)?.result === difference) return
      watch()
      app.notices.dismiss(notice)
    })
  })
  await compute(app, [id])
}
