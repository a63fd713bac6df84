/** Where a sliding window lies, one entry per spatial axis. `pads` are the paddings before the first element. */
export interface Windows {
  readonly input: readonly number[]
  readonly kernel: readonly number[]
  readonly output: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly pads: readonly number[]
}

/** Every pair of output position and kernel element that meets an input element, as flat row-major indices: outputs slowest, kernel elements next. */
export function forEachTap(windows: Windows, visit: (output: number, kernel: number, input: number) => void): void {
  const { input, kernel, output, strides, dilations, pads } = windows
  const rank = input.length
  const descend = (axis: number, o: number, k: number, i: number, positions: readonly number[]): void => {
    if (axis === 2 * rank) return visit(o, k, i)
    if (axis < rank) {
      for (let p = 0; p < output[axis]; p++) descend(axis + 1, o * output[axis] + p, 0, 0, [...positions, p])
      return
    }
    const a = axis - rank
    for (let q = 0; q < kernel[a]; q++) {
      const at = positions[a] * strides[a] + q * dilations[a] - pads[a]
      if (at >= 0 && at < input[a]) descend(axis + 1, o, k * kernel[a] + q, i * input[a] + at, positions)
    }
  }
  descend(0, 0, 0, 0, [])
}

/** Output length of a window along one axis. `pads` is the sum of the paddings at both ends. */
export const windowCount = (input: number, kernel: number, stride: number, dilation: number, pads: number): number =>
  Math.floor((input + pads - (kernel - 1) * dilation - 1) / stride) + 1
