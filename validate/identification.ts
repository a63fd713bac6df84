import { documentCase, runDocument, type ValidationCase } from './case'

const file = 'raissi/burgers_shock.mat'
const nu = '0.01/pi'
const statement = (periodic: boolean): object => ({
  domain: { shape: 'box', bounds: [[-1, 1]], periodic: [periodic] }, time: [0, 1], unknowns: ['u'], parameters: { lambda1: 1, lambda2: nu },
  equations: ['dt(u) + lambda1*u*dx(u) - lambda2*dxx(u) = 0'], initial: { u: '-sin(pi*x)' }, ...(periodic ? {} : { boundary: [{ on: 'all', condition: 'u = 0' }] }),
})
const burgers = (step: object, periodic: boolean): object => ({
  format: 'residuum/1', title: 'Burgers, identified', problem: statement(periodic),
  steps: [{
    id: 'id', kind: 'identify', unknown: ['lambda1', 'lambda2'], data: { file: 'burgers_shock.mat', array: 'usol', axes: { x: 'x', t: 't' } }, points: 2000, start: { lambda1: 0.5, lambda2: 0.01 }, truth: { lambda1: 1, lambda2: nu }, ...step,
  }],
})
const adjoint = (noise: number): object => burgers({ method: 'adjoint', noise, solver: { method: 'spectral' }, resolution: [1024] }, true)
const network = (noise: number): object => burgers({ method: 'network', noise, network: { kind: 'mlp', width: 24, depth: 3 }, collocation: { interior: 2000, boundary: 100, initial: 100 }, weights: { equation: noise > 0 ? 1 : 0.3 }, budget: { steps: noise > 0 ? 150 : 260 } }, false)

/** One run tells both parameters; each has a row of its own. */
function pair(id: string, problem: string, document: object, published: readonly [string, string], aims: readonly [number, number], minutes: number): ValidationCase[] {
  const known = new Map<number, ReturnType<typeof runDocument>>()
  const once = (seed: number): ReturnType<typeof runDocument> => {
    const steps = known.get(seed) ?? runDocument(document, seed, { data: [file] })
    known.set(seed, steps)
    return steps
  }
  return ['lambda1', 'lambda2'].map((name, k): ValidationCase => ({
    id: `${id}-${name}`, problem: `${problem}: ${k === 0 ? 'λ₁' : 'λ₂'}`, published: published[k], aim: { value: aims[k], minutes }, data: [file],
    run: seed => {
      const { id: step } = once(seed)
      const bound = step?.metrics[`${name}_cramer_rao`]
      return { value: step?.metrics[`${name}_error`] ?? NaN, seconds: step?.seconds ?? NaN, note: bound === undefined ? undefined : `Cramér–Rao bound ${((100 * bound) / (k === 0 ? 1 : 0.01 / Math.PI)).toFixed(3)} %` }
    },
  }))
}

const field = (noise: number, aim: number): ValidationCase => documentCase({
  id: `coefficient-field${noise > 0 ? '-noisy' : ''}`, problem: `a in −div(a grad u) = f on the square, 65², ${noise > 0 ? '1 % noise' : 'clean'}`, published: '—', aim: { value: aim, minutes: 3 },
  document: {
    format: 'residuum/1', title: 'A coefficient field',
    problem: { domain: { shape: 'box', bounds: [[0, 1], [0, 1]] }, unknowns: ['u'], definitions: { a: '1 + 0.5*sin(pi*x)*sin(2*pi*y) + x*y', f: '10*(1 + x)' }, equations: ['-div(a*grad(u)) = f'], boundary: [{ on: 'all', condition: 'u = 0' }] },
    steps: [
      { id: 'truth', kind: 'solve', method: 'finite-element', order: 2, resolution: [65, 65] },
      { id: 'id', kind: 'identify', method: 'adjoint', unknown: ['a'], data: 'truth', points: 100_000, noise, start: { a: 1 }, truth: { a: '1 + 0.5*sin(pi*x)*sin(2*pi*y) + x*y' }, resolution: [65, 65] },
    ],
  },
  value: ['id', 'a_error'],
})

/** Parameters of Burgers' equation from 2000 scattered values, and a coefficient field. */
export const identification: readonly ValidationCase[] = [
  ...pair('identify-adjoint', 'Burgers from 2000 values through the solver', adjoint(0), ['—', '—'], [5e-4, 1e-3], 3),
  ...pair('identify-adjoint-noisy', 'the same with 1 % noise', adjoint(0.01), ['—', '—'], [2e-3, 1.5e-2], 3),
  ...pair('identify-network', 'Burgers from 2000 values by a network', network(0), ['—', '—'], [1e-3, 1e-2], 15),
  ...pair('identify-network-noisy', 'the same with 1 % noise', network(0.01), ['—', '—'], [1e-2, 5e-2], 10),
  field(0, 5e-3), field(0.01, 3e-2),
]
