import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { schemaFaults } from './schema-faults'
import { trainOptions } from './train-options'

const told = (schema: z.ZodType, value: unknown): string[] => schemaFaults(schema, value).map(fault => `${fault.where?.path}: ${fault.message} ${fault.tip ?? ''}`.trim())

describe('faults of a schema', () => {
  it('names the narrower limit of a number beyond all of them, once', () => {
    expect(told(z.object({ n: z.number().int().max(1000) }), { n: 1e308 })).toEqual(['n: 1e+308 is too large: at most 1000 is taken.'])
    expect(told(z.object({ n: z.number().int().max(Number.MAX_SAFE_INTEGER) }), { n: 1e308 })).toHaveLength(1)
    expect(told(z.object({ n: z.number().max(1), m: z.number().max(2) }), { n: 5, m: 5 })).toHaveLength(2)
  })

  it('says which branches there are where the key that chooses one is missing or wrong', () => {
    expect(told(trainOptions, { points: { adaptive: {} } })).toEqual(['points.adaptive: "kind" is missing. The choices are residual, adversarial.'])
    expect(told(trainOptions, { points: { adaptive: { kind: 'greedy' } } })).toEqual(['points.adaptive.kind: "greedy" is not one of the choices. The choices are residual, adversarial.'])
    expect(told(trainOptions, { test: { kind: 7 } })).toEqual(['test.kind: 7 is not one of the choices. The choices are elements, patches, adversarial.'])
  })

  it('has a sentence for whatever stands in place of an object', () => {
    for (const strange of [null, 3, 'x', [], [null], true]) {
      for (const key of ['points', 'weights', 'budget', 'test', 'network', 'optimizer']) {
        for (const line of told(trainOptions, { [key]: strange })) expect(line).toMatch(/^\S+: \S+ (is missing|does not fit here|is not one of the choices)\. \S/)
      }
    }
  })
})
