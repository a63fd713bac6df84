import type { App } from '../../app/app'

/** Opens the problem editor, or brings it forward: left of the views where there is room, else in front of the last of them. */
export function openProblem(app: App): void {
  const { panels } = app.docking.store.getState()
  const room = (document.querySelector('.dock')?.clientWidth ?? 0) / parseFloat(getComputedStyle(document.documentElement).fontSize)
  const last = panels.at(-1)
  const place = last === undefined ? undefined : panels.length > 1 && room < 66 ? ({ beside: last.id, direction: 'within' } as const) : ({ edge: 'left' } as const)
  app.docking.open({ kind: 'problem' }, place, { width: Math.min(520, Math.max(340, window.innerWidth * 0.28)) })
}
