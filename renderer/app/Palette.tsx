import { Command as Menu } from 'cmdk'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { GalleryItem, Results } from '../../shared/protocol/contract'
import { useApp, type App } from './app'
import type { Command } from './commands/command'
import { keysLabel } from './commands/keys'
import { mac } from './commands/use-commands'
import { Dialog } from './Dialog'
import { openExample, openPath } from './files'
import { wordScore } from './word-score'

const listed = createStore<{ readonly examples: readonly GalleryItem[]; readonly recent: Results['recent.list'] }>(() => ({ examples: [], recent: [] }))

/** Asks anew what the palette offers besides commands. Done before it opens: it selects nothing among entries that arrive after the words. */
export function listFiles(app: App): void {
  if (app.info.capabilities.includes('gallery')) app.client.call('gallery.list', {}).then(examples => listed.setState({ examples }), () => undefined)
  app.client.call('recent.list', {}).then(recent => listed.setState({ recent }), () => undefined)
}

/** Every command by its words; examples and recent files too. */
export function Palette({ commands }: { readonly commands: readonly Command[] }) {
  const app = useApp()
  const { examples, recent } = useStore(listed)
  useEffect(() => listFiles(app), [app])
  const choose = (run: () => unknown) => (): void => {
    app.dialogs.close()
    // The dialog gives the focus back first; a command that moves it must come after.
    setTimeout(run, 0)
  }
  const menus = [...new Set(commands.map(command => command.menu))]
  return (
    <Dialog title="Commands" bare className="palette" onClose={app.dialogs.close}>
      <Menu label="Commands" loop filter={wordScore}>
        <Menu.Input placeholder="Type a command, a step, an example…" data-autofocus />
        <Menu.List>
          <Menu.Empty>No command has these words.</Menu.Empty>
          {menus.map(menu => (
            <Menu.Group key={menu} heading={menu}>
              {commands
                .filter(command => command.menu === menu && command.enabled && command.id !== 'view.palette')
                .map(command => (
                  <Menu.Item key={command.id} value={`${command.title} ${command.id}`} keywords={[menu, ...(command.keywords ?? [])]} onSelect={choose(() => command.run())}>
                    <span>{command.title}</span>
                    {command.checked && <span className="secondary">on</span>}
                    {command.keys?.[0] && <kbd>{keysLabel(command.keys[0], mac)}</kbd>}
                  </Menu.Item>
                ))}
            </Menu.Group>
          ))}
          {examples.length > 0 && (
            <Menu.Group heading="Examples">
              {examples.map(item => (
                <Menu.Item key={item.example} value={`Open ${item.title} ${item.example}`} keywords={['example', item.summary]} onSelect={choose(() => openExample(app, item.example, item.title))}>
                  <span>Open {item.title}</span>
                </Menu.Item>
              ))}
            </Menu.Group>
          )}
          {recent.length > 0 && (
            <Menu.Group heading="Recent files">
              {recent.map(file => (
                <Menu.Item key={file.path} value={`${file.title} ${file.path}`} keywords={['open', 'recent']} onSelect={choose(() => openPath(app, file.path))}>
                  <span>{file.title}</span>
                  <span className="secondary path">{file.path}</span>
                </Menu.Item>
              ))}
            </Menu.Group>
          )}
        </Menu.List>
      </Menu>
    </Dialog>
  )
}
