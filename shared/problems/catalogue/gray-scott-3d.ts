import type { CatalogueProblem } from './problem'

export const grayScott3d: CatalogueProblem = {
  descriptor: {
    id: 'gray-scott-3d',
    name: 'Gray–Scott 3-D',
    summary: 'The reaction of Gray and Scott in space: a ball of one chemical splits into a cage of blobs. Look at it as an isosurface.',
    equation: 'u_t = D_u\\Delta u - uv^2 + F(1 - u),\\quad v_t = D_v\\Delta v + uv^2 - (F + k)v',
    reference: { text: 'J. E. Pearson, Complex patterns in a simple system, Science 261 (1993)', doi: '10.1126/science.261.5118.189' },
    supports: ['evolution', 'patterns', '3d', 'periodic', 'nonlinear', 'system'],
  },
  statement: {
    domain: { shape: 'box', bounds: [[-0.25, 0.25], [-0.25, 0.25], [-0.25, 0.25]], periodic: [true, true, true] },
    time: [0, 900],
    unknowns: ['u', 'v'],
    parameters: { Du: 0.00002, Dv: 0.00001, F: 0.03, k: 0.06 },
    definitions: { drops: 'exp(-150*(x^2 + y^2 + z^2)) + 0.7*exp(-250*((x - 0.1)^2 + (y - 0.07)^2 + (z + 0.05)^2))' },
    equations: ['dt(u) = Du*lap(u) - u*v^2 + F*(1 - u)', 'dt(v) = Dv*lap(v) + u*v^2 - (F + k)*v'],
    initial: { u: '1 - 0.5*drops', v: '0.25*drops' },
  },
  defaults: { method: 'spectral', resolution: [32, 32, 32], times: 7, time: { tolerance: 1e-6 } },
}
