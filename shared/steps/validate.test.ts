import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { loadLibm, readKernels } from '../../electron/engine/kernels'
import { faultLine } from '../fault'
import { checkDocument } from './check'
import { validateDocument } from './validate'

const libm = loadLibm(readKernels())

const base = {
  format: 'residuum/1', title: 'Poisson', seed: 1, problem: { catalogue: 'poisson-2d' },
  steps: [{ id: 'fd', kind: 'solve', method: 'finite-difference', resolution: [129, 129] }], figures: [],
}
const lineOf = (change: object): string => {
  const { faults, valid } = validateDocument({ ...base, ...change }, libm)
  expect(valid).toBe(false)
  return faultLine(faults[0])
}

describe('validateDocument', () => {
  it('accepts the document of the format’s description', () => {
    expect(validateDocument(base, libm)).toMatchObject({ valid: true, faults: [] })
  })
  it.each([
    ['an unknown key', { step: [] }, 'step: Unknown key "step". Did you mean "steps"?'],
    ['an unknown key of a step', { steps: [{ id: 'fd', kind: 'solve', resolutoin: [9, 9] }] }, 'steps[0].resolutoin: Unknown key "resolutoin". Did you mean "resolution"?'],
    ['an unknown key of the statement', { problem: { domain: { bounds: [[0, 1]] }, unknowns: ['u'], equation: ['dxx(u) = 1'], equations: ['dxx(u) = 1'] } }, 'problem.equation: Unknown key "equation". Did you mean "equations"?'],
    ['an unknown method', { steps: [{ id: 'fd', kind: 'solve', method: 'finite-diference' }] }, 'steps[0].method: There is no method "finite-diference". Did you mean "finite-difference"?'],
    ['an unknown kind', { steps: [{ id: 'fd', kind: 'slove' }] }, 'steps[0].kind: There is no kind of step "slove". Did you mean "solve"?'],
    ['a wrong id', { steps: [{ id: '9x', kind: 'solve' }] }, 'steps[0].id: "9x" cannot be a step’s id.'.replace('’', "'")],
    ['an id that no file can have on Windows', { steps: [{ id: 'con', kind: 'solve' }] }, 'steps[0].id: "con" cannot be a step\'s id. Windows gives this name'],
    ['twice the same id', { steps: [{ id: 'a', kind: 'solve' }, { id: 'a', kind: 'solve' }] }, 'steps[1].id: Two steps have the id "a".'],
    ['a step that is not there', { steps: [{ id: 'coarse', kind: 'solve' }, { id: 'c', kind: 'compare', a: 'coarse', b: 'corse' }] }, 'steps[1].b: There is no other step "corse". Did you mean "coarse"?'],
    ['a resolution for another dimension', { steps: [{ id: 'a', kind: 'solve', resolution: [9] }] }, 'steps[0].resolution: The resolution has 1 entry, but the domain has 2 axes.'],
    ['a resolution that is no number', { steps: [{ id: 'a', kind: 'solve', resolution: ['many', 9] }] }, 'steps[0].resolution[0]: "many" does not fit here.'],
    ['a convergence study of one width', { steps: [{ id: 'a', kind: 'converge', resolutions: [[33, 17], [17, 33]] }] }, 'steps[0].resolutions[1]: Two of the grids have the same width h = 0.0625, and an order is a slope over different widths.'],
    ['another format', { format: 'residuum/9' }, 'format: The document\'s format is "residuum/9"; this version reads "residuum/1".'],
    ['a time step of zero', { steps: [{ id: 'a', kind: 'solve', time: { dt: 0 } }] }, 'steps[0].time.dt: 0 is too small: more than 0 is needed.'],
    ['a time step without end', { problem: { catalogue: 'heat-1d' }, steps: [{ id: 'a', kind: 'solve', time: { dt: 1e-300 } }] }, 'steps[0].time.dt: The time step 1e-300 would take more than a billion steps'],
    ['output times that coincide', { problem: { catalogue: 'heat-1d' }, steps: [{ id: 'a', kind: 'solve', times: [1e-300, 2e-300] }] }, 'steps[0].times: Two output times'],
    ['an order between the choices', { steps: [{ id: 'a', kind: 'solve', method: 'finite-difference', order: 3 }] }, 'steps[0].order: 3 is not one of the choices. The choices are 2, 4.'],
    ['a hole of two shapes', { problem: { domain: { bounds: [[0, 1], [0, 1]], holes: [{ disk: { center: [0.5, 0.5], radius: 0.1 }, polygon: { points: [[0, 0], [1, 0], [0, 1]] } }] }, unknowns: ['u'], equations: ['lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }] } }, 'problem.domain.holes[0].polygon: The key "polygon" does not go together with the others here. Choose one of disk, polygon.'],
    ['output times of a steady problem', { steps: [{ id: 'a', kind: 'solve', times: 5 }] }, 'steps[0].times: Output times are given, but the problem is steady.'],
  ])('refuses %s', (_title, change, expected) => {
    expect(lineOf(change).startsWith(expected)).toBe(true)
  })
  it.each([
    ['an order in time without choice', { problem: { catalogue: 'heat-1d' }, steps: [{ id: 'a', kind: 'solve', method: 'finite-difference', time: { method: 'crank-nicolson', order: 4 } }] }, 'steps[0].time.order'],
    ['fluxes of a steady problem', { steps: [{ id: 'a', kind: 'solve', method: 'finite-difference', flux: 'weno5' }] }, 'steps[0].flux'],
    ['a relaxation factor without its solver', { steps: [{ id: 'a', kind: 'solve', method: 'finite-difference', solver: 'cg', relaxation: 1.5 }] }, 'steps[0].relaxation'],
  ])('warns of %s', (_title, change, path) => {
    const { faults, valid } = validateDocument({ ...base, ...change }, libm)
    expect(valid).toBe(true)
    expect(faults.map(f => [f.severity, f.code, f.where?.path])).toEqual([['warning', 'ignored-option', path]])
  })
  it('takes orders and factors that count', () => {
    const steps = [{ id: 'a', kind: 'solve', method: 'finite-difference', solver: 'sor', relaxation: 1.5, flux: 'auto' }]
    expect(validateDocument({ ...base, steps }, libm).faults).toEqual([])
    expect(validateDocument({ ...base, problem: { catalogue: 'heat-1d' }, steps: [{ id: 'a', kind: 'solve', method: 'finite-element', time: { method: 'bdf', order: 2 } }] }, libm).faults).toEqual([])
  })
  it('refuses keys that reach prototypes', () => {
    const document = JSON.parse('{"format":"residuum/1","title":"x","steps":[],"problem":{"parameters":{"__proto__":1}}}') as unknown
    expect(validateDocument(document, libm).faults[0].code).toBe('forbidden-key')
  })
  it('finds a circle of steps', () => {
    const steps = [{ id: 'a', kind: 'compare', a: 'b', b: 'b' }, { id: 'b', kind: 'compare', a: 'a', b: 'a' }]
    expect(validateDocument({ ...base, steps }, libm).faults.map(f => f.code)).toContain('step-cycle')
  })
  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.anything(), value => {
      expect(validateDocument(value, libm).valid).toBe(false)
    }), { numRuns: 500 })
    fc.assert(fc.property(fc.jsonValue(), fc.constantFrom('center', 'radius', 'points', 'bounds', 'holes', 'where', 'periodic'), fc.constantFrom('disk', 'polygon', 'l-shape', 'mask', 'box'), (value, key, shape) => {
      checkDocument({ ...base, problem: { domain: { shape, [key]: value }, unknowns: ['u'], equations: ['-lap(u) = 1'] } }, libm)
    }), { numRuns: 300 })
    fc.assert(fc.property(fc.jsonValue(), fc.constantFrom('problem', 'steps', 'figures', 'seed', 'title'), (value, key) => {
      validateDocument({ ...base, [key]: value }, libm)
      checkDocument({ ...base, [key]: value }, libm)
    }), { numRuns: 500 })
  })
})

describe('checkDocument', () => {
  it.each<[object, string]>([
    [{ shape: 'disk', center: [0, 'a'], radius: 2 }, '\\Omega = \\{\\, \\lvert (x, y) - (0, a)\\rvert < 2 \\,\\}'],
    [{ shape: 'l-shape' }, '\\Omega = [-1, 1] \\times [-1, 1] \\setminus [0, 1] \\times [-1, 0]'],
    [{ dimension: 10 }, '\\Omega = [0, 1]^{10}'],
    [{ shape: 'mask', bounds: [[0, 1], [0, 1]], where: 'x < y' }, '\\Omega = \\{\\, x < y \\,\\} \\cap [0, 1] \\times [0, 1]'],
    [{ bounds: [[0, 1], [0, 1]], holes: [{ disk: { center: [0.5, 0.5], radius: 0.1 } }] }, '\\Omega = [0, 1] \\times [0, 1] \\setminus \\{\\, \\lvert (x, y) - (0.5, 0.5)\\rvert < 0.1 \\,\\}'],
  ])('typesets the domain %j', (domain, latex) => {
    const problem = { domain, parameters: { a: 0.5 }, unknowns: ['u'], equations: ['-lap(u) = 1'], boundary: [{ on: 'all', condition: 'u = 0' }] }
    const { latex: found, faults } = checkDocument({ ...base, problem, steps: [] }, libm)
    expect(faults).toEqual([])
    expect(found.domain).toBe(latex)
  })
  it('says which method auto stands for, and why', () => {
    expect(checkDocument({ ...base, steps: [{ id: 'a', kind: 'solve' }] }, libm)).toMatchObject({ faults: [], method: { id: 'finite-difference', reason: 'Finite differences: a linear elliptic equation on a box, solved by multigrid.' } })
  })
  it('typesets what parses and reports what does not', () => {
    const problem = { domain: { shape: 'box', bounds: [[0, 1], [0, '2*pi']] }, unknowns: ['u'], equations: ['-lap(u) = f*'], definitions: { f: 'sin(x)' }, boundary: [{ on: 'all', condition: 'u = 0' }] }
    const result = checkDocument({ ...base, problem }, libm)
    expect(result.latex.equations).toEqual([undefined])
    expect(result.latex.definitions.f).toContain('\\sin')
    expect(result.latex.domain).toContain('2')
    expect(result.faults[0]).toMatchObject({ where: { path: 'problem.equations[0]', text: '-lap(u) = f*' } })
  })
})
