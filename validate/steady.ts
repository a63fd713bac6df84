import { documentCase, type ValidationCase } from './case'

/** Steady problems in the plane: the square, the square with holes, the cavity. */
export const steady: readonly ValidationCase[] = [
  documentCase({
    id: 'poisson-2d', problem: 'Poisson 2-D, u = sin πx sin πy', published: '6.2e-8 (energy natural gradient, 1000 s on a GPU); Adam 9.4e-5', aim: { value: 1e-7, minutes: 5 / 60 },
    document: { format: 'residuum/1', title: 'Poisson', problem: { catalogue: 'poisson-2d' }, steps: [{ id: 'net', kind: 'train', budget: { steps: 60, seconds: 5 }, resolution: [33, 33] }] },
    value: ['net', 'relative_l2'],
  }),
  documentCase({
    id: 'poisson-2d-long', problem: 'the same with more neurons and time', published: '6.2e-8', aim: { value: 1e-9, minutes: 1 },
    document: { format: 'residuum/1', title: 'Poisson', problem: { catalogue: 'poisson-2d' }, steps: [{ id: 'net', kind: 'train', network: { kind: 'mlp', width: 128, depth: 1 }, points: { interior: 1600, boundary: 240 }, budget: { steps: 400, seconds: 60 }, resolution: [33, 33] }] },
    value: ['net', 'relative_l2'],
  }),
]
