import { useApp } from './app'
import { menus, type Command } from './commands/command'
import { keysLabel } from './commands/keys'
import { mac } from './commands/use-commands'
import { Dialog } from './Dialog'

/** Every shortcut there is, from the list of commands. */
export function Shortcuts({ commands }: { readonly commands: readonly Command[] }) {
  const app = useApp()
  return (
    <Dialog title="Keyboard shortcuts" className="shortcuts" onClose={app.dialogs.close}>
      <div className="shortcut-columns">
        {menus.map(menu => {
          const shown = commands.filter(command => command.menu === menu && command.keys?.length)
          if (shown.length === 0) return null
          return (
            <section key={menu} aria-label={menu}>
              <h3>{menu}</h3>
              <dl>
                {shown.map(command => (
                  <div key={command.id}>
                    <dt>{command.title}</dt>
                    <dd>{command.keys?.map(keys => <kbd key={keys}>{keysLabel(keys, mac)}</kbd>)}</dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        })}
        <section aria-label="Fields and panels">
          <h3>Fields and panels</h3>
          <dl>
            {[
              ['Keep what is typed', 'Tab or Enter'],
              ['Take it back', 'Esc'],
              ['Next tab of a panel', 'arrow keys on its header'],
              ['Width of rail and inspector', 'arrow keys on the line between'],
            ].map(([what, keys]) => (
              <div key={what}>
                <dt>{what}</dt>
                <dd>
                  <kbd>{keys}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  )
}
