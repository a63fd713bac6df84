import type { Statement } from '../../experiment/document'
import type { Json } from '../../json'

/** Options of a solve step. */
export type SolveOptions = Readonly<Record<string, Json>> & { readonly method: string; readonly resolution: readonly number[] }

/** Two methods that share no code on one problem of the catalogue, coarse enough for seconds, and how far apart they may be (relative L² on the nodes of the second, at the last time). */
export interface Agreement {
  readonly problem: string
  readonly a: SolveOptions
  readonly b: SolveOptions
  /** Both are compared here instead of at the statement's end: before chaos, or before the run gets long. */
  readonly time?: number
  readonly within: number
  /** Eigenvalues are compared instead of fields. */
  readonly eigenvalues?: number
  /** The first method solves the same problem in other words, because it does not take those of the catalogue. */
  readonly restated?: { readonly as: string; readonly statement: Statement }
  /** Unknowns compared together, instead of the first. */
  readonly field?: readonly string[]
}

const fd = (resolution: readonly number[], options: Readonly<Record<string, Json>> = {}): SolveOptions => ({ method: 'finite-difference', resolution, ...options })
const fd4 = (...resolution: number[]): SolveOptions => fd(resolution, { order: 4 })
const fem = (...resolution: number[]): SolveOptions => ({ method: 'finite-element', resolution })
const fourier = (resolution: readonly number[], tolerance = 1e-6): SolveOptions => ({ method: 'spectral', resolution, time: { tolerance } })

const chebyshev = (...resolution: number[]): SolveOptions => ({ method: 'spectral', resolution })

/** Steady incompressible flow by its stream function ψ, (u, v) = (ψ_y, −ψ_x): the curl of the momentum equations, without a pressure. `Re` is a parameter. */
const streamFunction = (given: Pick<Statement, 'domain' | 'parameters' | 'definitions' | 'boundary'>): Agreement['restated'] => ({
  as: 'stream function',
  statement: { ...given, unknowns: ['psi', 'u', 'v'], equations: ['lap(lap(psi))/Re = dy(psi)*dx(lap(psi)) - dx(psi)*dy(lap(psi))', 'u = dy(psi)', 'v = -dx(psi)'] },
})

export const agreements: readonly Agreement[] = [
  { problem: 'poisson-1d', a: fd4(65), b: fem(33), within: 5e-4 },
  { problem: 'poisson-2d', a: fd4(33, 33), b: fem(17, 17), within: 1e-4 },
  { problem: 'poisson-3d', a: fd4(25, 25, 25), b: fem(9, 9, 9), within: 2e-2 },
  { problem: 'poisson-neumann', a: fd4(33, 33), b: fem(17, 17), within: 2e-3 },
  { problem: 'diffusion-variable', a: fd([65, 65]), b: fem(17, 17), within: 1e-3 },
  { problem: 'darcy', a: fd([65, 65]), b: fem(33, 33), within: 2e-2 },
  { problem: 'anisotropic', a: fd4(97, 97), b: fem(49, 49), within: 2e-2 },
  { problem: 'poisson-disk', a: fd([33, 33]), b: fem(17, 17), within: 5e-4 },
  { problem: 'poisson-l-shape', a: fd([65, 65]), b: fem(17, 17), within: 1e-2 },
  { problem: 'poisson-holes', a: fd([65, 65]), b: fem(33, 33), within: 5e-3 },
  { problem: 'poisson-boltzmann', a: fd4(65, 65), b: fem(25, 25), within: 5e-3 },
  { problem: 'helmholtz', a: fd4(65, 65), b: fem(33, 33), within: 5e-3 },
  { problem: 'helmholtz-absorbing', a: fd4(121, 81), b: fem(61, 41), within: 3e-2 },
  { problem: 'biharmonic', a: fd4(49, 49), b: chebyshev(23, 23), within: 1e-3 },
  { problem: 'elasticity', a: fd4(33, 17), b: fem(17, 9), within: 2e-3 },
  { problem: 'three-formulations', a: fd4(65), b: fem(33), within: 2e-3 },
  { problem: 'heat-1d', a: fd4(65), b: fem(17), within: 1e-2 },
  { problem: 'heat-2d', a: fd([65, 33]), b: fem(33, 17), time: 0.05, within: 1e-2 },
  { problem: 'heat-3d', a: fd4(17, 17, 17), b: fem(7, 7, 7), time: 0.2, within: 2e-2 },
  { problem: 'rotating-hill', a: fd4(65, 65), b: fem(25, 25), time: 0.05, within: 2e-2 },
  { problem: 'burgers-2d', a: fd4(41, 41), b: fem(17, 17), time: 0.5, within: 1e-2 },
  { problem: 'fisher-kpp', a: fd4(201), b: fem(101), time: 5, within: 1e-2 },
  { problem: 'wave-1d', a: fd4(201), b: fem(101), time: 0.25, within: 3e-2 },
  { problem: 'wave-2d', a: fd4(41, 41), b: fem(21, 21), time: 0.1, within: 3e-2 },
  { problem: 'wave-2d-pulse', a: fd4(109, 73), b: { ...fem(31, 21), time: { tolerance: 1e-3 } }, time: 0.05, within: 8e-2 },
  { problem: 'wave-3d', a: fd4(17, 17, 17), b: { ...fem(7, 7, 7), time: { dt: 0.0125 } }, time: 0.05, within: 3e-2 },
  { problem: 'maxwell-te', a: fd4(41, 41), b: fem(21, 21), time: 0.1, within: 3e-2 },
  { problem: 'sine-gordon', a: fd4(201), b: fem(101), time: 2, within: 1e-2 },
  { problem: 'shallow-water-2d', a: fd4(65, 65), b: fem(13, 13), time: 0.05, within: 1e-2 },
  { problem: 'fitzhugh-nagumo', a: fd4(65, 65), b: fem(21, 21), time: 1, within: 5e-2 },
  { problem: 'advection-diffusion-1d', a: fd4(128), b: fourier([32]), within: 1e-4 },
  { problem: 'burgers-1d', a: fd4(512), b: fourier([512]), time: 0.3, within: 1e-3 },
  { problem: 'kdv', a: fd4(256), b: fourier([128]), time: 0.3, within: 1e-2 },
  { problem: 'kdv-solitons', a: fd4(384), b: fourier([128]), time: 1, within: 2e-2 },
  { problem: 'nls-soliton', a: fd4(256), b: fourier([128]), time: 5, within: 1e-2 },
  { problem: 'nls-breather', a: fd4(256), b: fourier([128]), time: 0.3, within: 1e-2 },
  { problem: 'double-slit', a: fd4(128, 128), b: fourier([96, 96], 1e-3), time: 0.05, within: 5e-2 },
  { problem: 'euler-2d', a: fd4(48, 48), b: fourier([48, 48], 1e-4), time: 1, within: 2e-2 },
  {
    problem: 'lid-driven-cavity', a: chebyshev(21, 21), b: fem(25, 25), within: 5e-3, field: ['u', 'v'],
    restated: streamFunction({
      domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, parameters: { Re: 100 },
      boundary: [{ on: 'all', condition: 'psi = 0' }, { on: 'all', condition: 'dn(psi) = 0' }, { on: 'top', condition: 'dn(psi) = 4*x*(1 - x)' }],
    }),
  },
  {
    problem: 'kovasznay', a: chebyshev(17, 25), b: fem(19, 25), within: 1e-3, field: ['u', 'v'],
    restated: streamFunction({
      domain: { shape: 'box', bounds: [[-0.5, 1], [-0.5, 1.5]] }, parameters: { Re: 40, a: 'Re/2 - sqrt(Re^2/4 + 4*pi^2)' },
      definitions: { ue: '1 - exp(a*x)*cos(2*pi*y)', ve: 'a/(2*pi)*exp(a*x)*sin(2*pi*y)' },
      boundary: [
        { on: 'all', condition: 'psi = y - exp(a*x)*sin(2*pi*y)/(2*pi)' },
        { on: 'left', condition: 'dn(psi) = ve' }, { on: 'right', condition: 'dn(psi) = -ve' }, { on: 'bottom', condition: 'dn(psi) = -ue' }, { on: 'top', condition: 'dn(psi) = ue' },
      ],
    }),
  },
  { problem: 'rayleigh-benard', a: fd4(48, 25), b: { ...fem(24, 13), time: { tolerance: 1e-2 } }, time: 0.005, within: 1e-3 },
  { problem: 'taylor-green-2d', a: fd4(24, 24), b: fourier([16, 16]), time: 1, within: 2e-2 },
  { problem: 'double-shear-layer', a: fd4(48, 48), b: fourier([64, 64], 1e-3), time: 0.02, within: 5e-2 },
  { problem: 'navier-stokes-vorticity', a: fd4(32, 32), b: fourier([32, 32], 1e-4), time: 0.25, within: 2e-2 },
  { problem: 'taylor-green-3d', a: fd4(12, 12, 12), b: fourier([12, 12, 12], 1e-3), time: 0.05, within: 3e-2 },
  { problem: 'allen-cahn-1d', a: fd4(512), b: fourier([256]), within: 5e-3 },
  { problem: 'allen-cahn-2d', a: fd4(96, 96), b: fourier([96, 96], 1e-4), time: 0.005, within: 1e-2 },
  { problem: 'cahn-hilliard', a: fd4(96, 96), b: fourier([64, 64], 1e-4), time: 0.0003, within: 3e-2 },
  { problem: 'swift-hohenberg', a: fd4(128, 128), b: fourier([96, 96], 1e-4), time: 1, within: 5e-2 },
  { problem: 'kuramoto-sivashinsky', a: fd4(256), b: fourier([128]), time: 30, within: 2e-2 },
  { problem: 'ginzburg-landau', a: fd4(128, 128), b: fourier([96, 96], 1e-4), time: 2, within: 2e-2 },
  { problem: 'gray-scott-2d', a: fd4(128, 128), b: fourier([128, 128], 1e-3), time: 50, within: 2e-2 },
  { problem: 'gray-scott-3d', a: fd4(32, 32, 32), b: fourier([32, 32, 32], 1e-3), time: 10, within: 2e-2 },
  { problem: 'eigenvalues-square', a: fd([33, 33]), b: fem(13, 13), within: 1e-2, eigenvalues: 4 },
  { problem: 'eigenvalues-l-shape', a: fd([33, 33]), b: fem(13, 13), within: 3e-2, eigenvalues: 4 },
  { problem: 'quantum-oscillator', a: fd([257]), b: fem(65), within: 1e-2, eigenvalues: 4 },
]
