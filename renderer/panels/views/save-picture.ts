import type { EngineClient } from '../../../shared/protocol/contract'
import type { Ink } from '../../charts/ink'

/** The canvas on its background as PNG bytes. */
export async function pngOf(canvas: HTMLCanvasElement, ink: Ink): Promise<Uint8Array> {
  const flat = new OffscreenCanvas(canvas.width, canvas.height)
  const context = flat.getContext('2d')!
  context.fillStyle = ink.background
  context.fillRect(0, 0, flat.width, flat.height)
  context.drawImage(canvas, 0, 0)
  return new Uint8Array(await (await flat.convertToBlob({ type: 'image/png' })).arrayBuffer())
}

/** Saves what a canvas shows: where the system has dialogs through them, elsewhere as a download. */
export async function savePicture(client: EngineClient, canvas: HTMLCanvasElement | null, name: string, ink: Ink): Promise<void> {
  if (canvas) await saveBytes(client, `${name}.png`, 'png', await pngOf(canvas, ink), 'image/png')
}

export async function saveBytes(client: EngineClient, name: string, kind: 'png' | 'csv' | 'npy' | 'vti', bytes: Uint8Array, type: string): Promise<void> {
  const { capabilities } = await client.call('app.info', {})
  if (capabilities.includes('native-dialogs')) {
    const chosen = await client.call('dialog.save', { suggestedName: name, kind })
    if (chosen) await client.call('file.write', { path: chosen.path, bytes })
    return
  }
  const address = URL.createObjectURL(new Blob([bytes.slice()], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
