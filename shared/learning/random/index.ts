export { philox } from './philox'
export { createRandom, type RandomStream } from './stream'
export * from './initialise'
