import { z } from 'zod'
import type { FormulationLine } from './formulation'
import { strongFaults } from './strong-faults'
import { variationalFaults } from './variational-faults'
import { variationalOptions } from './variational-options'
import { weakFaults } from './weak-faults'
import { weakOptions } from './weak-options'

/** Every way of making a loss of a statement. One more is one file and one line. */
export const formulationLines: readonly FormulationLine[] = [
  {
    descriptor: {
      id: 'strong', name: 'Strong form', summary: 'The squares of the residuals of equations, boundary and initial conditions at points (physics-informed network). For every statement.',
      equation: '\\min_\\theta\\sum_k\\lambda_k\\,\\frac1{N_k}\\sum_n\\lvert r_k(u_\\theta;x_n)\\rvert^2',
      reference: { text: 'M. Raissi, P. Perdikaris, G. E. Karniadakis, J. Comput. Phys. 378 (2019)', doi: '10.1016/j.jcp.2018.10.045' }, options: z.object({}),
    },
    pointwise: true,
    faults: strongFaults,
    load: async () => (await import('./collocation')).strongForm,
  },
  {
    descriptor: {
      id: 'variational', name: 'Variational form', summary: 'The energy whose least value the solution has (Deep Ritz): half the derivatives of the equation. For statements that have an energy.',
      equation: '\\min_\\theta\\int_\\Omega\\rho(x,u_\\theta,\\nabla u_\\theta)+\\int_{\\Gamma}\\ldots',
      reference: { text: 'W. E, B. Yu, Commun. Math. Stat. 6 (2018)', doi: '10.1007/s40304-018-0127-z' }, options: variationalOptions,
    },
    holdsConditions: true,
    faults: variationalFaults,
    load: async () => (await import('./variational')).variationalForm,
  },
  {
    descriptor: {
      id: 'weak', name: 'Weak form', summary: 'The squares of the residual’s moments against test functions, with derivatives moved from the solution to them: for coefficients that jump and solutions with kinks.',
      equation: '\\min_\\theta\\sum_k\\Bigl(\\sum_\\beta\\int G_\\beta(u_\\theta)\\,\\partial^\\beta v_k\\Bigr)^2',
      reference: { text: 'E. Kharazmi, Z. Zhang, G. E. Karniadakis, Comput. Methods Appl. Mech. Eng. 374 (2021)', doi: '10.1016/j.cma.2020.113547' }, options: weakOptions,
    },
    faults: weakFaults,
    load: async () => (await import('./weak')).weakForm,
  },
]
