import type { Locator } from '@playwright/test'

export interface PixelStatistics {
  readonly width: number
  readonly height: number
  /** Colours that differ by more than a thirty-second of the range in some channel. */
  readonly colours: number
  /** Share of the pixels that have the most frequent colour: 1 for a blank picture. */
  readonly background: number
  /** Shares of pixels that are clearly red and clearly blue. */
  readonly red: number
  readonly blue: number
}

/** What is really on the screen there: a screenshot of the element, decoded and counted. */
export async function pixelsOf(element: Locator): Promise<PixelStatistics> {
  const picture = (await element.screenshot()).toString('base64')
  return element.page().evaluate(async encoded => {
    const bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
    const context = canvas.getContext('2d')!
    context.drawImage(bitmap, 0, 0)
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
    const counts = new Map<number, number>()
    let red = 0
    let blue = 0
    for (let i = 0; i < data.length; i += 4) {
      const colour = ((data[i] >> 3) << 10) | ((data[i + 1] >> 3) << 5) | (data[i + 2] >> 3)
      counts.set(colour, (counts.get(colour) ?? 0) + 1)
      if (data[i] > data[i + 2] + 60) red++
      if (data[i + 2] > data[i] + 60) blue++
    }
    const all = data.length / 4
    return { width: bitmap.width, height: bitmap.height, colours: counts.size, background: Math.max(...counts.values()) / all, red: red / all, blue: blue / all }
  }, picture)
}
