import { z } from 'zod'
import type { StepEnvelope } from '../experiment/document'
import type { Fault } from '../fault'
import { error, nearestName } from '../fault'
import { diagnostics } from '../learning/diagnostics/registry'
import { formulationLines } from '../learning/formulations/registry'
import { dirichletOption } from '../learning/formulations/variational-options'
import { testOption } from '../learning/formulations/weak-options'
import { networks } from '../learning/networks/registry'
import { graphOptimizers } from '../learning/optimizers/registry'
import { sequences } from '../learning/sampling/sequences'
import { trainingMethods } from '../learning/training/registry'
import type { RegistryLine } from '../descriptor'
import type { AnalysedProblem } from '../problems/analysed'
import { adaptiveOptions, balanceOptions, checkFeed } from './train-feed'
import { schemaFaults } from './schema-faults'
import { memoryFaults } from './train-memory'

const count = (title: string, help: string) => z.number().int().min(1).max(10_000_000).optional().describe(help).meta({ title, unit: 'points' })
const weight = (title: string, help: string, value: number) => z.number().positive().default(value).describe(help).meta({ title })

interface Part { readonly kind: string; readonly [option: string]: unknown }

/** One of a registry's entries: its id as `kind`, and its own options beside. What goes well with it elsewhere in the step is suggested where it is chosen. */
function oneOf(lines: readonly RegistryLine<unknown>[], suggests?: (id: string) => Readonly<Record<string, number>>): z.ZodType<Part> {
  const shapes = lines.map(({ descriptor }) => z.strictObject({ kind: z.literal(descriptor.id), ...descriptor.options?.shape }).meta({ title: descriptor.name, ...(suggests ? { suggests: suggests(descriptor.id) } : {}) }))
  return z.discriminatedUnion('kind', shapes as unknown as [typeof shapes[0], typeof shapes[0]]) as unknown as z.ZodType<Part>
}

/** Steps after which there is something to see on a problem of the catalogue. */
const usualSteps: Readonly<Record<string, number>> = { 'gauss-newton': 150, spring: 1000, lbfgs: 1000, ssbroyden: 1000 }

const formulationIds = formulationLines.map(({ descriptor }) => descriptor.id) as [string, ...string[]]

/** A classical solver on grids, in seconds that are the training's: the only diagnostic that is no part of learning. */
const gridDiagnostic = { id: 'grid', name: 'What a grid does', summary: 'The classical solver "auto" on growing grids, for a fifth of the training’s work and ten seconds at most: its errors beside those of the network, its seconds in the provenance.' }
const diagnosticLines = [...diagnostics.map(({ descriptor, usual }) => ({ ...descriptor, usual })), { ...gridDiagnostic, usual: true }]
const diagnosticIds = diagnosticLines.map(d => d.id) as [string, ...string[]]

export const trainOptions = z.strictObject({
  formulation: z.enum(formulationIds).default('strong').describe(`What is minimised. ${formulationLines.map(({ descriptor }) => `${descriptor.name}: ${descriptor.summary}`).join(' ')}`).meta({ title: 'Formulation', registry: 'formulation' }),
  test: testOption.meta({ when: { formulation: 'weak' } }),
  dirichlet: dirichletOption.meta({ when: { formulation: 'variational' } }),
  conditions: z.enum(['auto', 'soft', 'hard']).default('auto').describe('How boundary and initial values are met. soft: as terms of the loss. hard: exactly, by a network that is multiplied by a distance from them. auto: hard, as far as possible, for energies, soft for other formulations.').meta({ title: 'Conditions' }),
  precision: z.enum(['float32', 'float64']).default('float64').describe('What the network is trained in. Single precision is about twice as fast and ends near errors of 1e-4.').meta({ title: 'Precision' }),
  network: oneOf(networks).prefault({ kind: 'mlp', width: 64, depth: 1 } as never).describe('The function that stands for the solution.').meta({ title: 'Network' }),
  optimizer: oneOf(trainingMethods, id => ({ 'budget.steps': usualSteps[id] ?? 5000 })).prefault({ kind: 'gauss-newton' } as never).describe('How the parameters are found.').meta({ title: 'Optimizer' }),
  start: z.string().optional().describe('The train step whose network this one goes on with: Adam first, then L-BFGS, then Gauss–Newton. Without it parameters are drawn.').meta({ title: 'Start from', registry: 'step', of: ['train'] }),
  points: z.strictObject({
    interior: count('Interior', 'Points at which the equations are asked for.'), boundary: count('Boundary', 'Points at which the boundary conditions are asked for.'), initial: count('Initial', 'Points at which the initial values are asked for.').meta({ needs: 'time' }),
    sequence: z.enum(sequences).default('sobol').describe('How points are spread.').meta({ title: 'Sequence' }),
    resample: z.number().int().min(0).optional().describe('Steps after which new points are drawn; 0 keeps the first ones. Left out, SPRING has new points at every step and other optimizers keep theirs.').meta({ title: 'New points after', unit: 'steps' }),
    adaptive: adaptiveOptions.optional().describe('Points of the equations that follow the network. Left out, they stay as they were drawn.').meta({ title: 'Adaptive', unset: 'none', when: { formulation: 'strong' } }),
  }).prefault({}).describe('Where the statement is asked for.').meta({ title: 'Points' }),
  weights: z.strictObject({
    equation: weight('Equations', 'Factor of the equations, their energy or moments in the loss.', 1), boundary: weight('Boundary', 'Factor of the boundary conditions in the loss.', 1), initial: weight('Initial', 'Factor of the initial values in the loss.', 1).meta({ needs: 'time' }),
    data: weight('Data', 'Factor of measured values in the loss.', 1).meta({ needs: 'data' }),
    ...balanceOptions,
  }).prefault({}).describe('Factors of the terms of the loss, each a mean of squares.').meta({ title: 'Weights' }),
  budget: z.strictObject({
    steps: z.number().int().min(1).max(100_000_000).optional().describe('Training ends after so many steps.').meta({ title: 'Steps' }),
    seconds: z.number().positive().max(10_000_000).optional().describe('Training ends after so much time; the number of steps is then recorded, and another run may take another number.').meta({ title: 'Time', unit: 's', unset: 'no limit' }),
  }).default({ steps: 150 }).describe('When training ends: at whichever comes first.').meta({ title: 'Budget' }),
  diagnostics: z.array(z.enum(diagnosticIds)).default(diagnosticLines.filter(d => d.usual).map(d => d.id)).describe(`What is looked at beside the loss. ${diagnosticLines.map(d => `${d.name} (${d.id}): ${d.summary}`).join(' ')}`).meta({ title: 'Diagnostics', labels: Object.fromEntries(diagnosticLines.map(d => [d.id, d.name])) }),
  reference: z.string().optional().describe('A step whose field the network is measured against, where there is no exact solution, or in its place.').meta({ title: 'Reference', registry: 'step', of: ['solve', 'import', 'train'] }),
  resolution: z.array(z.number().int().min(2).max(4097)).min(1).max(3).optional().describe('Nodes per axis of the picture that is stored.').meta({ title: 'Resolution', unit: 'nodes' }),
  times: z.union([z.number().int().min(2).max(10_000), z.array(z.number()).min(1).max(10_000)]).optional().describe('Output times of an evolution: how many, evenly spaced with both ends, or a list.').meta({ title: 'Output times' }),
})

export type TrainOptions = z.infer<typeof trainOptions>

/** The step's own options, with defaults. */
export function parseTrain(step: StepEnvelope): TrainOptions {
  const { id: _, kind: __, ...own } = step
  return trainOptions.parse(own)
}

/** Options of the formulation: those of its descriptor, which stand beside its name in the step. */
export function formulationOptions(options: TrainOptions): Readonly<Record<string, unknown>> {
  const { descriptor } = formulationLines.find(l => l.descriptor.id === options.formulation)!
  return Object.fromEntries(Object.keys(descriptor.options?.shape ?? {}).map(key => [key, (options as Readonly<Record<string, unknown>>)[key]]))
}

export function checkTrain(step: StepEnvelope, problem: AnalysedProblem | undefined): Fault[] {
  const { id: _, kind: __, ...own } = step
  const unknown = [...unknownPart('network', own.network, networks), ...unknownPart('optimizer', own.optimizer, trainingMethods)]
  if (unknown.length > 0) return unknown
  const faults = schemaFaults(trainOptions, own)
  if (faults.length > 0) return faults
  const options = trainOptions.parse(own)
  faults.push(...foreignOptions(own, options.formulation), ...adversarialFault(options))
  if (options.budget.steps === undefined && options.budget.seconds === undefined) faults.push(error('missing-budget', 'The budget says neither steps nor seconds.', { where: { path: 'budget' }, tip: 'Give "steps", "seconds", or both.' }))
  if (['gauss-newton', 'spring'].includes(options.optimizer.kind) && notDense.includes(options.network.kind)) {
    faults.push(error('gauss-newton-network', `${options.optimizer.kind === 'spring' ? 'SPRING' : 'Gauss–Newton'} needs dense layers, which the network "${options.network.kind}" has not alone.`, { where: { path: 'optimizer.kind' }, tip: 'Choose the network "mlp", or the optimizer "lbfgs" or "adam".' }))
  }
  // Every network has a matrix of width × width between two of its layers.
  const { width = 0, depth = 0 } = options.network as { readonly width?: number; readonly depth?: number }
  const numbers = width * width * (depth - 1)
  if (numbers > mostParameters) {
    faults.push(error('network-too-large', `A network of ${depth} layers of ${width} neurons has more than ${Math.floor(numbers / 1e6)} million parameters; ${Math.round(mostParameters / 1e6)} million can be trained.`, { where: { path: 'network' }, tip: 'Choose a smaller width or depth.' }))
  }
  if (!problem) return faults
  if (numbers <= mostParameters) faults.push(...memoryFaults(options, problem))
  faults.push(...formulationLines.find(l => l.descriptor.id === options.formulation)!.faults(problem, formulationOptions(options)))
  faults.push(...checkFeed(options, problem))
  if (!problem.time && step.times !== undefined) faults.push(error('times-without-time', 'Output times are given, but the problem is steady.', { where: { path: 'times' }, tip: 'Remove "times", or give the statement "time".' }))
  const outside = problem.time && Array.isArray(options.times) ? options.times.find(t => !(t >= problem.time![0] && t <= problem.time![1])) : undefined
  if (outside !== undefined) faults.push(error('times-outside', `The output time ${outside} lies outside the statement's time interval [${problem.time!.join(', ')}].`, { where: { path: 'times' } }))
  if (options.resolution && !problem.cube && options.resolution.length !== problem.axes.length) {
    faults.push(error('resolution-axes', `The resolution has ${options.resolution.length} ${options.resolution.length === 1 ? 'entry' : 'entries'}, but the domain has ${problem.axes.length} ${problem.axes.length === 1 ? 'axis' : 'axes'}.`, { where: { path: 'resolution' }, tip: 'Give one number of nodes per axis.' }))
  }
  const frames = !problem.time ? 1 : Array.isArray(options.times) ? options.times.length + 1 : (options.times ?? [101, 41, 21][problem.axes.length - 1] ?? 2)
  const nodes = problem.cube || !options.resolution ? 0 : options.resolution.reduce((product, n) => product * n, 1)
  const values = nodes * Math.max(problem.axes.length, frames * problem.system.components.length)
  if (values > mostValues) {
    faults.push(error('field-too-large', `The picture of ${options.resolution!.join(' × ')} nodes${problem.time ? ` at ${frames} times` : ''} holds ${Math.floor(values / 1e6)} million numbers; ${Math.round(mostValues / 1e6)} million can be stored.`, { where: { path: 'resolution' }, tip: `Give fewer nodes${problem.time ? ' or "times"' : ''}; the training does not depend on them.` }))
  }
  return faults
}

/** Two networks against each other: no loss stands still for a line search or a linear model. */
function adversarialFault({ test, optimizer }: TrainOptions): Fault[] {
  const rules = graphOptimizers.map(o => o.descriptor.id)
  if (test?.kind !== 'adversarial' || rules.includes(optimizer.kind)) return []
  return [error('adversarial-optimizer', `An adversarial test function changes the loss at every step, and "${optimizer.kind}" needs one that stands still.`, { where: { path: 'optimizer.kind' }, tip: `Choose one of ${rules.join(', ')}.` })]
}

/** Options that belong to another formulation. */
function foreignOptions(own: Readonly<Record<string, unknown>>, formulation: string): Fault[] {
  const keysOf = (line: (typeof formulationLines)[number]): string[] => Object.keys(line.descriptor.options?.shape ?? {})
  const known = keysOf(formulationLines.find(l => l.descriptor.id === formulation)!)
  return formulationLines.flatMap(line => keysOf(line).filter(key => key in own && !known.includes(key)).map(key => error('formulation-option', `"${key}" belongs to the formulation "${line.descriptor.id}", and this step trains on "${formulation}".`, { where: { path: key }, tip: `Remove "${key}", or take the formulation "${line.descriptor.id}".` })))
}

/** Networks with arrays that are no layer's kernel or bias. */
const notDense: readonly string[] = ['piratenet', 'polynomial']
/** A gibibyte in double precision, and its gradient and moments beside it. */
const mostParameters = 2 ** 27
/** A gibibyte in double precision. */
const mostValues = 2 ** 27

function unknownPart(path: 'network' | 'optimizer', part: unknown, lines: readonly RegistryLine<unknown>[]): Fault[] {
  const given = typeof part === 'object' && part !== null && 'kind' in part ? part.kind : undefined
  const kind = given === undefined || typeof given === 'string' ? given : JSON.stringify(given).slice(0, 40)
  if (part === undefined) return []
  const names = lines.map(l => l.descriptor.id)
  if (kind === undefined) return [error(`missing-${path}`, `The ${path} has no "kind".`, { where: { path: `${path}.kind` }, tip: `Choose one of ${names.join(', ')}.` })]
  if (names.includes(kind)) return []
  const near = nearestName(kind, names)
  return [error(`unknown-${path}`, `There is no ${path} "${kind}".`, { where: { path: `${path}.kind` }, tip: near ? `Did you mean "${near}"?` : `This version has ${names.join(', ')}.` })]
}
