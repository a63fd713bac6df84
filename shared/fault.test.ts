import { describe, expect, it } from 'vitest'
import { error, faultLine, nearestName } from './fault'

describe('faultLine', () => {
  it('shows the surroundings of a place in a long text', () => {
    const text = `${'('.repeat(9000)}x${')'.repeat(9000)}`
    const line = faultLine(error('too-deep', 'Too deep.', { where: { path: 'problem.equations[0]', text, from: 9000, to: 9001 } }))
    expect(line.length).toBeLessThan(300)
    expect(line).toContain('column 9001 of "…(((')
    expect(line).toContain('(x)')
  })
  it('bounds what a document quotes', () => {
    const name = 'b'.repeat(20_000)
    expect(faultLine(error('unknown-key', `Unknown key "${name}".`, { tip: name, where: { path: `problem.${name}` } })).length).toBeLessThan(2000)
  })
  it('is one line that cannot steer a terminal or turn the direction of writing', () => {
    const line = faultLine(error('x', 'a\u001b[2Jb\nc\u009bd\u202ee', { where: { path: '\u0000' } }))
    expect(line).toBe('\\u0000: a\\u001b[2Jb\\u000ac\\u009bd\\u202ee')
  })
})

describe('nearestName', () => {
  it('does not measure names that no valid name is near', () => {
    const long = 'b'.repeat(100_000)
    expect(nearestName(`${long}c`, [`${long}d`])).toBeUndefined()
    expect(nearestName('resoluton', [long, 'resolution'])).toBe('resolution')
  })
})
