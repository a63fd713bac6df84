import { existsSync } from 'node:fs'
import { basename, isAbsolute, join, resolve } from 'node:path'
import { FaultError, error } from '../../../shared/fault'
import { checkForeignFile } from '../files/foreign-file'
import type { Workspace } from './workspace'

/**
 * Where a foreign file named by the document lies: among the files that came with the experiment, otherwise beside the document.
 * Faults: foreign-file-missing, those of checkForeignFile.
 */
export function foreignPath(workspace: Workspace, documentFolder: string | undefined, name: string): string {
  const kept = join(workspace.files, basename(name))
  if (basename(name) === name && existsSync(kept)) return kept
  const path = isAbsolute(name) ? name : documentFolder === undefined ? undefined : resolve(documentFolder, name)
  if (path === undefined || !existsSync(path)) {
    throw new FaultError(error('foreign-file-missing', `The file "${name}" that the document names is not there.`, { where: { file: name }, tip: 'Put it beside the document, or give its path relative to the document.' }))
  }
  checkForeignFile(path)
  return path
}
