import { documentCase, type ValidationCase } from './case'

/** −Δu = 0 and the like in the unit cube of d dimensions, u given on the boundary. */
const cube = (dimension: number, definitions: Readonly<Record<string, string>>, equation: string) => ({
  domain: { shape: 'box', dimension, bounds: [[0, 1]] }, unknowns: ['u'], parameters: { d: dimension }, definitions, equations: [equation], boundary: [{ on: 'all', condition: 'u = ue' }], exact: { u: 'ue' },
})
const document = (title: string, problem: object, step: object) => ({ format: 'residuum/1', title, problem, steps: [{ id: 'net', kind: 'train', ...step }] })
const network = (width: number, activation: string) => ({ kind: 'mlp', width, depth: 1, activation })
const value = ['net', 'relative_l2'] as const

/** For d = 100: residuals of the equation are of size 200, values of size 33. */
const hundred = (steps: number, seconds: number, equation: number) => ({
  precision: 'float32', network: network(128, 'sin'), optimizer: { kind: 'spring' }, points: { interior: 100, boundary: 400, sequence: 'uniform' }, weights: { equation }, diagnostics: [], budget: { steps, seconds },
})

/** Cubes of 5, 10 and 100 dimensions. The metrics `baseline_constant` and `baseline_linear` of each say what the best constant and the best linear function are off by. */
export const dimensions: readonly ValidationCase[] = [
  documentCase({
    id: 'poisson-5d', problem: 'Poisson 5-D, u = Σ cos πxᵢ, 24 sines; a constant: 1, the best linear function: 0.12', published: '5.6e-8 (energy natural gradient, GPU)', aim: { value: 1e-6, minutes: 2 },
    document: document('Poisson 5-D', { catalogue: 'poisson-5d' }, { network: network(24, 'sin'), points: { interior: 600, boundary: 300 }, diagnostics: [], budget: { steps: 100, seconds: 110 } }), value,
  }),
  documentCase({
    id: 'poisson-10d', problem: 'Poisson 10-D, u = Σ x₂ₖ₋₁x₂ₖ; a constant: 0.37, the best linear function: 0.14', published: '1.5e-5 (GPU)', aim: { value: 1e-4, minutes: 10 },
    document: document('Poisson 10-D', { catalogue: 'poisson-10d' }, { network: network(64, 'sin'), optimizer: { kind: 'spring' }, points: { interior: 300, boundary: 300 }, diagnostics: [], budget: { steps: 800, seconds: 580 } }), value,
  }),
  documentCase({
    id: 'poisson-10d-cosines', problem: 'Poisson 10-D, u = Σ cos(πxᵢ)/d; a constant: 1, the best linear function: 0.12', published: '—', aim: { value: 1e-4, minutes: 10 },
    document: document('Poisson 10-D', cube(10, { ue: 'sum(i, cos(pi*xi))/d' }, '-lap(u) = pi^2*ue'), { network: network(64, 'sin'), optimizer: { kind: 'spring' }, points: { interior: 300, boundary: 300 }, diagnostics: [], budget: { steps: 800, seconds: 580 } }), value,
  }),
  documentCase({
    id: 'poisson-100d', problem: 'Poisson 100-D, u = ‖x‖²; a constant: 0.089, the best linear function: 0.022', published: '3.6e-3 (7000 s on a GPU)', aim: { value: 5e-3, minutes: 30 },
    document: document('Poisson 100-D', { catalogue: 'poisson-100d' }, hundred(6000, 1700, 1e-2)), value,
  }),
  documentCase({
    id: 'poisson-100d-exponential', problem: 'Poisson 100-D, u = exp(−‖x‖²/d); a constant: 0.030, the best linear function: 0.0075', published: '—', aim: { value: 5e-3, minutes: 30 },
    document: document('Poisson 100-D', cube(100, { s: 'sum(i, xi^2)', ue: 'exp(-s/d)' }, '-lap(u) = (2 - 4*s/d^2)*ue'), hundred(2000, 1700, 1)), value,
  }),
  documentCase({
    id: 'heat-5d', problem: 'heat 5-D, u = e^(−νπ²t) Σ cos πxᵢ, at the last time', published: '—', aim: { value: 1e-4, minutes: 5 },
    document: document('Heat 5-D', { catalogue: 'heat-5d' }, { network: network(64, 'sin'), optimizer: { kind: 'spring' }, points: { interior: 300, boundary: 200, initial: 200 }, diagnostics: [], budget: { steps: 500, seconds: 280 } }), value,
  }),
  documentCase({
    id: 'heat-10d', problem: 'heat 10-D, u = Σ x₂ₖ₋₁x₂ₖ + ‖x‖²/d + 2νt, at the last time', published: '—', aim: { value: 1e-3, minutes: 10 },
    document: document('Heat 10-D', { catalogue: 'heat-10d' }, { network: network(64, 'sin'), optimizer: { kind: 'spring' }, points: { interior: 300, boundary: 300, initial: 200 }, diagnostics: [], budget: { steps: 800, seconds: 580 } }), value,
  }),
  documentCase({
    id: 'heat-100d', problem: 'heat 100-D, u = ‖x‖²/d + 2νt, at the last time', published: '—', aim: { value: 5e-3, minutes: 30 },
    document: document('Heat 100-D', { catalogue: 'heat-100d' }, { ...hundred(1500, 1700, 1), points: { interior: 100, boundary: 300, initial: 150, sequence: 'uniform' } }), value,
  }),
]
