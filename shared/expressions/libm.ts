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
