import { app } from 'electron'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from '../engine/engine'
import { builtFile, examplesFolder } from '../engine/kernels'
import { readWindowFiles } from '../server/window-files'
import { declareScheme, startDesktop } from './desktop'
import { filesInArguments } from './opened-files'
import { utilityChild } from './utility-child'

/** The desktop host: one instance, one engine in main's process, its work in utility processes. */
declareScheme()
app.enableSandbox()
if (!app.requestSingleInstanceLock()) app.quit()
else {
  const early: string[] = filesInArguments(process.argv, process.cwd())
  app.on('open-file', (event, path) => {
    event.preventDefault()
    if (desktop) desktop.openFile(path)
    else early.push(path)
  })
  let desktop: ReturnType<typeof startDesktop> | undefined
  void app.whenReady().then(() => {
    const log = (detail: string): void => appendFileSync(join(app.getPath('userData'), 'engine.log'), `${detail}\n`)
    const engine = createEngine({ host: 'desktop', spawnChild: utilityChild, examplesFolder: examplesFolder(), dataFolder: join(app.getPath('userData'), 'work'), log })
    desktop = startDesktop({
      handlers: engine.handlers,
      clientJoined: client => engine.clientJoined(client),
      clientLeft: id => engine.clientLeft(id),
      files: readWindowFiles(builtFile('renderer')),
      preload: builtFile('preload/preload.cjs'),
      reportBug: reason => log(reason instanceof Error ? reason.stack ?? reason.message : String(reason)),
    })
    const [first] = early
    if (first !== undefined) desktop.openFile(first)
    else desktop.openWindow()

    let stopped = false
    app.on('before-quit', event => {
      if (stopped) return
      event.preventDefault()
      void engine.dispose().finally(() => {
        stopped = true
        app.quit()
      })
    })
    app.on('window-all-closed', () => {
      if (process.platform !== 'darwin') app.quit()
    })
  })
}
