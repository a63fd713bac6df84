/** Symbolic algebra on expressions: one door to its parts. */
export { constantNames, constants, derivativeLetters, functionNamed, functionTable, type FunctionEntry } from './functions'
export { add, binary, call, checkedSize, children, divide, equalExpressions, expandSums, freeNames, isNumber, mapChildren, multiply, name, negate, number, one, raise, sizeOf, substitute, subtract, visit, zero } from './structure'
export { antiderivative } from './antiderivative'
export { differentiate } from './differentiate'
export { evaluate } from './interpret'
export { simplify } from './simplify'
export { toText } from './text'
