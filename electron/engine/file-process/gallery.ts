import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Json } from '../../../shared/json'
import { isJsonObject } from '../../../shared/json'
import type { GalleryItem } from '../../../shared/protocol/contract'
import { parseJson } from '../files/json-parse'
import { openResiduum } from '../files/residuum'
import type { FileMethods } from './methods'

/** What the gallery shows, in its order, with a line for each card. A folder without this list is shown whole. */
const listFile = 'gallery.json'
const listSchema = z.object({ gallery: z.array(z.object({ example: z.string(), summary: z.string() })) })

/** The examples: each a document, with its saved results where they are there. */
export const gallery: FileMethods['gallery'] = ({ folder }) => {
  if (!existsSync(folder)) return []
  const list = existsSync(join(folder, listFile)) ? listSchema.parse(JSON.parse(readFileSync(join(folder, listFile), 'utf8'))).gallery : []
  const summaries = new Map(list.map(({ example, summary }) => [example, summary]))
  const present = readdirSync(folder).filter(name => name !== listFile && /^[\w-]+\.(json|residuum)$/.test(name)).map(name => name.replace(/\.[^.]*$/, '')).sort()
  const names = list.length > 0 ? list.map(({ example }) => example) : [...new Set(present)]
  return names.flatMap(name => {
    const found = item(folder, name)
    return found ? [{ ...found, summary: summaries.get(name) ?? found.summary }] : []
  })
}

function item(folder: string, example: string): GalleryItem | undefined {
  const packed = join(folder, `${example}.residuum`)
  try {
    if (!existsSync(packed)) return { example, hasResults: false, ...words(parseJson(readFileSync(join(folder, `${example}.json`)))) }
    const file = openResiduum(packed)
    try {
      const thumbnail = file.members.some(({ name }) => name === 'thumbnail.png') ? { thumbnail: file.read('thumbnail.png') } : {}
      return { example, hasResults: file.members.some(({ parsed }) => parsed.kind === 'metrics'), ...words(file.document), ...thumbnail }
    } finally {
      file.close()
    }
  } catch {
    // A broken example is missed in the gallery's test, not by the user at every start.
    return undefined
  }
}

function words(document: Json): { title: string; summary: string } {
  const text = (key: string): string => (isJsonObject(document) && typeof document[key] === 'string' ? document[key] : '')
  return { title: text('title'), summary: text('notes').split('\n')[0] }
}
