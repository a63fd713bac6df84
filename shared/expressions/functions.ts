/**
 * The fixed table of functions that expressions may call. Everything else is a fault of the parser: there is no way to reach anything outside.
 * Conventions: `log` and `ln` are natural; `mod(a, b) = a − b⌊a/b⌋`; `heaviside(0) = 1/2`, `step(0) = 1`; `sech = 1/cosh`; `sign(0) = 0`.
 */
export interface FunctionEntry {
  readonly name: string
  readonly arity: number
  /** Present where more arguments than `arity` may follow: vec(a, b) and vec(a, b, c). */
  readonly maximumArity?: number
  readonly kind: 'elementary' | 'complex' | 'vector' | 'differential' | 'choice' | 'sum'
  /** A few words for completion lists. */
  readonly help: string
}

const entry = (kind: FunctionEntry['kind'], arity: number) => (line: string): FunctionEntry => {
  const at = line.indexOf(' ')
  return { name: line.slice(0, at), arity, kind, help: line.slice(at + 1) }
}

export const functionTable: readonly FunctionEntry[] = [
  ...['sin sine', 'cos cosine', 'tan tangent', 'asin inverse sine', 'acos inverse cosine', 'atan inverse tangent', 'sinh hyperbolic sine', 'cosh hyperbolic cosine',
    'tanh hyperbolic tangent', 'sech 1/cosh', 'exp exponential', 'expm1 exp(x) - 1', 'log natural logarithm', 'ln natural logarithm', 'log1p log(1 + x)', 'log2 logarithm to base 2',
    'log10 logarithm to base 10', 'sqrt square root', 'cbrt cube root', 'abs absolute value', 'sign -1, 0 or 1', 'floor largest integer below', 'ceil smallest integer above', 'erf error function',
    'heaviside 0, 1/2 at 0, 1', 'step 0 below zero, 1 from zero on'].map(entry('elementary', 1)),
  ...['atan2 angle of the point (x, y), called atan2(y, x)', 'hypot square root of x^2 + y^2', 'min the smaller', 'max the larger', 'mod remainder with the sign of the divisor', 'pow power'].map(entry('elementary', 2)),
  entry('choice', 3)('if if(condition, then, else)'),
  ...['conj complex conjugate', 're real part', 'im imaginary part'].map(entry('complex', 1)),
  ...['dx derivative along x', 'dy derivative along y', 'dz derivative along z', 'dt derivative in time', 'dxx second derivative along x', 'dyy second derivative along y', 'dzz second derivative along z',
    'dtt second derivative in time', 'dn outward normal derivative', 'traction stress on the boundary of an elastic body', 'lap Laplacian', 'grad gradient', 'div divergence', 'curl rotation'].map(entry('differential', 1)),
  entry('differential', 2)('dot scalar product'),
  { ...entry('vector', 2)('vec vector of its components: vec(a, b) or vec(a, b, c)'), maximumArity: 3 },
  entry('vector', 2)('outer product of two vectors, the matrix a_i*b_j'),
  entry('vector', 1)('transpose transposed matrix: transpose(grad(v))'),
  entry('sum', 2)('sum sum(i, expression) over the coordinates'),
]

const byName: ReadonlyMap<string, FunctionEntry> = new Map(functionTable.map(f => [f.name, f]))

/** The entry of a function, the derivatives `dxxy…` included; undefined for any other name. */
export function functionNamed(name: string): FunctionEntry | undefined {
  const listed = byName.get(name)
  if (listed || derivativeLetters(name) === undefined) return listed
  return { name, arity: 1, kind: 'differential', help: `derivative of order ${name.length - 1}` }
}

/** `'xx'` for `dxx`, `'t'` for `dt`; undefined when the name is no derivative along x, y, z, t (`dn`, `lap`, …). At most eight letters. */
export function derivativeLetters(name: string): string | undefined {
  return /^d[xyzt]{1,8}$/.test(name) ? name.slice(1) : undefined
}

/** Values of the constants. A declared name of the same spelling takes precedence. */
export const constants: ReadonlyMap<string, number> = new Map([['pi', Math.PI], ['e', Math.E], ['tau', 2 * Math.PI]])
export const constantNames: ReadonlySet<string> = new Set(constants.keys())

/** What other systems call our functions: the parser answers them with our name. */
export const foreignNames: ReadonlyMap<string, string> = new Map([
  ['arcsin', 'asin'], ['arccos', 'acos'], ['arctan', 'atan'], ['arctan2', 'atan2'], ['tg', 'tan'], ['sgn', 'sign'], ['fabs', 'abs'], ['ceiling', 'ceil'], ['power', 'pow'], ['laplace', 'lap'],
  ['laplacian', 'lap'], ['delta', 'lap'], ['gradient', 'grad'], ['nabla', 'grad'], ['divergence', 'div'], ['rot', 'curl'], ['inner', 'dot'], ['real', 're'], ['imag', 'im'], ['where', 'if'], ['Heaviside', 'heaviside'],
])
