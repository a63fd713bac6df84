import { describe, expect, it } from 'vitest'
import { barycentricGradients, basisDerivatives, basisValues, simplexRule, type Dimension } from './mesh-element'

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))
const dimensions: Dimension[] = [1, 2, 3]

describe('quadrature on simplices', () => {
  it.each(dimensions.flatMap(d => [2, 5].map(e => [d, e] as [Dimension, 2 | 5])))('dimension %i is exact to degree %i', (dimension, exactness) => {
    const rule = simplexRule(dimension, exactness)
    expect(Math.min(...rule.weights)).toBeGreaterThan(0)
    for (let p = 0; p <= exactness; p++) {
      for (let q = 0; p + q <= exactness; q++) {
        let sum = 0
        for (let i = 0; i < rule.count; i++) sum += rule.weights[i] * rule.barycentric[i * (dimension + 1)] ** p * rule.barycentric[i * (dimension + 1) + 1] ** q
        // ∫ λ₀^p λ₁^q / |K| = d! p! q! / (d + p + q)!
        expect(sum).toBeCloseTo((factorial(dimension) * factorial(p) * factorial(q)) / factorial(dimension + p + q), 14)
      }
    }
  })
})

describe('basis functions', () => {
  it.each(dimensions.flatMap(d => [1, 2].map(k => [d, k] as [Dimension, 1 | 2])))('dimension %i, degree %i: derivatives are those of the values', (dimension, degree) => {
    const corners = dimension + 1
    const nodes = degree === 1 ? corners : (corners * (corners + 1)) / 2
    const lambda = Float64Array.from([0.31, 0.22, 0.4, 0.07].slice(0, corners))
    const [up, down] = [new Float64Array(nodes), new Float64Array(nodes)]
    const derivatives = new Float64Array(nodes * corners)
    basisDerivatives(dimension, degree, lambda, derivatives)
    for (let k = 0; k < corners; k++) {
      const shifted = (by: number) => lambda.map((l, i) => (i === k ? l + by : l))
      basisValues(dimension, degree, shifted(1e-3), up)
      basisValues(dimension, degree, shifted(-1e-3), down)
      for (let a = 0; a < nodes; a++) expect(derivatives[a * corners + k]).toBeCloseTo((up[a] - down[a]) / 2e-3, 9)
    }
  })

  it('gradients of barycentric coordinates reproduce linear functions', () => {
    const points = Float64Array.of(0, 0, 0, 1, 0.2, 0, 0.1, 1.5, 0.3, -0.2, 0.1, 2)
    const out = new Float64Array(12)
    const volume = barycentricGradients(3, points, [0, 1, 2, 3], 0, out)
    expect(volume).toBeGreaterThan(0)
    for (let axis = 0; axis < 3; axis++) {
      for (let along = 0; along < 3; along++) {
        let slope = 0
        for (let i = 0; i < 4; i++) slope += points[3 * i + axis] * out[3 * i + along]
        expect(slope).toBeCloseTo(axis === along ? 1 : 0, 13)
      }
    }
  })
})
