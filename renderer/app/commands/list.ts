import type { App } from '../app'
import { cancel, compute, isActive } from '../computing'
import { closeExperiment, download, hasNativeDialogs, newExperiment, openFile, save, saveAs } from '../files'
import { addStep, defaultOptions, duplicateStep, removeStep } from '../steps'
import { openProblem } from '../../panels/docking/open'
import { defaultChoices, viewsOf } from '../../panels/docking/default-layout'
import { views } from '../../panels/views/registry'
import { chooseDataFile } from '../choose-file'
import { focusNextPart } from '../focus-parts'
import type { Command, MenuName } from './command'

/** Every command as things stand now. Menus, palette, shortcuts and their help are made from this list and nothing else. */
export function commandList(app: App): readonly Command[] {
  const { snapshot, document } = app.session.store.getState()
  const layout = app.layout.getState()
  const { choice } = app.theme.getState()
  const dock = app.docking.store.getState()
  const open = snapshot !== undefined
  const editable = open && !snapshot.readOnly
  const selected = snapshot?.steps.find(step => step.id === layout.selectedStep)
  const active = snapshot?.steps.filter(isActive) ?? []
  const list: Command[] = []
  const add = (menu: MenuName, section: string, id: string, title: string, run: Command['run'], rest: Partial<Command> = {}): void => {
    list.push({ id, title, menu, section, enabled: true, run, ...rest })
  }

  add('File', 'open', 'file.new', 'New experiment', () => void newExperiment(app), { keys: ['Mod+Alt+N'] })
  add('File', 'open', 'file.open', 'Open…', () => void openFile(app), { keys: ['Mod+O'] })
  add('File', 'open', 'file.gallery', 'Gallery', () => void closeExperiment(app), { enabled: open, keywords: ['examples', 'home', 'start'] })
  add('File', 'save', 'file.save', 'Save', () => void save(app), { enabled: open, keys: ['Mod+S'] })
  add('File', 'save', 'file.saveAs', 'Save as…', () => void saveAs(app), { enabled: open, keys: ['Mod+Shift+S'] })
  add('File', 'save', 'file.download', 'Download .residuum', () => void download(app), { enabled: open && !hasNativeDialogs(app) })
  add('File', 'data', 'file.import', 'Import data…', () => chooseDataFile(app), { enabled: !open || editable, keywords: ['mat', 'npy', 'npz', 'csv', 'compare'] })
  add('File', 'data', 'figure.export', 'Export figure…', () => app.dialogs.show({ kind: 'figure', step: layout.selectedStep }), {
    enabled: open && snapshot.steps.some(step => step.result), keys: ['Mod+E'], keywords: ['pdf', 'svg', 'png', 'paper'],
  })
  add('File', 'close', 'file.close', 'Close experiment', () => void closeExperiment(app), { enabled: open, keys: ['Mod+Alt+W'] })

  add('Edit', 'history', 'edit.undo', snapshot?.undo ? `Undo: ${lowered(snapshot.undo)}` : 'Undo', () => void app.attempt(() => app.session.undo()), { enabled: editable && snapshot.undo !== undefined, keys: ['Mod+Z'] })
  add('Edit', 'history', 'edit.redo', snapshot?.redo ? `Redo: ${lowered(snapshot.redo)}` : 'Redo', () => void app.attempt(() => app.session.redo()), {
    enabled: editable && snapshot.redo !== undefined, keys: ['Mod+Shift+Z', 'Mod+Y'],
  })
  add('Edit', 'problem', 'problem.edit', 'Edit problem', () => openProblem(app), { enabled: open, keys: ['Mod+Alt+P'], keywords: ['statement', 'equation', 'boundary'] })
  for (const kind of app.registry.steps) {
    add('Edit', 'steps', `step.add.${kind.id}`, `Add step: ${kind.name.toLowerCase()}`, () => void (document && addStep(app, kind.id, defaultOptions(kind.id, document, app.registry))), {
      enabled: editable, paletteOnly: true, keywords: [kind.summary],
    })
  }
  add('Edit', 'steps', 'step.duplicate', 'Duplicate step', () => (selected ? duplicateStep(app, selected.id) : undefined), { enabled: editable && selected !== undefined })
  add('Edit', 'steps', 'step.remove', 'Remove step', () => (selected ? removeStep(app, selected.id) : undefined), { enabled: editable && selected !== undefined && !isActive(selected) })

  add('View', 'search', 'view.palette', 'Search commands…', () => app.dialogs.show({ kind: 'palette' }), { keys: ['Mod+Shift+P', 'Mod+K'] })
  add('View', 'panels', 'view.rail', 'Problem and steps', () => app.layout.setState({ railShown: !layout.railShown }), { enabled: open, checked: layout.railShown, keys: ['Mod+B'] })
  add('View', 'panels', 'view.inspector', 'Inspector', () => app.layout.setState({ inspectorShown: !layout.inspectorShown }), { enabled: open, checked: layout.inspectorShown, keys: ['Mod+Alt+B'] })
  add('View', 'panels', 'view.maximize', 'Enlarge the active panel', () => app.docking.toggleMaximized(), { enabled: dock.active !== undefined, checked: dock.maximized, keys: ['Mod+Alt+M'] })
  add('View', 'panels', 'view.nextPanel', 'Next part of the window', () => focusNextPart(1), { enabled: open, keys: ['F6'] })
  add('View', 'panels', 'view.previousPanel', 'Previous part of the window', () => focusNextPart(-1), { enabled: open, keys: ['Shift+F6'], paletteOnly: true })
  for (const [direction, words] of [['left', 'to the left'], ['right', 'to the right'], ['top', 'up'], ['bottom', 'down']] as const) {
    add('View', 'panels', `view.move.${direction}`, `Move the active panel ${words}`, () => app.docking.moveActive(direction), { enabled: dock.active !== undefined, paletteOnly: true })
  }
  add('View', 'panels', 'view.closePanel', 'Close the active panel', () => (dock.active === undefined ? undefined : app.docking.closePanel(dock.active)), { enabled: dock.active !== undefined })
  add('View', 'panels', 'view.resetLayout', 'Reset the layout', () => {
    app.docking.clear()
    if (selected) app.docking.showStep(selected.id)
    else app.docking.showStep('')
  }, { enabled: open })
  const shown = selected?.result ? selected : snapshot?.steps.findLast(step => step.result)
  if (shown && document) {
    const usual = new Set(defaultChoices(shown, document, views, undefined, 99).map(choice => `${choice.view.id}/${choice.array.name}`))
    for (const { view, array } of viewsOf(shown, document, views)) {
      add('View', 'views', `view.open.${view.id}.${array.name}`, `${view.title} of ${array.name} · ${shown.id}`, () => openBeside(app, view.id, shown.id, array.name), {
        paletteOnly: !usual.has(`${view.id}/${array.name}`), keywords: view.summary ? [view.summary] : [],
      })
    }
  }
  const activePanel = dock.panels.find(panel => panel.id === dock.active)?.content
  const activeView = activePanel?.kind === 'view' ? views.find(view => view.id === activePanel.view) : undefined
  for (const command of activeView?.commands ?? []) {
    add('View', 'active', `view.command.${command.id}`, command.title, () => app.docking.sendCommand(command.id), { keys: command.keys, keywords: [activeView!.title] })
  }
  for (const [id, title] of [['system', 'Theme of the system'], ['light', 'Light theme'], ['dark', 'Dark theme']] as const) {
    add('View', 'theme', `theme.${id}`, title, () => app.theme.choose(id), { checked: choice === id, keywords: ['appearance', 'colours'] })
  }

  add('Compute', 'run', 'compute.all', 'Compute', () => void compute(app), { enabled: editable && active.length === 0, keys: ['F8', 'Mod+Enter'], keywords: ['run', 'solve'] })
  add('Compute', 'run', 'compute.step', selected ? `Compute ${selected.id} only` : 'Compute the selected step', () => void compute(app, selected ? [selected.id] : undefined), {
    enabled: editable && selected !== undefined && !isActive(selected), keys: ['Shift+F8'],
  })
  add('Compute', 'run', 'compute.cancel', 'Stop', () => void cancel(app), { enabled: active.length > 0, keys: ['Shift+Escape'], keywords: ['cancel'] })
  for (const step of snapshot?.steps ?? []) {
    add('Compute', 'steps', `compute.step.${step.id}`, `Compute ${step.id}`, () => void compute(app, [step.id]), { enabled: editable && !isActive(step), paletteOnly: true })
    add('Compute', 'steps', `step.select.${step.id}`, `Go to step ${step.id}`, () => {
      app.layout.setState({ selectedStep: step.id })
      app.docking.showStep(step.id)
    }, { paletteOnly: true })
  }

  add('Help', 'help', 'help.shortcuts', 'Keyboard shortcuts', () => app.dialogs.show({ kind: 'shortcuts' }), { keys: ['?'] })
  add('Help', 'help', 'help.about', 'About Residuum', () => app.dialogs.show({ kind: 'about' }))
  return list
}

const lowered = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1)

function openBeside(app: App, view: string, step: string, array: string): void {
  const { active } = app.docking.store.getState()
  app.docking.open({ kind: 'view', view, step, array }, active === undefined ? undefined : { beside: active, direction: 'within' })
}
