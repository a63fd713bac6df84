import { documentCase, type ValidationCase } from './case'

/** Evenly spaced output times with both ends, as the reference files have them. */
const evenly = (count: number, last: number): number[] => Array.from({ length: count }, (_, k) => (k * last) / (count - 1))

interface Reference { readonly file: string; readonly array: string; readonly time: string }

/** A training, and its distance to a file at all points and times of the file. */
function againstFile({ id, problem, published, aim, statement, reference, train }: Pick<ValidationCase, 'id' | 'problem' | 'published' | 'aim'> & { readonly statement: object; readonly reference: Reference; readonly train: object }): ValidationCase {
  return documentCase({
    id, problem, published, aim, data: [`raissi/${reference.file}`],
    document: {
      format: 'residuum/1', title: problem, problem: statement,
      steps: [
        { id: 'net', kind: 'train', optimizer: { kind: 'ssbroyden' }, ...train },
        { id: 'reference', kind: 'compare', a: 'net', b: { file: reference.file, array: reference.array, axes: { x: 'x', t: reference.time } } },
      ],
    },
    value: ['reference', 'relative_l2_spacetime'], seconds: 'net',
  })
}

/** A network of three layers, and points that go where the residual is. */
const layers = (width: number): object => ({ kind: 'mlp', width, depth: 3, activation: 'tanh' })
const crowded = { kind: 'residual', every: 300 }

/** Time-dependent problems: diffusion, a shock, thin layers, a focusing wave. */
export const evolutions: readonly ValidationCase[] = [
  documentCase({
    id: 'heat-1d', problem: 'Heat 1+1-D, ν = 1/4, u = exp(−π²t/4) sin πx, over space and time', published: '3.1e-8', aim: { value: 1e-7, minutes: 1 },
    document: { format: 'residuum/1', title: 'Heat', problem: { catalogue: 'heat-1d' }, steps: [{ id: 'net', kind: 'train', budget: { steps: 200, seconds: 60 }, resolution: [33], times: 5 }] },
    value: ['net', 'relative_l2_spacetime'],
  }),
  againstFile({
    id: 'burgers', problem: 'Burgers, ν = 0.01/π', published: '6.7e-4 (L-BFGS, Raissi et al. 2019); about 1e-8 (self-scaled Broyden)', aim: { value: 5e-4, minutes: 5 },
    statement: {
      domain: { shape: 'box', bounds: [[-1, 1]] }, time: [0, 1], unknowns: ['u'], parameters: { nu: '0.01/pi' }, equations: ['dt(u) + u*dx(u) = nu*dxx(u)'],
      boundary: [{ on: 'all', condition: 'u = 0' }], initial: { u: '-sin(pi*x)' },
    },
    reference: { file: 'burgers_shock.mat', array: 'usol', time: 't' },
    train: {
      network: layers(20), points: { interior: 2000, boundary: 100, initial: 200, adaptive: crowded }, weights: { boundary: 10, initial: 10 }, budget: { steps: 20_000, seconds: 300 },
      resolution: [256], times: evenly(100, 0.99),
    },
  }),
  againstFile({
    id: 'allen-cahn', problem: 'Allen–Cahn, 0.0001 u_xx + 5u − 5u³', published: '2e-6 (self-scaled Broyden, adaptive points); 0.5 plain', aim: { value: 1e-3, minutes: 60 },
    statement: {
      domain: { shape: 'box', bounds: [[-1, 1]], periodic: [true] }, time: [0, 1], unknowns: ['u'], equations: ['dt(u) = 0.0001*dxx(u) + 5*u - 5*u^3'], initial: { u: 'x^2*cos(pi*x)' },
    },
    reference: { file: 'AC.mat', array: 'uu', time: 'tt' },
    train: {
      network: layers(24), points: { interior: 2000, initial: 200, adaptive: crowded }, weights: { initial: 100, causal: 5 }, budget: { steps: 20_000, seconds: 900 },
      resolution: [512], times: evenly(201, 1),
    },
  }),
  againstFile({
    id: 'schroedinger', problem: 'Nonlinear Schrödinger, 2 sech x', published: '2e-3 (Raissi et al. 2019)', aim: { value: 1e-3, minutes: 60 },
    statement: {
      domain: { shape: 'box', bounds: [[-5, 5]], periodic: [true] }, time: [0, 'pi/2'], unknowns: [{ name: 'h', type: 'complex' }], equations: ['i*dt(h) + 0.5*dxx(h) + abs(h)^2*h = 0'],
      initial: { h: '2*sech(x)' },
    },
    reference: { file: 'NLS.mat', array: 'uu', time: 'tt' },
    train: {
      network: layers(28), points: { interior: 2500, initial: 250, adaptive: crowded }, weights: { initial: 100, causal: 1 }, budget: { steps: 20_000, seconds: 1800 },
      resolution: [256], times: evenly(201, 0.5 * Math.PI),
    },
  }),
  documentCase({
    id: 'helmholtz', problem: 'Helmholtz, k = 4, u = sin πx sin 4πy', published: '–', aim: { value: 1e-6, minutes: 1 },
    document: { format: 'residuum/1', title: 'Helmholtz', problem: { catalogue: 'helmholtz' }, steps: [{ id: 'net', kind: 'train', network: { kind: 'mlp', width: 64, depth: 1, activation: 'sin' }, budget: { steps: 100, seconds: 60 }, resolution: [33, 33] }] },
    value: ['net', 'relative_l2'],
  }),
]
