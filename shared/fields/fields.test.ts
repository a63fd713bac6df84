import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Libm } from '../expressions/libm'
import { uniformAxis, type Axis, type Field } from './field'
import { interpolateAlong, isChebyshev, lagrangeInterpolation, spectralInterpolation, trigonometricInterpolation } from './interpolate'
import { errorsAgainstExact, relativeL2Nodes, type PointFunction } from './norms'
import { reducePicture, reduceSpacetime } from './picture'
import { cut, probe, probeSpacetime } from './probe'
import { integrate, mean } from './quadrature'
import { resampleField } from './resample'

// The host's own functions: these tests are about interpolation, not about the libm kernel.
const libm = { sin: Math.sin, cos: Math.cos } as Libm

function fill(axes: readonly Axis[], f: (x: number, y: number, z: number, t: number) => number, times?: Float64Array, name = 'u'): Field {
  const [x, y, z] = [0, 1, 2].map(a => axes[a]?.coordinates ?? new Float64Array(1))
  const values: number[] = []
  for (const tk of times ?? [0]) for (const zk of z) for (const yj of y) for (const xi of x) values.push(f(xi, yj, zk, tk))
  return { name, grid: { axes }, times, values: Float64Array.from(values) }
}

describe('interpolation', () => {
  it('is exact for polynomials of its degree on non-uniform axes, with derivatives, and NaN outside', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 6 }), fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 8, maxLength: 12 }), (degree, steps) => {
      const coordinates = new Float64Array(steps.length + 1)
      steps.forEach((step, i) => (coordinates[i + 1] = coordinates[i] + step))
      const upper = coordinates[steps.length]
      const axis: Axis = { name: 'x', lower: 0, upper, periodic: false, coordinates }
      const points = [0, upper, 0.37 * upper, 0.99 * upper, coordinates[3]]
      const p = (x: number): number => (x - 0.3) ** degree - 2 * x + 1
      const values = interpolateAlong(coordinates.map(p), [coordinates.length], 0, lagrangeInterpolation(axis, points, degree))
      points.forEach((x, i) => expect(values[i]).toBeCloseTo(p(x), 7))
      const slopes = interpolateAlong(coordinates.map(p), [coordinates.length], 0, lagrangeInterpolation(axis, points, degree, 1))
      points.forEach((x, i) => expect(slopes[i]).toBeCloseTo(degree * (x - 0.3) ** (degree - 1) - 2, 5))
      expect(interpolateAlong(coordinates, [coordinates.length], 0, lagrangeInterpolation(axis, [-0.1, upper + 0.1], degree))).toEqual(Float64Array.of(NaN, NaN))
    }))
  })

  it('keeps nodal values bit for bit', () => {
    const axis = uniformAxis('x', -1, 1, 33, false)
    const values = axis.coordinates.map(x => Math.exp(x))
    expect(interpolateAlong(values, [33], 0, lagrangeInterpolation(axis, axis.coordinates, 5))).toEqual(values)
  })

  it('converges with order degree + 1 and wraps on periodic axes', () => {
    for (const degree of [1, 2, 3, 4, 5]) {
      const errors = [32, 64].map(n => {
        const axis = uniformAxis('x', 0, 2, n, true)
        const points = Float64Array.from({ length: 301 }, (_, i) => -1 + (i * 4) / 300)
        const values = interpolateAlong(axis.coordinates.map(x => Math.sin(Math.PI * x)), [n], 0, lagrangeInterpolation(axis, points, degree))
        return points.reduce((m, x, i) => Math.max(m, Math.abs(values[i] - Math.sin(Math.PI * x))), 0)
      })
      expect(Math.log2(errors[0] / errors[1])).toBeGreaterThan(degree + 0.85)
    }
  })

  it.each([16, 17])('reproduces the Fourier basis of %i nodes and its derivative', n => {
    const axis = uniformAxis('x', -1, 2, n, true)
    const f = (x: number): number => 0.3 + Math.sin((2 * Math.PI * 5 * x) / 3) + Math.cos((2 * Math.PI * 7 * (x + 0.2)) / 3)
    const slope = (x: number): number => ((2 * Math.PI) / 3) * (5 * Math.cos((2 * Math.PI * 5 * x) / 3) - 7 * Math.sin((2 * Math.PI * 7 * (x + 0.2)) / 3))
    const points = [-1, -0.9, 0.123, 1.99, 2, axis.coordinates[4]]
    const values = interpolateAlong(axis.coordinates.map(f), [n], 0, trigonometricInterpolation(axis, points, libm))
    const slopes = interpolateAlong(axis.coordinates.map(f), [n], 0, trigonometricInterpolation(axis, points, libm, 1))
    points.slice(0, 5).forEach((x, i) => {
      expect(values[i]).toBeCloseTo(f(x), 12)
      if (i > 0 && i < 4) expect(slopes[i]).toBeCloseTo(slope(x), 10)
    })
    expect(values[5]).toBe(f(axis.coordinates[4]))
  })
})

describe('Chebyshev nodes', () => {
  const n = 25
  const axis: Axis = { name: 'x', lower: -1, upper: 3, periodic: false, coordinates: Float64Array.from({ length: n }, (_, j) => 1 - 2 * Math.cos((Math.PI * j) / (n - 1))) }
  it('carry an analytic function and its derivative to rounding, on nodes too', () => {
    expect(isChebyshev(axis, libm)).toBe(true)
    expect(isChebyshev(uniformAxis('x', -1, 3, n, false), libm)).toBe(false)
    const points = [-1, 3, 0.1234, 2.9, axis.coordinates[7]]
    const values = axis.coordinates.map(x => Math.sin(x) * Math.exp(x / 2))
    const at = interpolateAlong(values, [n], 0, spectralInterpolation(axis, points, libm))
    const slopes = interpolateAlong(values, [n], 0, spectralInterpolation(axis, points, libm, 1))
    points.forEach((x, i) => {
      expect(at[i]).toBeCloseTo(Math.sin(x) * Math.exp(x / 2), 12)
      expect(slopes[i]).toBeCloseTo((Math.cos(x) + Math.sin(x) / 2) * Math.exp(x / 2), 9)
    })
    expect(at[4]).toBe(values[7])
    expect(spectralInterpolation(axis, [3.1], libm).weight[0]).toBeNaN()
  })
  it('have errors at rounding against the exact solution', () => {
    const field: Field = { name: 'u', grid: { axes: [axis] }, values: axis.coordinates.map(x => Math.sin(x)) }
    const metrics = errorsAgainstExact(field, ({ x }) => x.map(Math.sin), { degree: 'trigonometric', libm, gradient: [({ x }) => x.map(Math.cos)] })
    expect(metrics.relative_l2).toBeLessThan(1e-14)
    expect(metrics.relative_h1).toBeLessThan(1e-12)
  })
})

describe('resampling', () => {
  const field = fill([uniformAxis('x', 0, 1, 21, false), uniformAxis('y', -1, 1, 17, false)], (x, y, _, t) => (x ** 3 - y ** 2 * x) * (1 + t), Float64Array.of(0, 0.5, 1))
  it('moves a field to another grid and other times, exact for its polynomial', () => {
    const axes = [uniformAxis('x', 0.1, 0.9, 7, false), uniformAxis('y', -1, 1, 5, false)]
    const moved = resampleField(field, { axes }, Float64Array.of(0, 0.3, 1), 3)
    const expected = fill(axes, (x, y, _, t) => (x ** 3 - y ** 2 * x) * (1 + t), Float64Array.of(0, 0.3, 1))
    expect(relativeL2Nodes(moved.values, expected.values)).toBeLessThan(1e-14)
    expect(resampleField(field, { axes }, Float64Array.of(1.1), 3).values.every(Number.isNaN)).toBe(true)
  })
  it('keeps every bit where nodes coincide up to a file’s rounding', () => {
    const rounded = { ...field.grid.axes[0], coordinates: field.grid.axes[0].coordinates.map(x => x * (1 + 2e-16)) }
    expect(resampleField(field, { axes: [rounded, field.grid.axes[1]] }, field.times, 3).values).toEqual(field.values)
  })
})

describe('errors against an exact solution', () => {
  const product: PointFunction = ({ x, y }) => x.map((xi, i) => Math.sin(Math.PI * xi) * Math.sin(Math.PI * y![i]))
  const gradient: PointFunction[] = [
    ({ x, y }) => x.map((xi, i) => Math.PI * Math.cos(Math.PI * xi) * Math.sin(Math.PI * y![i])),
    ({ x, y }) => x.map((xi, i) => Math.PI * Math.sin(Math.PI * xi) * Math.cos(Math.PI * y![i])),
  ]
  it('gives the known error of a scaled solution', () => {
    const axes = [uniformAxis('x', 0, 1, 65, false), uniformAxis('y', 0, 1, 33, false)]
    const field = fill(axes, (x, y) => 1.01 * Math.sin(Math.PI * x) * Math.sin(Math.PI * y))
    const metrics = errorsAgainstExact(field, product, { degree: 5, gradient })
    expect(metrics.relative_l2).toBeCloseTo(0.01, 7)
    expect(metrics.relative_h1).toBeCloseTo(0.01, 6)
    expect(metrics.max_error).toBeCloseTo(0.01, 5)
  })
  it('sees the interpolation error of exact nodal values: order degree + 1 in L², degree in H¹', () => {
    const [coarse, fine] = [33, 65].map(n => errorsAgainstExact(fill([uniformAxis('x', 0, 1, n, false), uniformAxis('y', 0, 1, n, false)], (x, y) => Math.sin(Math.PI * x) * Math.sin(Math.PI * y)), product, { degree: 3, gradient }))
    expect(Math.log2(coarse.relative_l2 / fine.relative_l2)).toBeGreaterThan(3.8)
    expect(Math.log2(coarse.relative_h1 / fine.relative_h1)).toBeGreaterThan(2.8)
  })
  it('integrates three dimensions, time and the Fourier basis', () => {
    const wave = (x: number, y: number, z: number, t: number): number => (1 + t) * (2 + Math.sin(2 * Math.PI * (x + y)) * Math.cos(2 * Math.PI * z))
    const axes = ([ 'x', 'y', 'z' ] as const).map(name => uniformAxis(name, 0, 1, 12, true))
    const field = fill(axes, (x, y, z, t) => wave(x, y, z, t) * (t === 1 ? 1.1 : 1), Float64Array.of(0, 0.5, 1))
    const exact: PointFunction = ({ x, y, z }, t) => x.map((xi, i) => wave(xi, y![i], z![i], t))
    const metrics = errorsAgainstExact(field, exact, { degree: 'trigonometric', libm })
    expect(metrics.relative_l2).toBeCloseTo(0.1, 12)
    // Trapezoidal weights ¼, ½, ¼ on (1 + t)²: only the last time is wrong.
    expect(metrics.relative_l2_spacetime).toBeCloseTo(0.1 * Math.sqrt((0.25 * 4) / (0.25 * 1 + 0.5 * 2.25 + 0.25 * 4)), 12)
  })
  it('keeps a NaN visible', () => {
    const axes = [uniformAxis('x', 0, 1, 9, false), uniformAxis('y', 0, 1, 9, false)]
    const field = fill(axes, () => 1)
    field.values[40] = NaN
    const metrics = errorsAgainstExact(field, product, { degree: 3 })
    expect(metrics.relative_l2).toBeNaN()
    expect(metrics.max_error).toBeNaN()
  })
})

describe('integrals', () => {
  it('integrates and averages with trapezoidal weights', () => {
    const field = fill([uniformAxis('x', 0, 2, 41, false), uniformAxis('y', 0, 1, 16, true)], (x, y) => x + 1 + Math.sin(2 * Math.PI * y))
    expect(integrate(field)).toBeCloseTo(4, 12)
    expect(mean(field)).toBeCloseTo(2, 12)
  })
})

describe('pictures', () => {
  const periodic = fill([uniformAxis('x', 0, 1, 100, true), uniformAxis('y', 0, 1, 51, false)], (x, y) => x + 10 * y)
  it('samples with both ends, closes periodic axes and keeps the true extremes', () => {
    const picture = reducePicture(periodic, 0, undefined, [11, 6])
    expect(picture.shape).toEqual([11, 6])
    expect(picture.axes[0].coordinates[10]).toBe(1)
    expect(picture.values[10]).toBe(picture.values[0])
    expect(Array.from(picture.axes[1].coordinates)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(picture.maximum).toBe(0.99 + 10)
    expect(reducePicture(periodic, 0).shape).toEqual([101, 51])
    const part = reducePicture(periodic, 0, [[10, 21], [5, 6]])
    expect(part.shape).toEqual([11, 1])
    expect([part.minimum, part.maximum]).toEqual([0.1 + 1, 0.2 + 1])
  })
  it('keeps every peak of a line and counts what is not finite', () => {
    const line = fill([uniformAxis('x', 0, 1, 10001, false)], () => 0)
    line.values[4321] = 5
    line.values[77] = NaN
    const picture = reducePicture(line, 0, undefined, [100])
    expect(picture.shape[0]).toBeLessThanOrEqual(100)
    expect(Math.max(...picture.values)).toBe(5)
    expect(picture.axes[0].coordinates[picture.values.indexOf(5)]).toBe(0.4321)
    expect(picture.nonFinite).toBe(1)
  })
  it('shows x–t pictures, probes and cuts exactly', () => {
    const field = fill([uniformAxis('x', 0, 1, 8, true)], (x, _, __, t) => x + t, Float64Array.of(0, 1, 3))
    expect(reduceSpacetime(field).shape).toEqual([9, 3])
    expect(probeSpacetime(field, [0.25, 2])).toBe(2.25)
    expect(probe(field, [0.3125], 1)).toBe(1.3125)
    // Between the last node (0.875) and the wrapped first one.
    expect(probe(field, [0.9375], 0)).toBe(0.4375)
    expect(probe(periodic, [0.5, 1.2])).toBeNaN()
    const line = cut(field, [0, 0], [0.5, 3], 4, { spacetime: true })
    expect(line.values[3]).toBe(3.5)
    expect(line.distance[3]).toBeCloseTo(Math.sqrt(9.25), 14)
  })
})
