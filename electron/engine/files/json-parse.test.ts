import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FaultError } from '../../../shared/fault'
import { jsonText, parseJson } from './json-parse'

describe('JSON', () => {
  it('reads what JSON.parse reads, to the same values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        let own: unknown
        try {
          own = parseJson(text)
        } catch (reason) {
          // fast-check likes such keys.
          expect((reason as FaultError).faults[0].code).toBe('forbidden-key')
          return
        }
        expect(JSON.stringify(own)).toBe(JSON.stringify(JSON.parse(text)))
      }),
      { numRuns: 500 },
    )
  })

  it('refuses what JSON.parse refuses', () => {
    const alphabet = ['{', '}', '[', ']', ',', ':', '"', 'a', '1', '-', '.', 'e', '0', ' ', '\\', 'true', 'null', '\n', 'u0041', '"k":']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...alphabet), { maxLength: 12 }), pieces => {
        const text = pieces.join('')
        let valid = true
        try {
          JSON.parse(text)
        } catch {
          valid = false
        }
        let code: string | undefined
        try {
          parseJson(text)
        } catch (reason) {
          code = (reason as FaultError).faults[0].code
        }
        if (!valid) expect(code).toBeDefined()
        else expect([undefined, 'json-duplicate-key', 'json-number']).toContain(code)
      }),
      { numRuns: 3000 },
    )
  })

  it('says where it is wrong', () => {
    expect(() => parseJson('{\n  "a": 1,\n  "b": 2,\n}')).toThrow('line 4: a comma stands before }')
    expect(() => parseJson('{"a": NaN}')).toThrow('NaN must be written as a text, "NaN"')
    expect(() => parseJson('{"a": 1 // one\n}')).toThrow('a comma or } is expected')
    try {
      parseJson('{\n  "seed": 01\n}')
    } catch (reason) {
      expect((reason as FaultError).faults[0].where).toEqual({ text: '  "seed": 01', from: 10, to: 11 })
    }
  })

  it('keeps non-finite numbers as their strings', () => {
    const text = jsonText({ a: NaN, b: [Infinity, -Infinity], c: -0.5 })
    expect(text).not.toContain('null')
    expect(parseJson(text)).toEqual({ a: 'NaN', b: ['Infinity', '-Infinity'], c: -0.5 })
  })

  it('leaves the prototype of objects alone', () => {
    expect(() => parseJson('{"__proto__": {"polluted": 1}}')).toThrow(FaultError)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    expect(Object.getPrototypeOf(parseJson('{"a":1}'))).toBe(Object.prototype)
  })
})
