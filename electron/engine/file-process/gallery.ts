import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { FaultError, error } from '../../../shared/fault'
import type { Json } from '../../../shared/json'
import { isJsonArray, isJsonObject } from '../../../shared/json'
import { problems } from '../../../shared/problems/catalogue/index'
import { problemClasses } from '../../../shared/problems/catalogue/problem'
import type { GalleryItem } from '../../../shared/protocol/contract'
import { parseJson } from '../files/json-parse'
import { openResiduum } from '../files/residuum'
import type { FileMethods } from './methods'

/** What the gallery shows, in its order, with a line for each card and perhaps the class it stands under. A folder without this list is shown whole. */
const listFile = 'gallery.json'
const listSchema = z.object({ gallery: z.array(z.object({ example: z.string(), summary: z.string(), group: z.string().optional() })) })

/** The examples: each a document, with its saved results where they are there. One that cannot be read says so on its card. */
export const gallery: FileMethods['gallery'] = ({ folder }) => {
  if (!existsSync(folder)) return []
  const list = existsSync(join(folder, listFile)) ? listSchema.parse(JSON.parse(readFileSync(join(folder, listFile), 'utf8'))).gallery : []
  const listed = new Map(list.map(entry => [entry.example, entry]))
  const present = readdirSync(folder).filter(name => name !== listFile && /^[\w-]+\.(json|residuum)$/.test(name)).map(name => name.replace(/\.[^.]*$/, '')).sort()
  const names = list.length > 0 ? list.map(({ example }) => example) : [...new Set(present)]
  return names.map(name => {
    const found = item(folder, name)
    const { summary, group } = listed.get(name) ?? {}
    return { ...found, ...(summary === undefined ? {} : { summary }), ...(group === undefined ? {} : { group }) }
  })
}

/** The picture in an example's file. Fault: unknown-example. */
export const galleryPicture: FileMethods['galleryPicture'] = ({ folder, example }) => {
  if (!/^[\w-]+$/.test(example)) throw new FaultError(error('unknown-example', 'There is no such example.'))
  const packed = join(folder, `${example}.residuum`)
  if (!existsSync(packed)) return undefined
  const file = openResiduum(packed)
  try {
    return file.members.some(({ name }) => name === 'thumbnail.png') ? file.read('thumbnail.png') : undefined
  } finally {
    file.close()
  }
}

function item(folder: string, example: string): GalleryItem {
  const packed = join(folder, `${example}.residuum`)
  try {
    if (!existsSync(packed)) return { example, hasResults: false, ...words(parseJson(readFileSync(join(folder, `${example}.json`)))) }
    const file = openResiduum(packed)
    try {
      return { example, hasResults: file.members.some(({ parsed }) => parsed.kind === 'metrics'), ...words(file.document) }
    } finally {
      file.close()
    }
  } catch (reason) {
    return { example, title: example, summary: '', hasResults: false, fault: reason instanceof FaultError ? reason.faults[0].message : 'The example cannot be read.' }
  }
}

function words(document: Json): Pick<GalleryItem, 'title' | 'summary' | 'group' | 'words'> {
  const text = (key: string): string => (isJsonObject(document) && typeof document[key] === 'string' ? document[key] : '')
  const problem = isJsonObject(document) && isJsonObject(document.problem) ? document.problem : undefined
  const entry = problems.find(({ descriptor }) => descriptor.id === problem?.catalogue)?.descriptor
  const group = entry?.supports?.find(tag => (problemClasses as readonly string[]).includes(tag))
  const methods = isJsonObject(document) && isJsonArray(document.steps) ? document.steps.filter(isJsonObject).flatMap(step => [step.kind, step.method]).filter((word): word is string => typeof word === 'string') : []
  const found = [...new Set([...(entry ? [entry.name, entry.summary, ...(entry.supports ?? [])] : []), ...methods])]
  return { title: text('title'), summary: text('notes').split('\n')[0], ...(group ? { group } : {}), ...(found.length > 0 ? { words: found } : {}) }
}
