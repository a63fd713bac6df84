import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { descriptorData } from '../../../shared/descriptor'
import type { Registry } from '../../../shared/protocol/contract'
import { constantValue } from './constant-value'
import { controlOf, formFields, keptOptions, namedFrom, namedText, numberFrom, numbersFrom, numbersText, stepFields, wordsFrom, type FormContext } from './schema-form'

const method = descriptorData({ id: 'fd', name: 'Finite differences', summary: '', options: z.strictObject({ order: z.literal(2).default(2), tolerance: z.number().positive().default(1e-8).meta({ title: 'Tolerance' }) }) })
const kind = descriptorData({
  id: 'solve', name: 'Solve', summary: '',
  options: z.strictObject({
    method: z.string().default('fd').meta({ title: 'Method', registry: 'methods' }),
    resolution: z.array(z.number().int().min(2)).min(1).max(3).optional().describe('Nodes.').meta({ title: 'Resolution', unit: 'nodes' }),
    times: z.union([z.number().int(), z.array(z.number())]).optional(),
    reference: z.string().meta({ registry: 'step' }),
  }),
})
const registry = { steps: [kind], methods: [method], problems: [], presets: [], networks: [], identification: [], architectures: [], quantizers: [] } as unknown as Registry
const context: FormContext = { registry, steps: ['a', 'b'] }
const control = (schema: z.ZodType) => formFields(z.toJSONSchema(z.strictObject({ it: schema }), { io: 'input' }) as Record<string, unknown>, context)[0].control

describe('forms from schemas', () => {
  it('offers registries and steps as choices, lists as numbers, units and help', () => {
    const fields = formFields(kind.options, context)
    expect(fields.map(field => field.key)).toEqual(['method', 'resolution', 'times', 'reference'])
    expect(fields[0].control).toEqual({ kind: 'choice', choices: [{ value: 'fd', label: 'Finite differences' }] })
    expect(fields[1]).toMatchObject({ title: 'Resolution', unit: 'nodes', help: 'Nodes.', required: false, control: { kind: 'numbers', integer: true, orNumber: false } })
    expect(fields[2].control).toMatchObject({ kind: 'numbers', orNumber: true, integer: false })
    expect(fields[3].control).toEqual({ kind: 'choice', ofSteps: true, choices: [{ value: 'a', label: 'a' }, { value: 'b', label: 'b' }] })
  })
  it('reads enumerations, numbers with limits, groups and variants', () => {
    expect(control(z.enum(['red-black', 'jacobi']))).toMatchObject({ kind: 'choice', choices: [{ value: 'red-black', label: 'Red black' }, { value: 'jacobi' }] })
    expect(control(z.number().positive().max(1))).toMatchObject({ kind: 'number', integer: false, exclusiveMinimum: 0, maximum: 1 })
    expect(control(z.number().int())).toMatchObject({ kind: 'number', integer: true, minimum: undefined, maximum: undefined })
    expect(control(z.strictObject({ dt: z.number() }))).toMatchObject({ kind: 'group', fields: [{ key: 'dt' }] })
    expect(control(z.discriminatedUnion('method', [z.strictObject({ method: z.literal('imex'), dt: z.number() }), z.strictObject({ method: z.literal('rk4') })]))).toMatchObject({
      kind: 'variants', discriminator: 'method', variants: [{ value: 'imex', fields: [{ key: 'dt' }] }, { value: 'rk4', fields: [] }],
    })
  })
  it("joins a step's options with those of its method, each once", () => {
    const { fields, methodFields } = stepFields({ id: 's', kind: 'solve', method: 'fd', reference: 'a' }, registry, [])
    expect(fields).toHaveLength(4)
    expect(methodFields.map(field => field.key)).toEqual(['order', 'tolerance'])
    expect(methodFields[1].default).toBe(1e-8)
  })
})

describe('what is typed', () => {
  it('may be a constant expression', () => {
    expect(constantValue('1e-3')).toBe(1e-3)
    expect(constantValue('pi/4')).toBeCloseTo(Math.PI / 4, 15)
    expect(constantValue('2^10 + 1')).toBe(1025)
    expect(constantValue('sqrt(2)')).toBe(Math.SQRT2)
    expect(constantValue('x + 1')).toBeUndefined()
    expect(constantValue('')).toBeUndefined()
  })
  it('is a list in several spellings, or a fault that names the culprit', () => {
    const list = { kind: 'numbers', integer: true, orNumber: false } as const
    expect(numbersFrom('129, 65', list, constantValue)).toEqual({ value: [129, 65] })
    expect(numbersFrom('2^7+1 × 65', list, constantValue)).toEqual({ value: [129, 65] })
    expect(numbersFrom('129', { ...list, orNumber: true }, constantValue)).toEqual({ value: 129 })
    expect(numbersFrom('129, 6.5', list, constantValue)).toEqual({ fault: '“6.5” is not a whole number.' })
    expect(numbersText([129, 65])).toBe('129, 65')
  })
  it('stays within the limits of the schema', () => {
    const limited = { kind: 'number', integer: true, minimum: 2, maximum: 10 } as const
    expect(numberFrom('4', limited, constantValue)).toEqual({ value: 4 })
    expect(numberFrom('1', limited, constantValue)).toEqual({ fault: 'The least value is 2.' })
    expect(numberFrom('2.5', limited, constantValue)).toEqual({ fault: 'This must be a whole number.' })
  })
  it('names become words', () => {
    expect(wordsFrom('finite-difference')).toBe('Finite difference')
    expect(wordsFrom('timeStep')).toBe('Time step')
    expect(wordsFrom('max_error')).toBe('Max error')
  })
})

it('a number that a word may stand for, and any of several words', () => {
  const context = { registry: { methods: [], steps: [] } as never, steps: [] }
  expect(controlOf({ anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'string', const: 'auto' }] }, context)).toMatchObject({ kind: 'number', exclusiveMinimum: 0, words: ['auto'] })
  expect(controlOf({ type: 'array', items: { type: 'string', enum: ['ntk', 'residual'] } }, context)).toMatchObject({ kind: 'several', choices: [{ value: 'ntk' }, { value: 'residual' }] })
})

it('values by name, and names alone', () => {
  expect(control(z.record(z.string(), z.union([z.number(), z.string()])))).toEqual({ kind: 'named' })
  expect(control(z.array(z.string()))).toEqual({ kind: 'words' })
  expect(control(z.record(z.string(), z.array(z.unknown())))).toEqual({ kind: 'json' })
  expect(namedFrom('nu = 0.01/pi, k=2')).toEqual({ value: { nu: '0.01/pi', k: 2 } })
  expect(namedText({ nu: '0.01/pi', k: 2 })).toBe('nu = 0.01/pi, k = 2')
  expect(namedFrom('nu')).toEqual({ fault: '“nu” is not of the form name = value.' })
})

it('another shape keeps what means the same in it', () => {
  const fields = (shape: z.ZodRawShape) => formFields(z.toJSONSchema(z.strictObject(shape), { io: 'input' }) as Record<string, unknown>, context)
  const adam = fields({ rate: z.number().default(1e-3), schedule: z.enum(['constant', 'cosine']).default('cosine'), beta: z.number().default(0.9) })
  const lion = fields({ rate: z.number().default(1e-4), schedule: z.enum(['constant', 'cosine']).default('cosine') })
  expect(keptOptions({ kind: 'adam', rate: 0.01, schedule: 'constant', beta: 0.8 }, adam, lion)).toEqual({ schedule: 'constant' })
})

it('names steps of the kinds that are meant, and knows what leaving out means', () => {
  const named = { ...context, kinds: { a: 'solve', b: 'train' } }
  expect(formFields({ properties: { start: { type: 'string', registry: 'step', of: ['train'], unset: 'drawn', when: { formulation: 'weak' }, needs: 'time' } } }, named)[0]).toMatchObject({
    unset: 'drawn', when: { formulation: 'weak' }, needs: 'time', control: { choices: [{ value: 'b' }] },
  })
})
