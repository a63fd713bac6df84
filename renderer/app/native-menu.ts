import { useEffect } from 'react'
import { isTextKey, menus, type Command } from './commands/command'
import type {} from './host'

/** The menu bar as data: what the desktop host builds its native menu from. Choosing an item comes back as a `command` event. */
export type NativeMenu = readonly { readonly label: string; readonly items: readonly ('separator' | NativeMenuItem)[] }[]
export interface NativeMenuItem {
  readonly command: string
  readonly label: string
  readonly accelerator?: string
  readonly enabled: boolean
  readonly checked?: boolean
}

export function nativeMenu(commands: readonly Command[]): NativeMenu {
  return menus.map(menu => {
    const own = commands.filter(command => command.menu === menu && !command.paletteOnly)
    return {
      label: menu,
      items: own.flatMap((command, i) => {
        const keys = command.keys?.find(k => !isTextKey(k))
        const item: NativeMenuItem = {
          command: command.id, label: command.title, enabled: command.enabled,
          ...(keys ? { accelerator: accelerator(keys) } : {}), ...(command.checked === undefined ? {} : { checked: command.checked }),
        }
        return i > 0 && own[i - 1].section !== command.section ? (['separator', item] as const) : [item]
      }),
    }
  })
}

/** Electron's spelling of a combination. */
const accelerator = (keys: string): string => keys.replace('Mod', 'CmdOrCtrl').replace('Arrow', '').replace(/\+ $/, '+Space')

/** Tells the desktop host of the menu whenever it changes; other hosts have no `setMenu`. */
export function useNativeMenu(commands: readonly Command[]): void {
  const text = window.residuum?.setMenu ? JSON.stringify(nativeMenu(commands)) : undefined
  useEffect(() => {
    if (text !== undefined) window.residuum?.setMenu?.(JSON.parse(text))
  }, [text])
}
