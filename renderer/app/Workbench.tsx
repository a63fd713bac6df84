import { useStore } from 'zustand'
import { Centre } from '../panels/docking/Centre'
import { Inspector } from '../panels/inspector/Inspector'
import { Rail } from '../panels/rail/Rail'
import { useApp } from './app'
import { Splitter } from './Splitter'

/** Rail, docked views, inspector. */
export function Workbench() {
  const { layout } = useApp()
  const { railShown, railWidth, inspectorShown, inspectorWidth } = useStore(layout)
  return (
    <main className="workbench">
      {railShown && (
        <>
          <Rail />
          <Splitter label="Width of the list of steps" value={railWidth} least={200} most={480} onChange={railWidth => layout.setState({ railWidth })} />
        </>
      )}
      <Centre />
      {inspectorShown && (
        <>
          <Splitter label="Width of the inspector" value={inspectorWidth} least={240} most={560} reversed onChange={inspectorWidth => layout.setState({ inspectorWidth })} />
          <Inspector />
        </>
      )}
    </main>
  )
}
