import type { RegistryLine } from '../../descriptor'
import type { Libm } from '../../expressions/libm'
import { cnnDescriptor } from './cnn-descriptor'
import type { Deeponet } from './deeponet'
import { deeponetDescriptor } from './deeponet-descriptor'
import { fnoDescriptor } from './fno-descriptor'
import type { OperatorModel } from './model'
import { unetDescriptor } from './unet-descriptor'

/** Builds a map between fields from options that its descriptor's schema has parsed. */
export interface FieldOperatorFamily {
  build(options: never, shape: { readonly inputs: number; readonly outputs: number; readonly libm: Libm }): OperatorModel
}

/** Maps from fields on a grid to fields on the grid: one more is one file and one line. */
export const fieldOperators: readonly RegistryLine<FieldOperatorFamily>[] = [
  { descriptor: fnoDescriptor, load: async () => ({ build: (await import('./fno')).fno }) },
  { descriptor: unetDescriptor, load: async () => ({ build: (await import('./unet')).unet }) },
  { descriptor: cnnDescriptor, load: async () => ({ build: (await import('./cnn')).cnn }) },
]

/** Builds a map from functions at sensors to values at places. */
export interface PointOperatorFamily {
  build(options: never, shape: { readonly sensors: number; readonly dimension: number }): Deeponet
}

export const pointOperators: readonly RegistryLine<PointOperatorFamily>[] = [
  { descriptor: deeponetDescriptor, load: async () => ({ build: (await import('./deeponet')).deeponet }) },
]
