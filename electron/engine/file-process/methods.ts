import type { Fault } from '../../../shared/fault'
import type { ComponentChoice } from '../../../shared/fields/components'
import type { Json } from '../../../shared/json'
import type { ArrayInfo, CheckResult, FieldPicture, GalleryItem, ImportResult, ModelInfo, Results } from '../../../shared/protocol/contract'
import type { FileStamp } from '../files/atomic-write'
import type { ResultRecord } from '../jobs/messages'
import type { Analysis, AnalysisRequest } from '../store/analysis'

/** What the file process does, by name. It alone parses documents and foreign files, reads arrays and draws. */
export interface FileMethods {
  /** Reads a document or unpacks a `.residuum` into an empty working folder. */
  open(request: { workspace: string; path?: string; upload?: { name: string; bytes: Uint8Array } }): Opened
  /** Writes `.residuum` (or the document alone, to a path that ends in `.json`) atomically. */
  save(request: SaveRequest & { target: string; expected?: FileStamp | null }): { stamp: FileStamp }
  pack(request: SaveRequest): Uint8Array
  readDocument(request: { path: string }): { readonly document: Json; readonly packed: boolean }
  info(request: { path: string; verify: boolean }): FileInfo
  analyse(request: AnalysisRequest): Analysis
  check(request: { document: Json }): CheckResult
  describe(request: { workspace: string; step: string }): Described
  picture(request: ArrayPlace & { timeIndex?: number; region?: readonly (readonly [number, number])[]; size?: readonly number[]; spacetime?: boolean; component?: ComponentChoice }): FieldPicture
  probe(request: { workspace: string; refs: readonly ArrayRef[]; point: readonly number[]; timeIndex?: number; component?: ComponentChoice }): number[]
  cut(request: {
    workspace: string; refs: readonly ArrayRef[]; from: readonly number[]; to: readonly number[]; samples: number; timeIndex?: number; spacetime?: boolean; component?: ComponentChoice
  }): Results['field.cut']
  /** Corner points of a mesh and its edges as pairs of them. */
  meshEdges(request: ArrayPlace): Results['mesh.edges']
  array(request: ArrayPlace): Results['array.read']
  exportArray(request: ArrayPlace & { format: 'npy' | 'csv' | 'vti' | 'vtu' }): Uint8Array
  exportModel(request: { workspace: string; step: string; name?: string }): Uint8Array
  figure(request: { workspace: string; document: Json; figure: Json; format: 'svg' | 'pdf' | 'png'; preset?: string }): Results['figure.render']
  suggest(request: { workspace: string; step: string; title: string; preset?: string }): Json
  gallery(request: { folder: string }): readonly GalleryItem[]
  galleryPicture(request: { folder: string; example: string }): Uint8Array | undefined
  /** Arrays of a foreign file, read in a throw-away process. */
  inspect(request: { path: string; name: string }): NonNullable<ImportResult['arrays']>
}

export interface ArrayRef { readonly step: string; readonly array: string; readonly component?: ComponentChoice }
export interface ArrayPlace extends ArrayRef { readonly workspace: string }

export interface Opened {
  readonly document: Json
  readonly records: readonly ResultRecord[]
  readonly faults: readonly Fault[]
  readonly stamp?: FileStamp
  readonly packed: boolean
}

export interface FileInfo {
  readonly document: Json
  readonly results: Readonly<Record<string, { readonly arrays: Readonly<Record<string, { readonly shape: readonly number[]; readonly type: string }>>; readonly metrics: Json; readonly models?: readonly ModelInfo[] }>>
  readonly provenance?: Json
  readonly faults: readonly Fault[]
}

export interface SaveRequest {
  readonly workspace: string
  readonly document: Json
  /** Of the steps whose results go into the file. */
  readonly records: readonly ResultRecord[]
  /** ISO 8601. */
  readonly written: string
}

export interface Described { readonly arrays: readonly ArrayInfo[]; readonly metrics: Readonly<Record<string, number>>; readonly models: readonly ModelInfo[] }

export type MethodName = keyof FileMethods
export type FileRequest = { readonly id: number; readonly method: MethodName; readonly parameters: unknown }
export type FileResponse =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly faults: readonly Fault[]; readonly stack?: string }
/** Methods answer at once or later. */
export type FileImplementation = { readonly [M in MethodName]: (request: Parameters<FileMethods[M]>[0]) => ReturnType<FileMethods[M]> | Promise<ReturnType<FileMethods[M]>> }
