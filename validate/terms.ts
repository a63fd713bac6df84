import { documentCase, type ValidationCase } from './case'

interface Data {
  readonly id: string
  readonly name: string
  readonly file: string
  readonly array: string
  readonly time: string
  readonly truth: Readonly<Record<string, number | string>>
}

const data: readonly Data[] = [
  { id: 'burgers', name: 'Burgers, ν = 0.01/π', file: 'burgers_shock.mat', array: 'usol', time: 't', truth: { 'u*dx(u)': -1, 'dxx(u)': '0.01/pi' } },
  { id: 'kdv', name: 'Korteweg–de Vries', file: 'KdV.mat', array: 'uu', time: 'tt', truth: { 'u*dx(u)': -1, 'dxxx(u)': -0.0025 } },
  { id: 'allen-cahn', name: 'Allen–Cahn, 0.0001 u_xx', file: 'AC.mat', array: 'uu', time: 'tt', truth: { u: 5, 'u^3': -5, 'dxx(u)': 0.0001 } },
]

const termsCase = ({ id, name, file, array, time, truth }: Data, suffix: string, what: string, published: string, aim: number, options: object): ValidationCase => documentCase({
  id: `terms-${id}${suffix}`, problem: `terms of ${name}${what}: largest relative error of a coefficient, 1 where a term is missing or superfluous`, published, aim: { value: aim, minutes: 1 },
  data: [`raissi/${file}`],
  document: {
    format: 'residuum/1', title: name,
    steps: [{ id: 'terms', kind: 'identify', method: 'terms', data: { file, array, axes: { x: 'x', t: time } }, observed: ['u'], truth, ...options }],
  },
  value: ['terms', 'worst_error'],
})

/** Equations found from data without being told which terms they have. */
export const terms: readonly ValidationCase[] = [
  ...data.map(own => termsCase(own, '', '', 'clean data of their own: the error of the simulation (Messenger & Bortz 2021)', 0.01, {})),
  ...data.map(own => termsCase(own, '-noise', ', 1 % noise', '–', own.id === 'allen-cahn' ? 0.1 : 0.02, { noise: 0.01 })),
]
