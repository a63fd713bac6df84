import { documentCase, type ValidationCase } from './case'

/** Two layers have too many parameters for a singular value decomposition at every step. */
const normalEquations = { kind: 'gauss-newton', solver: 'cholesky' }

/** Steady problems in the plane: the square, the square with holes, the cavity. */
export const steady: readonly ValidationCase[] = [
  documentCase({
    id: 'poisson-2d', problem: 'Poisson 2-D, u = sin πx sin πy', published: '6.2e-8 (energy natural gradient, 1000 s on a GPU); Adam 9.4e-5', aim: { value: 1e-7, minutes: 5 / 60 },
    document: { format: 'residuum/1', title: 'Poisson', problem: { catalogue: 'poisson-2d' }, steps: [{ id: 'net', kind: 'train', diagnostics: [], budget: { steps: 60, seconds: 5 }, resolution: [33, 33] }] },
    value: ['net', 'relative_l2'],
  }),
  documentCase({
    id: 'poisson-2d-long', problem: 'the same with more neurons and time', published: '6.2e-8', aim: { value: 1e-9, minutes: 1 },
    document: { format: 'residuum/1', title: 'Poisson', problem: { catalogue: 'poisson-2d' }, steps: [{ id: 'net', kind: 'train', network: { kind: 'mlp', width: 128, depth: 1 }, points: { interior: 1600, boundary: 240 }, budget: { steps: 400, seconds: 60 }, resolution: [33, 33] }] },
    value: ['net', 'relative_l2'],
  }),
  documentCase({
    id: 'poisson-holes', problem: 'Laplace in a square with four holes, against COMSOL', published: '1.2e-2 (PINNacle 2024), later 8.2e-3', aim: { value: 2e-3, minutes: 30 }, data: ['pinnacle/poisson1_cg_data.dat'],
    document: {
      format: 'residuum/1', title: 'Holes', problem: { catalogue: 'poisson-holes' },
      steps: [
        { id: 'net', kind: 'train', conditions: 'hard', network: { kind: 'mlp', width: 28, depth: 2 }, optimizer: normalEquations, points: { interior: 2500 }, diagnostics: [], budget: { steps: 1000, seconds: 300 }, resolution: [129, 129] },
        { id: 'reference', kind: 'compare', a: 'net', b: { file: 'poisson1_cg_data.dat' } },
      ],
    },
    value: ['reference', 'relative_l2'], seconds: 'net',
  }),
  documentCase({
    id: 'cavity', problem: 'lid-driven cavity, Re 100, velocity against COMSOL', published: '3.6e-2 (PINNacle 2024), later 2.4e-2', aim: { value: 1e-2, minutes: 60 }, data: ['pinnacle/lid_driven_a4.dat'],
    document: {
      format: 'residuum/1', title: 'Cavity', problem: { catalogue: 'lid-driven-cavity' },
      steps: [
        { id: 'net', kind: 'train', conditions: 'hard', network: { kind: 'mlp', width: 24, depth: 2 }, optimizer: normalEquations, points: { interior: 1500 }, diagnostics: [], budget: { steps: 1000, seconds: 300 }, resolution: [101, 101] },
        { id: 'reference', kind: 'compare', a: 'net', field: ['u', 'v'], b: { file: 'lid_driven_a4.dat', array: ['u', 'v'], axes: { x: 'x', y: 'y' } } },
      ],
    },
    value: ['reference', 'relative_l2'], seconds: 'net',
  }),
]
