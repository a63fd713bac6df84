import type { MenuItemConstructorOptions } from 'electron'
import { z } from 'zod'

/** The window sends its menus as data, so that one command list feeds the menu bar, the palette and the shortcuts. */
export const menuSchema = z.array(z.strictObject({
  label: z.string().max(64),
  items: z.array(z.union([
    z.literal('separator'),
    z.strictObject({ command: z.string().max(64), label: z.string().max(128), accelerator: z.string().max(64).optional(), enabled: z.boolean().optional(), checked: z.boolean().optional() }),
  ])).max(64),
})).max(16)
export type MenuData = z.infer<typeof menuSchema>

export function menuTemplate(menus: MenuData, platform: string, choose: (command: string) => void): MenuItemConstructorOptions[] {
  const own = menus.map((menu): MenuItemConstructorOptions => ({
    label: menu.label,
    submenu: menu.items.map((item): MenuItemConstructorOptions => item === 'separator' ? { type: 'separator' } : {
      label: item.label,
      // The window handles its own shortcuts; the menu only shows them.
      accelerator: item.accelerator, registerAccelerator: false,
      enabled: item.enabled ?? true,
      ...(item.checked === undefined ? {} : { type: 'checkbox' as const, checked: item.checked }),
      click: () => choose(item.command),
    }),
  }))
  return platform === 'darwin' ? [{ role: 'appMenu' }, ...own, { role: 'windowMenu' }] : own
}
