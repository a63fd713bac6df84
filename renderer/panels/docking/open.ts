import type { App } from '../../app/app'

/** Opens the problem editor left of everything, or brings it forward. */
export function openProblem(app: App): void {
  const first = app.docking.store.getState().panels[0]
  app.docking.open({ kind: 'problem' }, first ? { edge: 'left' } : undefined, { width: Math.min(480, Math.max(340, window.innerWidth * 0.28)) })
}
