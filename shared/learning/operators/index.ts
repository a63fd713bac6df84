export * from './model'
export * from './fourier-matrices'
export * from './spectral-layer'
export { fno, fnoDescriptor, reverseModeAxes, type FnoShape } from './fno'
