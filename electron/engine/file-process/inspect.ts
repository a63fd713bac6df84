import { listArrays } from '../files/foreign'
import { readForeignFile } from '../files/foreign-file'
import type { FileMethods } from './methods'

/** What a foreign file holds. Called in a throw-away process: a file that breaks its reader breaks nothing else. */
export const inspect: FileMethods['inspect'] = ({ path, name }) => 
  listArrays(name, readForeignFile(path)).arrays.map(({ name: array, ...rest }) => ({ array, ...rest }))
