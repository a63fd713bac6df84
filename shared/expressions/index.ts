export type * from './ast'
export type { Libm } from './libm'
export * from './algebra'
export { parseCondition, parseEquation, parseExpression } from './parse'
