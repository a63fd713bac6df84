/** Entry of the file process: answers requests of `file-process/methods.ts` one after the other. */
import { FaultError, error } from '../../shared/fault'
import { connectParent, ignoreTerminalSignals } from './jobs/parent'
import { analyseDocument } from './store/analysis'
import * as arrays from './file-process/arrays'
import * as experiments from './file-process/experiments'
import { figure, suggest } from './file-process/figures'
import { info, readDocument } from './file-process/info'
import type { FileImplementation, FileRequest, FileResponse } from './file-process/methods'
import { exportArray, exportModel } from './file-process/exports'
import { gallery, galleryPicture } from './file-process/gallery'
import { inspect } from './file-process/inspect'
import { libm } from './file-process/libm'
import { checkDocument } from '../../shared/steps/check'

ignoreTerminalSignals()
const parent = connectParent()

const methods: FileImplementation = {
  open: experiments.open, save: experiments.save, pack: experiments.pack,
  describe: arrays.describe, picture: arrays.picture, probe: arrays.probe, cut: arrays.cut, meshEdges: arrays.meshEdges, array: arrays.array,
  info, readDocument, figure, suggest, exportArray, exportModel, gallery, galleryPicture, inspect,
  analyse: request => analyseDocument(request, libm()),
  check: ({ document }) => checkDocument(document, libm()),
}

let queue = Promise.resolve()
parent.onMessage(raw => {
  const { id, method, parameters } = raw as FileRequest
  const answer = (response: FileResponse): void => parent.send(response)
  queue = queue.then(async () => {
    try {
      answer({ id, ok: true, value: await methods[method](parameters as never) })
    } catch (reason) {
      if (reason instanceof FaultError) answer({ id, ok: false, faults: reason.faults })
      else answer({ id, ok: false, faults: [failure(reason as NodeJS.ErrnoException)], stack: (reason as Error).stack })
    }
  })
})
parent.onClose(() => process.exit(0))

function failure({ code, message }: NodeJS.ErrnoException) {
  if (code === 'ENOSPC') return error('disk-full', 'The disk is full.', { tip: 'Free some space and try again.' })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return error('disk-failed', `The disk did not allow it (${code}).`, { tip: 'Check the permissions of the folder.' })
  return error('internal', `Something went wrong inside the engine: ${message}.`, { tip: 'The log has the details; your work is kept.' })
}
