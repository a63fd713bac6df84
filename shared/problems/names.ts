import { deviceName } from '../experiment/document'
import { constantNames } from '../expressions'

const namePattern = /^[A-Za-z][A-Za-z0-9_]{0,31}$/
export const reservedNames: ReadonlySet<string> = new Set([
  'x', 'y', 'z', 't', 'n', 'lap', 'grad', 'div', 'dot', 'curl', 'vec', 'outer', 'transpose', 'sum', 'if', 'and', 'or', 'not', 'sin', 'cos', 'tan', 'exp', 'log', 'ln', 'sqrt', 'abs', 'min', 'max', 'sign',
])

/** Arrays that solvers and the file put beside the fields, and what is in them. */
const arrayNames: ReadonlyMap<string, string> = new Map([
  ['residuals', 'the solver\'s history of residuals'], ['points', 'the nodes of a mesh'], ['cells', 'the cells of a mesh'], ['eigenvalues', 'the eigenvalues'],
  ['estimate', 'the error estimates of adaptive meshes'], ['indicators', 'the error indicators of adaptive meshes'], ['unknowns', 'the sizes of adaptive meshes'],
])

/** Why a name cannot be declared, with what to do, or undefined. `taken`: the unknowns declared before. */
export function nameFault(name: string, role: 'unknown' | 'parameter' | 'definition' | 'eigenvalue', unknowns: readonly string[]): { readonly code: string; readonly message: string; readonly tip: string } | undefined {
  const article = role === 'unknown' || role === 'eigenvalue' ? 'an' : 'a'
  if (!namePattern.test(name)) return { code: 'invalid-name', message: `"${shown(name)}" cannot name ${article} ${role}.`, tip: 'Use a letter followed by letters, digits or underscores.' }
  const tip = 'Choose another name.'
  if (reservedNames.has(name) || constantNames.has(name) || /^d[xyztn]+$/.test(name)) return { code: 'reserved-name', message: `"${name}" already has a meaning in expressions and cannot name ${article} ${role}.`, tip }
  if (role === 'unknown' && arrayNames.has(name)) return { code: 'reserved-name', message: `"${name}" cannot name an unknown: a result stores ${arrayNames.get(name)} under this name.`, tip }
  if (role === 'unknown' && deviceName.test(name)) return { code: 'reserved-name', message: `"${name}" cannot name an unknown: Windows gives this name to a device, and the result is a file of the unknown's name.`, tip }
  const owner = unknowns.find(unknown => name === unknown || name.startsWith(`${unknown}__`) || isJetOf(unknown, name))
  if (owner !== undefined && role === 'unknown') return { code: 'reserved-name', message: name === owner ? `Two unknowns are called "${name}".` : `"${name}" would stand for a part or a derivative of the unknown ${owner}.`, tip }
  if (owner !== undefined) return { code: 'reserved-name', message: `"${name}" would stand for the unknown ${owner} or one of its derivatives.`, tip }
  return undefined
}

const isJetOf = (unknown: string, name: string): boolean => name.startsWith(`${unknown}_`) && /^_(?:[xyztn]+|(?:x\d+)+)$/.test(name.slice(unknown.length))
export const shown = (name: string): string => (name.length > 40 ? `${name.slice(0, 40)}…` : name)
