import type { CatalogueProblem } from './problem'

export const grayScott2d: CatalogueProblem = {
  descriptor: {
    id: 'gray-scott-2d',
    name: 'Gray–Scott',
    summary: 'Two chemicals react and diffuse at different speeds. From a few drops grow spots that divide, or corals and mazes: change the feed F and the kill rate k and look.',
    equation: 'u_t = D_u\\Delta u - uv^2 + F(1 - u),\\quad v_t = D_v\\Delta v + uv^2 - (F + k)v',
    reference: { text: 'J. E. Pearson, Complex patterns in a simple system, Science 261 (1993)', doi: '10.1126/science.261.5118.189' },
    supports: ['evolution', 'patterns', '2d', 'periodic', 'nonlinear', 'system'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-1, 1], [-1, 1]], periodic: [true, true] },
    time: [0, 4000],
    unknowns: ['u', 'v'],
    parameters: { Du: 0.00002, Dv: 0.00001, F: 0.037, k: 0.06 },
    definitions: { drops: 'exp(-80*((x + 0.05)^2 + (y + 0.02)^2)) + 0.6*exp(-120*((x + 0.5)^2 + (y - 0.4)^2)) + 0.7*exp(-120*((x - 0.45)^2 + (y - 0.5)^2)) + 0.8*exp(-120*((x - 0.35)^2 + (y + 0.5)^2))' },
    equations: ['dt(u) = Du*lap(u) - u*v^2 + F*(1 - u)', 'dt(v) = Dv*lap(v) + u*v^2 - (F + k)*v'],
    initial: { u: '1 - 0.5*drops', v: '0.25*drops' },
  },
  defaults: { method: 'spectral', resolution: [128, 128], times: 41, time: { tolerance: 1e-6 } },
}
