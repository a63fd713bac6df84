import { compare } from './compare'
import { converge } from './converge'
import { dimensions } from './dimensions'
import { energyBounds } from './energy-bounds'
import { formulations } from './formulations'
import { identify } from './identify'
import { importData } from './import'
import { solve } from './solve'
import type { StepKind } from './step-kind'
import { sweepOf } from './sweep'
import { train } from './train'

/** Kinds that do something themselves; a sweep runs them again and again. */
const simple: readonly StepKind[] = [solve, train, converge, compare, importData, dimensions, energyBounds, formulations, identify]

export const stepKinds: readonly StepKind[] = [...simple, sweepOf(simple)]

export const stepKind = (kind: string): StepKind | undefined => stepKinds.find(k => k.descriptor.id === kind)
