import type { Block } from '../../kernels/team'
import type { ModeAxis } from './wavenumbers'

/**
 * Makes a half spectrum [component, z, y, kx] that of real values again: û(0, −l, −m) = conj û(0, l, m), and so for kx = nx/2. Rounding leaves a part that is not Hermitian in these
 * planes; no nodal value shows it, so nothing nonlinear holds it back, and a symbol that makes waves grow makes it grow past everything else. Call it after every step.
 *
 * @param components how many spectra lie behind each other in the state
 */
export function keepHermitian(state: Block, axes: readonly ModeAxis[], components: number): void {
  const [width, ny = 1, nz = 1] = axes.map(axis => axis.indices.length)
  const [{ nodes }] = axes
  const values = state.view()
  for (let component = 0; component < components; component++) {
    for (const kx of nodes % 2 === 0 && width > nodes / 2 ? [0, nodes / 2] : [0]) {
      for (let m = 0; m < nz; m++) {
        for (let l = 0; l < ny; l++) {
          const here = 2 * (kx + width * (l + ny * (m + nz * component)))
          const there = 2 * (kx + width * (((ny - l) % ny) + ny * (((nz - m) % nz) + nz * component)))
          if (there < here) continue
          const real = 0.5 * (values[here] + values[there])
          const imaginary = 0.5 * (values[here + 1] - values[there + 1])
          values[here] = real
          values[there] = real
          values[here + 1] = imaginary
          values[there + 1] = here === there ? imaginary : -imaginary
        }
      }
    }
  }
}
