import { readFileSync } from 'node:fs'
import { listArrays } from '../files/foreign'
import type { FileMethods } from './methods'

/** What a foreign file holds. Called in a throw-away process: a file that breaks its reader breaks nothing else. */
export const inspect: FileMethods['inspect'] = ({ path, name }) => 
  listArrays(name, readFileSync(path)).arrays.map(({ name: array, ...rest }) => ({ array, ...rest }))
