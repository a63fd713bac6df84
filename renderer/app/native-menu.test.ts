import { describe, expect, it } from 'vitest'
import { menuSchema, menuTemplate } from '../../electron/main/menu'
import type { Command } from './commands/command'
import { nativeMenu } from './native-menu'

const command = (change: Partial<Command>): Command => ({ id: 'file.save', title: 'Save', menu: 'File', section: 'save', enabled: true, run: () => undefined, ...change })

describe('the native menu', () => {
  it('is what the desktop host accepts, with separators between sections and without single letters as accelerators', () => {
    const menu = nativeMenu([
      command({ keys: ['Mod+S'] }),
      command({ id: 'view.grid', title: 'Grid', menu: 'View', section: 'a', keys: ['g'], checked: true }),
      command({ id: 'file.close', title: 'Close', section: 'close', keys: ['Mod+ArrowLeft'], enabled: false }),
      command({ id: 'hidden', title: 'Hidden', paletteOnly: true }),
    ])
    expect(menu.find(m => m.label === 'File')!.items).toEqual([
      { command: 'file.save', label: 'Save', enabled: true, accelerator: 'CmdOrCtrl+S' },
      'separator',
      { command: 'file.close', label: 'Close', enabled: false, accelerator: 'CmdOrCtrl+Left' },
    ])
    expect(menu.find(m => m.label === 'View')!.items).toEqual([{ command: 'view.grid', label: 'Grid', enabled: true, checked: true }])
    const parsed = menuSchema.parse(menu)
    const chosen: string[] = []
    const template = menuTemplate(parsed, 'linux', id => chosen.push(id))
    ;(template[0].submenu as { click(): void }[])[0].click()
    expect(chosen).toEqual(['file.save'])
  })
})
