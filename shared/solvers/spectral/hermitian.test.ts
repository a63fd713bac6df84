import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../../../electron/engine/kernels'
import { createSerialTeam } from '../../kernels/serial-team'
import { solveStatement } from '../time/solving.testing'
import { keepHermitian } from './hermitian'
import { spectral } from './index'
import { modeAxes } from './wavenumbers'

const kernels = readKernels()
const libm = loadLibm(kernels)
const twoPi: [number, string] = [0, '2*pi']

describe('half spectra', () => {
  it.each(['etdrk4', 'tsit5'])('stay those of real values where waves grow by forty powers of ten: %s', method => {
    // u = ±1 is stable, u = 0 grows at the rate 45: rounding that no nodal value shows would reach 10²³ by t = 2.
    const { fields, converged } = solveStatement(spectral, {
      domain: { shape: 'box', bounds: [twoPi, twoPi], periodic: [true, true] }, time: [0, 2], unknowns: ['u'], equations: ['dt(u) = lap(u) + 45*(u - u^3)'], initial: { u: 'tanh(3*sin(y) + 2*cos(x + 0.3))' },
    }, { resolution: [32, 32], times: [0, 2], options: { time: { method, tolerance: 1e-4 } } }, createSerialTeam({ kernels }), libm)
    expect(converged).toBe(true)
    const last = fields[0].values.subarray(32 * 32)
    expect(Math.max(...last.map(Math.abs))).toBeLessThan(1.2)
  })

  it('are averaged with their mirrored conjugates and left alone elsewhere', () => {
    const team = createSerialTeam({ kernels })
    const [nx, ny] = [4, 3]
    const state = team.arena.from(Float64Array.from({ length: 2 * 3 * ny * 2 }, (_, i) => Math.sin(i * i)))
    const before = state.view().slice()
    keepHermitian(state, modeAxes([{ name: 'x', lower: 0, upper: 1, periodic: true }, { name: 'y', lower: 0, upper: 1, periodic: true }], [nx, ny]), 2)
    const after = state.view()
    const at = (component: number, l: number, kx: number): number => 2 * (kx + 3 * (l + ny * component))
    for (const component of [0, 1]) {
      for (const kx of [0, 2]) {
        expect(after[at(component, 0, kx) + 1]).toBe(0)
        expect(after[at(component, 2, kx)]).toBe(after[at(component, 1, kx)])
        expect(after[at(component, 2, kx) + 1]).toBe(-after[at(component, 1, kx) + 1])
        expect(after[at(component, 1, kx)]).toBe(0.5 * (before[at(component, 1, kx)] + before[at(component, 2, kx)]))
      }
      for (const l of [0, 1, 2]) expect(after[at(component, l, 1)]).toBe(before[at(component, l, 1)])
    }
  })
})
