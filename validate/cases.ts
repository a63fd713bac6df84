import type { ValidationCase } from './case'
import { dimensions } from './dimensions'
import { evolutions } from './evolutions'
import { identification } from './identification'
import { steady } from './steady'
import { terms } from './terms'

/** All rows, in the order of docs/validation.md. */
export const cases: readonly ValidationCase[] = [...steady, ...dimensions, ...evolutions, ...identification, ...terms]
