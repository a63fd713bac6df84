/**
 * The elementary functions of our own libm, as the host instantiated them from the `libm` kernel (float64 scalars in, float64 out).
 * The same WebAssembly code is called by compiled expressions, so constants and grids agree bit for bit everywhere.
 */
export interface Libm {
  sin(x: number): number
  cos(x: number): number
  tan(x: number): number
  asin(x: number): number
  acos(x: number): number
  atan(x: number): number
  atan2(y: number, x: number): number
  sinh(x: number): number
  cosh(x: number): number
  tanh(x: number): number
  exp(x: number): number
  expm1(x: number): number
  log(x: number): number
  log1p(x: number): number
  log2(x: number): number
  log10(x: number): number
  pow(x: number, y: number): number
  cbrt(x: number): number
  erf(x: number): number
  hypot(x: number, y: number): number
}

const arities: Readonly<Record<keyof Libm, 1 | 2>> = {
  sin: 1, cos: 1, tan: 1, asin: 1, acos: 1, atan: 1, atan2: 2, sinh: 1, cosh: 1, tanh: 1, exp: 1, expm1: 1, log: 1, log1p: 1, log2: 1, log10: 1, pow: 2, cbrt: 1, erf: 1, hypot: 2,
}

export const libmNames = Object.keys(arities) as readonly (keyof Libm)[]
export const libmArity = (name: keyof Libm): 1 | 2 => arities[name]

/** The export for two values at once, v128 → v128: `sinx2`. (Not `sin2`: `log2` and `atan2` are names of scalar functions.) */
export const vectorName = (name: keyof Libm): string => `${name}x2`

/** The functions out of the exports of the instantiated `libm` kernel. Throws Error when one is missing: the kernel is older than the code. */
export function libmFrom(exports: Readonly<Record<string, unknown>>): Libm {
  const missing = libmNames.filter(name => typeof exports[name] !== 'function')
  if (missing.length > 0) throw new Error(`the libm kernel has no ${missing.join(', ')}`)
  return Object.fromEntries(libmNames.map(name => [name, exports[name]])) as unknown as Libm
}
