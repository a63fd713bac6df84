import { useEffect, useMemo } from 'react'
import { useStore } from 'zustand'
import type { App } from '../app'
import { isFieldKey, isTextKey, type Command } from './command'
import { isMac, matchesKeys } from './keys'
import { commandList } from './list'

export const mac = isMac(navigator.platform)

/** The list of commands, made anew when something changes on which it depends. */
export function useCommands(app: App): readonly Command[] {
  const session = useStore(app.session.store)
  const layout = useStore(app.layout)
  const theme = useStore(app.theme)
  const dock = useStore(app.docking.store)
  // The stores are read inside; their states stand here for "something changed".
  // eslint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => commandList(app), [app, session, layout, theme, dock])
}

/** The command that a key press means, if any: dialogs keep their keys, text fields keep theirs. */
export function commandFor(commands: readonly Command[], event: KeyboardEvent): Command | undefined {
  if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return undefined
  const target = event.target instanceof HTMLElement ? event.target : undefined
  const inField = target?.closest('input:not([type="checkbox"]), textarea, select, [contenteditable="true"]') !== null && target !== undefined
  const inMenu = target?.closest('[role="menu"], [role="menubar"]')
  return commands.find(command =>
    command.enabled &&
    command.keys?.some(keys => {
      if (!matchesKeys(keys, event, mac)) return false
      if (inMenu && isTextKey(keys)) return false
      return !inField || (!isTextKey(keys) && !isFieldKey(keys))
    }),
  )
}

function belongsToView(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : document.body
  if (target === document.body) return true
  // Headers use the arrows to change tabs, and Space presses a button.
  if (!target.closest('.dock') || target.closest('[role="tab"], [role="tablist"]')) return false
  return !(event.key === ' ' && target.closest('button, a, [role="button"]'))
}

/** Shortcuts, and commands chosen in the native menu. */
export function useShortcuts(app: App, commands: readonly Command[]): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const command = commandFor(commands, event)
      if (!command) return
      // A view's keys belong to its panel: they act when the focus is in it or nowhere in particular.
      if (command.id.startsWith('view.command.') && !belongsToView(event)) return
      event.preventDefault()
      void command.run()
    }
    window.addEventListener('keydown', press)
    const off = app.client.on('command', ({ id }) => {
      const command = commands.find(c => c.id === id)
      if (command?.enabled) void command.run()
    })
    return () => {
      window.removeEventListener('keydown', press)
      off()
    }
  }, [app, commands])
}
