import { inflateSync } from 'node:zlib'
import { splitChunks } from '../../../shared/figures/png'
import type { PngChunk } from '../../../shared/figures/png'
import { svgMetadata } from '../../../shared/figures/svg'
import type { Json, JsonObject } from '../../../shared/json'
import { canonicalJson, isJsonObject } from '../../../shared/json'

/** What a figure was made from, embedded in its file: enough to open and draw it again. */
export interface Recipe {
  /** The figure's specification. */
  readonly figure: Json
  /** Hash of the experiment that the data came from. */
  readonly experiment: string
  /** App and libraries by name. */
  readonly versions: Readonly<Record<string, string>>
  readonly seed?: number
}

/** A recipe larger than this is none of ours. */
const mostBytes = 4 * 1024 * 1024
export const recipeFileName = 'residuum-recipe.json'
const keyword = 'residuum'

export const recipeText = (recipe: Recipe): string => canonicalJson({ format: 'residuum-figure/1', ...recipe } as unknown as JsonObject)

/** PNG text chunk (iTXt, uncompressed UTF-8). */
export function recipeChunk(text: string): PngChunk {
  const head = new Uint8Array(keyword.length + 5)
  for (let i = 0; i < keyword.length; i++) head[i] = keyword.charCodeAt(i)
  const body = new TextEncoder().encode(text)
  const bytes = new Uint8Array(head.length + body.length)
  bytes.set(head)
  bytes.set(body, head.length)
  return { type: 'iTXt', bytes }
}

/** The recipe in the bytes of a PDF, SVG or PNG that was drawn here; undefined when there is none. The file is foreign: nothing in it is trusted. */
export function readRecipe(bytes: Uint8Array): Recipe | undefined {
  const text = fromPng(bytes) ?? fromPdf(bytes) ?? fromSvg(bytes)
  if (text === undefined) return undefined
  try {
    const json = JSON.parse(text) as Json
    if (!isJsonObject(json) || json.format !== 'residuum-figure/1' || json.figure === undefined || typeof json.experiment !== 'string' || !isJsonObject(json.versions)) return undefined
    const { figure, experiment, versions, seed } = json
    return { figure, experiment, versions: versions as Record<string, string>, ...(typeof seed === 'number' ? { seed } : {}) }
  } catch {
    return undefined
  }
}

function fromPng(bytes: Uint8Array): string | undefined {
  const chunk = splitChunks(bytes)?.find(({ type, bytes: body }) => type === 'iTXt' && new TextDecoder('latin1').decode(body.subarray(0, keyword.length + 1)) === `${keyword}\0`)
  return chunk && chunk.bytes.length <= mostBytes ? new TextDecoder().decode(chunk.bytes.subarray(keyword.length + 5)) : undefined
}

function fromSvg(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder().decode(bytes.subarray(0, mostBytes))
  return head.includes('<svg') ? svgMetadata(head) : undefined
}

/** The embedded file of a PDF as pdfkit writes it: dictionary, then the deflated stream. */
function fromPdf(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.subarray(0, 5).toString('latin1') !== '%PDF-') return undefined
  const object = file.indexOf('/Type /EmbeddedFile')
  const stream = file.indexOf('stream', object)
  if (object < 0 || stream < 0) return undefined
  const dictionary = file.subarray(object, stream).toString('latin1')
  const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1])
  const begin = stream + (file[stream + 6] === 13 ? 8 : 7)
  if (!Number.isSafeInteger(length) || length > mostBytes || begin + length > file.length) return undefined
  const data = file.subarray(begin, begin + length)
  try {
    return (dictionary.includes('/FlateDecode') ? inflateSync(data, { maxOutputLength: mostBytes }) : data).toString('utf8')
  } catch {
    return undefined
  }
}
