import { Menubar } from 'radix-ui'
import { menus, type Command } from './commands/command'
import { ariaKeys, keysLabel } from './commands/keys'
import { mac } from './commands/use-commands'

/** The in-window menu bar of hosts without a native one. */
export function MenuBar({ commands }: { readonly commands: readonly Command[] }) {
  return (
    <Menubar.Root className="menubar" aria-label="Menu bar">
      {menus.map(menu => (
        <Menubar.Menu key={menu}>
          <Menubar.Trigger className="menubar-item">{menu}</Menubar.Trigger>
          <Menubar.Portal container={document.querySelector('.topbar')}>
            <Menubar.Content className="menu" align="start" sideOffset={4}>
              <MenuItems commands={commands.filter(command => command.menu === menu && !command.paletteOnly)} />
            </Menubar.Content>
          </Menubar.Portal>
        </Menubar.Menu>
      ))}
    </Menubar.Root>
  )
}

function MenuItems({ commands }: { readonly commands: readonly Command[] }) {
  const checks = commands.some(command => command.checked !== undefined)
  return commands.map((command, i) => {
    const inside = (
      <>
        {checks && <span className="mark">{command.checked ? '✓' : ''}</span>}
        <span>{command.title}</span>
        {command.keys?.[0] && <kbd>{keysLabel(command.keys[0], mac)}</kbd>}
      </>
    )
    const common = { disabled: !command.enabled, onSelect: () => void command.run(), ...(command.keys?.[0] ? { 'aria-keyshortcuts': ariaKeys(command.keys[0], mac) } : {}) }
    return (
      <span key={command.id} role="none">
        {i > 0 && commands[i - 1].section !== command.section && <Menubar.Separator />}
        {command.checked === undefined ? (
          <Menubar.Item {...common}>{inside}</Menubar.Item>
        ) : (
          <Menubar.CheckboxItem {...common} checked={command.checked}>
            {inside}
          </Menubar.CheckboxItem>
        )}
      </span>
    )
  })
}
