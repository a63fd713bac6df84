const parts = '.topbar, .rail, .dock .dv-groupview, .inspector, .statusbar'

/** Moves the focus to the next (1) or previous (−1) part of the window: bar, steps, each panel, inspector. */
export function focusNextPart(direction: 1 | -1): void {
  const list = [...document.querySelectorAll<HTMLElement>(parts)].filter(part => part.offsetParent !== null)
  const current = list.findIndex(part => part.contains(document.activeElement))
  for (let step = 1; step <= list.length; step++) {
    const part = list[(current + direction * step + list.length * (step + 1)) % list.length]
    const target = part.querySelector<HTMLElement>('.dv-active-tab[tabindex], [data-state="active"], .step-row.selected button, button:not(:disabled), [tabindex="0"]')
    if (target) return target.focus()
  }
}
