import type { App } from './app'
import { receiveFile } from './imports'

/** The browser's own file chooser, for data that is read here and handed to the engine as bytes. */
export function chooseDataFile(app: App): void {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.mat,.npy,.npz,.csv,.dat'
  input.onchange = () => {
    const file = input.files?.[0]
    if (file) void receiveFile(app, file)
  }
  input.click()
}
