import { useEffect, useRef, useState, type FunctionComponent } from 'react'
import { DockviewReact, type DockviewApi, type DockviewTheme, type IDockviewHeaderActionsProps, type IDockviewPanelHeaderProps, type IDockviewPanelProps, type SerializedDockview } from 'dockview-react'
import 'dockview-react/dist/styles/dockview.css'
import './docking.css'
import { useApp } from '../../app/app'
import type { Json } from '../../../shared/json'
import { panelTitle, type DockDriver, type PanelContent } from './docking'
import { PanelBody } from './PanelBody'
import { TabLabel } from './TabLabel'
import { headerSlots } from './header-slots'

/** The only file that knows the docking library. */
const theme: DockviewTheme = { name: 'residuum', className: 'dockview-theme-residuum', dndPanelOverlay: 'group', dndTabIndicator: 'line', tabGroupIndicator: 'none' }

const contentOf = (parameters: unknown): PanelContent => (parameters as { content: PanelContent }).content

const Body: FunctionComponent<IDockviewPanelProps> = ({ api, params }) => {
  const [visible, setVisible] = useState(api.isVisible)
  useEffect(() => {
    const listening = api.onDidVisibilityChange(event => setVisible(event.isVisible))
    return () => listening.dispose()
  }, [api])
  return <PanelBody id={api.id} content={contentOf(params)} visible={visible} />
}

const Tab: FunctionComponent<IDockviewPanelHeaderProps> = ({ api, params }) => <TabLabel id={api.id} content={contentOf(params)} onClose={() => api.close()} />

/** The right of a group's header: the active panel renders its switches there. */
const Actions: FunctionComponent<IDockviewHeaderActionsProps> = ({ activePanel }) => {
  const slot = useRef<HTMLDivElement>(null)
  const id = activePanel?.id
  useEffect(() => {
    if (id === undefined) return
    headerSlots.getState().set(id, slot.current)
    return () => headerSlots.getState().set(id, null)
  }, [id])
  return <div key={id} ref={slot} className="header-slot" />
}

export function Dock() {
  const { docking } = useApp()
  const disposal = useRef<() => void>(undefined)
  useEffect(
    () => () => {
      disposal.current?.()
      docking.attach(undefined)
    },
    [docking],
  )
  const ready = (api: DockviewApi): void => {
    const publish = (): void =>
      docking.store.setState({
        panels: api.panels.map(panel => ({ id: panel.id, content: contentOf(panel.params) })),
        active: api.activePanel?.id,
        maximized: api.hasMaximizedGroup(),
      })
    const listening = [api.onDidLayoutChange(publish), api.onDidActivePanelChange(publish), api.onDidAddPanel(publish), api.onDidRemovePanel(publish), api.onDidMaximizedGroupChange(publish)]
    disposal.current = () => listening.forEach(listener => listener.dispose())
    const driver: DockDriver = {
      add(id, title, content, place, size) {
        const position =
          place === undefined ? undefined : 'edge' in place ? { direction: place.edge } : { referencePanel: place.beside, direction: place.direction }
        api.addPanel({ id, component: 'panel', tabComponent: 'tab', title, params: { content }, position, initialWidth: size?.width, initialHeight: size?.height, minimumWidth: 220, minimumHeight: 140 })
        publish()
      },
      remove: id => {
        const panel = api.getPanel(id)
        if (panel) api.removePanel(panel)
      },
      focus: id => api.getPanel(id)?.api.setActive(),
      update: (id, content) => {
        api.getPanel(id)?.api.updateParameters({ content })
        api.getPanel(id)?.api.setTitle(panelTitle(content))
        publish()
      },
      clear: () => api.clear(),
      toJson: () => api.toJSON() as unknown as Json,
      fromJson: layout => {
        api.fromJSON(layout as unknown as SerializedDockview)
        publish()
      },
      move: (id, direction) => {
        const panel = api.getPanel(id)
        if (!panel) return
        if (panel.group.panels.length > 1) panel.api.moveTo({ group: panel.group, position: direction })
        else {
          const next = api.adjacentGroupInDirection(panel.group, ({ left: 'left', right: 'right', top: 'up', bottom: 'down' } as const)[direction])
          const target = next && api.groups.find(group => group.id === next.id)
          if (target) panel.api.moveTo({ group: target, position: 'center' })
        }
      },
      maximize: id => {
        const panel = api.getPanel(id)
        if (api.hasMaximizedGroup()) api.exitMaximizedGroup()
        else if (panel) api.maximizeGroup(panel)
      },
    }
    docking.attach(driver)
    publish()
  }
  return (
    <DockviewReact
      className="dock"
      theme={theme}
      components={{ panel: Body }}
      tabComponents={{ tab: Tab }}
      rightHeaderActionsComponent={Actions}
      watermarkComponent={() => null}
      onReady={event => ready(event.api)}
      disableFloatingGroups
      scrollbars="native"
    />
  )
}
