import { advectionDiffusion1d } from './advection-diffusion-1d'
import { allenCahn1d } from './allen-cahn-1d'
import { allenCahn2d } from './allen-cahn-2d'
import { anisotropic } from './anisotropic'
import { biharmonic } from './biharmonic'
import { burgers1d } from './burgers-1d'
import { burgers2d } from './burgers-2d'
import { cahnHilliard } from './cahn-hilliard'
import { channelCylinder } from './channel-cylinder'
import { damBreak } from './dam-break'
import { darcy } from './darcy'
import { diffusionVariable } from './diffusion-variable'
import { doubleShearLayer } from './double-shear-layer'
import { doubleSlit } from './double-slit'
import { eigenvaluesDisk } from './eigenvalues-disk'
import { eigenvaluesLShape } from './eigenvalues-l-shape'
import { eigenvaluesSquare } from './eigenvalues-square'
import { elasticity } from './elasticity'
import { euler1d } from './euler-1d'
import { euler2d } from './euler-2d'
import { fisherKpp } from './fisher-kpp'
import { fitzhughNagumo } from './fitzhugh-nagumo'
import { ginzburgLandau } from './ginzburg-landau'
import { grayScott2d } from './gray-scott-2d'
import { grayScott3d } from './gray-scott-3d'
import { heat1d } from './heat-1d'
import { heat2d } from './heat-2d'
import { heat3d } from './heat-3d'
import { heat5d } from './heat-5d'
import { heat10d } from './heat-10d'
import { heat100d } from './heat-100d'
import { helmholtz } from './helmholtz'
import { helmholtzAbsorbing } from './helmholtz-absorbing'
import { kdv } from './kdv'
import { kdvSolitons } from './kdv-solitons'
import { kovasznay } from './kovasznay'
import { kuramotoSivashinsky } from './kuramoto-sivashinsky'
import { lidDrivenCavity } from './lid-driven-cavity'
import { maxwellTe } from './maxwell-te'
import { navierStokesVorticity } from './navier-stokes-vorticity'
import { nlsBreather } from './nls-breather'
import { nlsSoliton } from './nls-soliton'
import { poisson100d } from './poisson-100d'
import { poisson10d } from './poisson-10d'
import { plateWithHole } from './plate-with-hole'
import { poisson1d } from './poisson-1d'
import { poisson2d } from './poisson-2d'
import { poisson3d } from './poisson-3d'
import { poisson5d } from './poisson-5d'
import { poissonBoltzmann } from './poisson-boltzmann'
import { poissonDisk } from './poisson-disk'
import { poissonHoles } from './poisson-holes'
import { poissonLShape } from './poisson-l-shape'
import { poissonNeumann } from './poisson-neumann'
import { quantumOscillator } from './quantum-oscillator'
import { rayleighBenard } from './rayleigh-benard'
import { rotatingHill } from './rotating-hill'
import { shallowWater2d } from './shallow-water-2d'
import { sineGordon } from './sine-gordon'
import { swiftHohenberg } from './swift-hohenberg'
import { taylorGreen2d } from './taylor-green-2d'
import { taylorGreen3d } from './taylor-green-3d'
import { threeFormulations } from './three-formulations'
import { wave1d } from './wave-1d'
import { wave2d } from './wave-2d'
import { wave2dPulse } from './wave-2d-pulse'
import { wave3d } from './wave-3d'
import type { CatalogueProblem } from './problem'

/** In reading order: class by class, and inside a class from the plain to the rich. */
export const problems: readonly CatalogueProblem[] = [
  // Steady equations
  poisson1d,
  poisson2d,
  poisson3d,
  poissonNeumann,
  diffusionVariable,
  darcy,
  anisotropic,
  poissonDisk,
  poissonLShape,
  poissonHoles,
  poissonBoltzmann,
  helmholtz,
  helmholtzAbsorbing,
  biharmonic,
  elasticity,
  plateWithHole,
  threeFormulations,
  poisson5d,
  poisson10d,
  poisson100d,
  // Diffusion and its companions
  heat1d,
  heat2d,
  heat3d,
  heat5d,
  heat10d,
  heat100d,
  advectionDiffusion1d,
  rotatingHill,
  burgers1d,
  burgers2d,
  fisherKpp,
  // Waves
  wave1d,
  wave2d,
  wave2dPulse,
  wave3d,
  maxwellTe,
  sineGordon,
  kdv,
  kdvSolitons,
  nlsSoliton,
  nlsBreather,
  doubleSlit,
  // Conservation laws
  damBreak,
  shallowWater2d,
  euler1d,
  euler2d,
  // Viscous flow
  lidDrivenCavity,
  kovasznay,
  channelCylinder,
  taylorGreen2d,
  doubleShearLayer,
  navierStokesVorticity,
  rayleighBenard,
  taylorGreen3d,
  // Patterns
  allenCahn1d,
  allenCahn2d,
  cahnHilliard,
  swiftHohenberg,
  kuramotoSivashinsky,
  ginzburgLandau,
  fitzhughNagumo,
  grayScott2d,
  grayScott3d,
  // Eigenvalues
  eigenvaluesSquare,
  eigenvaluesDisk,
  eigenvaluesLShape,
  quantumOscillator,
]
