import { extname, isAbsolute, resolve } from 'node:path'

const extensions = new Set(['.residuum', '.json', '.mat', '.npy', '.npz', '.csv', '.dat'])

/** Files named on a command line (first start, or handed over by a second instance). Options and Chromium's own switches are passed over. */
export function filesInArguments(argv: readonly string[], workingFolder: string): string[] {
  return argv.slice(1).filter(word => !word.startsWith('-') && extensions.has(extname(word).toLowerCase())).map(word => (isAbsolute(word) ? word : resolve(workingFolder, word)))
}
