import type { App } from '../../app/app'

/** True where the problem editor and two views beside each other would all be too narrow. */
export const isNarrow = (): boolean => (document.querySelector('.dock')?.clientWidth ?? 0) / parseFloat(getComputedStyle(document.documentElement).fontSize) < 66

/** Opens the problem editor, or brings it forward: left of the views where there is room, else in front of the last of them. */
export function openProblem(app: App): void {
  const { panels } = app.docking.store.getState()
  const last = panels.at(-1)
  const place = last === undefined ? undefined : panels.length > 1 && isNarrow() ? ({ beside: last.id, direction: 'within' } as const) : ({ edge: 'left' } as const)
  app.docking.open({ kind: 'problem' }, place, { width: Math.min(520, Math.max(340, window.innerWidth * 0.28)) })
}
