export * from './jet'
export * from './laplacian'
export * from './multi-index'
export * from './functions'
