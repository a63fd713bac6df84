/**
 * Initial parameters and training data of the learning benches, by the formulae of bench/peers/exchange.py: entry i of array number s is
 * low + (high − low) · mix(i + mix(2654435761 (s + 1) + seed)) / 2³², exact in double precision, so that tests need no files.
 */

export interface NumericArray {
  readonly values: Float64Array
  readonly shape: readonly number[]
}
export type Arrays = Readonly<Record<string, NumericArray>>

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1)

/** The 32-bit hash lowbias32 (Wellons 2018). */
function mix(x: number): number {
  x ^= x >>> 16
  x = Math.imul(x, 0x7feb352d)
  x ^= x >>> 15
  x = Math.imul(x, 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

export function uniform(seed: number, stream: number, shape: readonly number[], low = 0, high = 1): NumericArray {
  const key = mix((Math.imul(2654435761, stream + 1) + seed) | 0)
  return { shape, values: Float64Array.from({ length: sizeOf(shape) }, (_, i) => low + (high - low) * (mix((i + key) | 0) / 2 ** 32)) }
}

/** A parameter and how far its initial values reach: within ±1/√fan-in (PyTorch's rule), or in [0, 1/(in·out)) for spectral weights (Li et al. 2021). */
export interface ParameterShape {
  readonly name: string
  readonly shape: readonly number[]
  readonly fanIn: number
  readonly spectral?: boolean
}

export const dense = (name: string, inputs: number, outputs: number): ParameterShape[] => [
  { name: `${name}.kernel`, shape: [inputs, outputs], fanIn: inputs }, { name: `${name}.bias`, shape: [outputs], fanIn: inputs },
]
export const convolution = (name: string, kernel: readonly number[], inputs: number, outputs: number): ParameterShape[] => {
  const fanIn = inputs * sizeOf(kernel)
  return [{ name: `${name}.kernel`, shape: [...kernel, inputs, outputs], fanIn }, { name: `${name}.bias`, shape: [outputs], fanIn }]
}
export const spectral = (name: string, modes: readonly number[], inputs: number, outputs: number): ParameterShape[] =>
  ['real', 'imaginary'].map(part => ({ name: `${name}.${part}`, shape: [...modes, inputs, outputs], fanIn: inputs, spectral: true }))

/** Parameter number s takes stream s; data takes the streams from 1000 on. */
export function initialParameters(parameters: readonly ParameterShape[], seed: number): Record<string, NumericArray> {
  return Object.fromEntries(parameters.map(({ name, shape, fanIn, spectral: isSpectral }, stream) => {
    if (isSpectral) return [name, uniform(seed, stream, shape, 0, 1 / (shape.at(-2)! * shape.at(-1)!))]
    const bound = Math.sqrt(1 / fanIn)
    return [name, uniform(seed, stream, shape, -bound, bound)]
  }))
}
export const dataStream = 1000
