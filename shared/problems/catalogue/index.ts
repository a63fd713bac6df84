import { advectionDiffusion1d } from './advection-diffusion-1d'
import { allenCahn1d } from './allen-cahn-1d'
import { burgers1d } from './burgers-1d'
import { diffusionVariable } from './diffusion-variable'
import { heat1d } from './heat-1d'
import { heat2d } from './heat-2d'
import { poisson1d } from './poisson-1d'
import { poisson2d } from './poisson-2d'
import { poissonNeumann } from './poisson-neumann'
import type { CatalogueProblem } from './problem'

export const problems: readonly CatalogueProblem[] = [
  poisson1d,
  poisson2d,
  poissonNeumann,
  diffusionVariable,
  heat1d,
  heat2d,
  advectionDiffusion1d,
  burgers1d,
  allenCahn1d,
]
