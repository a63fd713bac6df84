import { describe, expect, it } from 'vitest'
import { flowTime, stallReasons, standsStill, type StallEvidence } from './stall'

const steps = 100
const flat = Array.from({ length: steps }, (_, k) => (k < 10 ? 100 / (k + 1) : 10))
const evidence = (own: Partial<StallEvidence>): StallEvidence => ({
  loss: flat, stalled: undefined, parts: [], gradient: [], observedSteps: [], linearisation: undefined, kernel: undefined, parameters: 40, ...own,
})

describe('a loss that stands still', () => {
  it('is one that fell little in the last quarter, or whose optimizer says so', () => {
    expect(standsStill(flat, undefined)).toBe(true)
    const falling = flat.map((_, k) => 0.9 ** k)
    expect(standsStill(falling, undefined)).toBe(false)
    expect(standsStill(falling, 'No step lowers the loss any more.')).toBe(true)
    // At the level of rounding nothing is left to be explained.
    expect(standsStill(flat.map((l, k) => (k < 10 ? l : 1e-9)), 'It is at its rounding error.')).toBe(false)
    // Energies have no zero to be measured from, and a few steps no past.
    expect(standsStill(flat.map(l => l - 50), undefined)).toBe(false)
    expect(standsStill(flat.slice(0, 15), undefined)).toBe(false)
  })
})

describe('the probable reason', () => {
  const linearisation = (coefficients: readonly number[], squares: number) => ({ values: Float64Array.of(1, 1e-2, 1e-9), coefficients: Float64Array.from(coefficients), cutoff: 1e-8, squares, rows: 60, columns: 10 })

  it('is a network too small where the residual is orthogonal to its directions', () => {
    const [fault, ...rest] = stallReasons(evidence({ stalled: 'No step.', linearisation: linearisation([0.1, 0.1, 0.1], 10) }))
    expect(rest).toEqual([])
    expect(fault).toMatchObject({ severity: 'info', code: 'learning-stalled', where: { path: 'network' } })
    expect(fault.message).toBe('The loss stands still at 10 after 100 steps: 99.7 % of the residual is orthogonal to all that the 10 parameters can change at the 60 residuals: the network is too small for this solution.')
  })

  it('is the cut-off where the residual lies in directions below it', () => {
    const [fault] = stallReasons(evidence({ linearisation: linearisation([0.1, 0.1, 3], 9.1) }))
    expect(fault.message).toContain('99 % of the residual lies in directions whose singular values are below the cut-off of 1e-8, and 0.22 % in those that are kept')
    expect(fault.where).toEqual({ path: 'optimizer.cutoff' })
  })

  it('is not told where the kept directions still hold the residual', () => {
    const [fault] = stallReasons(evidence({ linearisation: linearisation([3, 1, 0], 10) }))
    expect(fault.message).toContain('neither spectral bias nor unbalanced terms nor missing directions')
  })

  it('is spectral bias where what is left lies in directions that gradient flow has not reached', () => {
    const kernel = { eigenvalues: Float64Array.of(1e3, 1, 1e-3, 1e-6), energies: Float64Array.of(0, 0.05, 6, 4) }
    // dL/dτ = −‖∇L‖²: from 100 to 10 at gradients of 3 is a time of 10.
    const observed = { gradient: [3, 3, 3], observedSteps: [0, 5, 99] }
    expect(flowTime(flat, observed.gradient, observed.observedSteps)).toBeCloseTo(10, 12)
    const [fault] = stallReasons(evidence({ kernel, ...observed }))
    expect(fault.message).toBe('The loss ended at 10 and fell by 0 % in the last quarter of 100 steps: spectral bias: 99.5 % of the residual lies in directions that gradient descent has not reached, with eigenvalues of the tangent kernel below 0.1 (the largest is 1000, half of them are below 0.001); 2 of 4 directions are learned.')
    expect(fault.tip).toContain('Gauss–Newton')
    // The same residual in a direction that was reached is another story.
    expect(stallReasons(evidence({ kernel: { ...kernel, energies: Float64Array.of(6, 4, 0, 0) }, ...observed }))[0].message).toContain('neither')
  })

  it('is a network too small at the points of the kernel as well', () => {
    const kernel = { eigenvalues: Float64Array.of(1e3, 1, 0, 0), energies: Float64Array.of(0, 0.05, 10, 0) }
    expect(stallReasons(evidence({ kernel, gradient: [3, 3], observedSteps: [0, 99] }))[0].message).toContain('99.5 % of the residual is orthogonal to all that the 40 parameters can change at 4 residuals')
  })

  it('is the balance where one term is hundreds of times louder and the other is left', () => {
    const parts = [{ name: 'equation u', loss: flat.map((l, k) => (k < 10 ? l : 1e-4)), gradient: [500, 400, 300] }, { name: 'u on left', loss: flat.map(() => 0.5), gradient: [1, 0.5, 1] }]
    const [fault] = stallReasons(evidence({ parts }))
    expect(fault.message).toContain('the gradient of "u on left" is 1/400 of that of "equation u" (medians over the training), so that 100 % of it is left where 0.0001 % of the other is; it makes up 5 % of the loss')
    expect(fault.where).toEqual({ path: 'weights' })
    // A quiet term that was lowered like the others is not to blame.
    const lowered = [parts[0], { ...parts[1], loss: parts[0].loss }]
    expect(stallReasons(evidence({ parts: lowered }))).toEqual([])
  })
})
