import { describe, expect, it } from 'vitest'
import { axisSources, endsOf, likelyField, rangeFrom, type ForeignArray } from './import-choices'

const array = (name: string, ...shape: number[]): ForeignArray => ({ array: name, shape, complex: false })

describe('coordinates of a foreign array', () => {
  it('fit by length, and say along which dimension where two are that long', () => {
    const field = array('u', 33, 33)
    expect(axisSources(field, [field, array('a', 33), array('t', 5)])).toEqual([
      { value: 'a#0', label: 'a along dimension 1' },
      { value: 'a#1', label: 'a along dimension 2' },
    ])
    const tall = array('u', 256, 100)
    expect(axisSources(tall, [tall, array('x', 256, 1), array('t', 100)]).map(source => source.value)).toEqual(['x', 't'])
  })
  it('may have the shape of the field itself', () => {
    const field = array('u', 20, 30)
    expect(axisSources(field, [field, array('X', 20, 30)])).toEqual([{ value: 'X', label: 'X, point by point' }])
  })
  it('may be equally spaced between two ends', () => {
    expect(endsOf('[-1, pi/2]')).toEqual(['-1', 'pi/2'])
    expect(endsOf('x')).toBeUndefined()
    expect(endsOf(rangeFrom('0', '1'))).toEqual(['0', '1'])
  })
  it('proposes the field whose axes are known, else the largest', () => {
    expect(likelyField([array('x', 256), array('u', 256, 100)])?.array).toBe('u')
    expect(likelyField([array('big', 500, 500), { ...array('u', 9, 9), guess: { x: 'x', t: 't' } }])?.array).toBe('u')
  })
})
