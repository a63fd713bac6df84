/** Key combinations as written in commands: `Mod+Shift+P`, `F8`, `?`. `Mod` is Command on a Mac, Control elsewhere. */

export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly shiftKey: boolean
  readonly altKey: boolean
}

export const isMac = (platform: string): boolean => /mac|darwin|iphone|ipad/i.test(platform)

export function matchesKeys(keys: string, press: KeyPress, mac: boolean): boolean {
  const parts = keys.split('+')
  // A plus itself is written `Mod++`: the split then ends in two empty parts.
  const name = keys.endsWith('++') ? '+' : parts[parts.length - 1]
  const wants = (modifier: string): boolean => parts.slice(0, -1).includes(modifier)
  const mod = wants('Mod')
  if (press.ctrlKey !== (wants('Ctrl') || (mod && !mac))) return false
  if (press.metaKey !== (mod && mac)) return false
  if (press.altKey !== wants('Alt')) return false
  // For printed characters such as `?` Shift is part of how the character is typed, not of the combination.
  const printed = name.length === 1 && name.toLowerCase() === name.toUpperCase()
  if (!printed && press.shiftKey !== wants('Shift')) return false
  return press.key.length === 1 ? press.key.toLowerCase() === name.toLowerCase() : press.key === name
}

const macSymbols: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Ctrl: '⌃' }
const names: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', ' ': 'Space', Backspace: '⌫', Delete: 'Del' }

/** As a reader knows it: `Ctrl Shift P`, `⇧⌘P`. */
export function keysLabel(keys: string, mac: boolean): string {
  const parts = keys.endsWith('++') ? [...keys.slice(0, -2).split('+'), '+'] : keys.split('+')
  const shown = parts.map(part => (mac ? macSymbols[part] : part === 'Mod' ? 'Ctrl' : undefined) ?? names[part] ?? (part.length === 1 ? part.toUpperCase() : part))
  return shown.join(mac ? '' : ' ')
}

/** For `aria-keyshortcuts`. */
export function ariaKeys(keys: string, mac: boolean): string {
  return keys.replace('Mod', mac ? 'Meta' : 'Control').replace('Ctrl', 'Control')
}
