import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { smallDocument } from '../engine/testing/engine'
import { lines, residuum, write } from './command.testing'

describe('bad input', () => {
  const { problem } = smallDocument
  const steps = [{ id: 'fd', kind: 'solve', method: 'finite-difference', resolution: [9, 9] }]
  const document = (change: object, others: object = {}): object => ({ ...smallDocument, steps, problem: { ...problem, ...change }, ...others })
  const cases: readonly [string, object | string, number, RegExp][] = [
    ['an unknown key', document({}, { steps: [{ ...steps[0], resoluton: [9, 9] }] }), 2, /steps\[0\]\.resoluton: Unknown key "resoluton"\. Did you mean "resolution"\?/],
    ['a misspelt function', document({ equations: ['-lap(u) = sinn(x)'] }), 2, /problem\.equations\[0\], column 11 .*sinn.*sin/],
    ['a missing boundary condition', document({ boundary: [{ on: ['left', 'right', 'top'], condition: 'u = 0' }] }), 2, /problem\.boundary: The side bottom/],
    ['unbalanced brackets', document({ equations: ['-lap(u) = (f'] }), 2, /bracket/],
    ['division by zero on the grid', document({ equations: ['-lap(u) = 1/(x - 0.5)'], exact: undefined }), 1, /x = 0\.5/],
    ['dzz in two dimensions', document({ equations: ['-dzz(u) = f'] }), 2, /dzz.*z/],
    ['an enormous resolution', document({}, { steps: [{ ...steps[0], resolution: [3300000, 3300000] }] }), 2, /steps\[0\]\.resolution.*3300000.*memory/],
    ['a prototype key', '{"format":"residuum/1","title":"t","__proto__":{},"steps":[]}', 2, /"__proto__" is not allowed/],
    ['a member access', document({ equations: ['-lap(u) = constructor(x)'] }), 2, /constructor/],
    ['a text that is cut off', '{"format":"residuum/1",', 2, /not valid in line 1/],
    ['another format', { ...smallDocument, format: 'residuum/9' }, 2, /residuum\/9/],
  ]
  it.each(cases)('%s gives one clear line', async (_, content, code, message) => {
    write('bad.json', content)
    const [end, checked] = await Promise.all([residuum(['run', 'bad.json']), code === 2 ? residuum(['validate', 'bad.json']) : undefined])
    expect(end.code).toBe(code)
    const told = lines(end.err).filter(line => !line.startsWith('Nothing was kept') && !line.startsWith('warning:'))
    expect(told).toHaveLength(1)
    expect(told[0]).toMatch(message)
    expect(end.err).not.toMatch(/\n\s+at /)
    if (checked) expect(lines(checked.err).filter(line => !line.startsWith('warning:'))).toEqual(told)
  })

  it('a file that is cut off, and a zip bomb', async () => {
    const whole = zipSync({ 'experiment.json': new TextEncoder().encode(JSON.stringify(smallDocument)) })
    write('cut.residuum', whole.subarray(0, whole.length / 2))
    write('bomb.residuum', zipSync({ 'experiment.json': new Uint8Array(100 * 2 ** 20).fill(32) }))
    for (const [file, message] of [['cut.residuum', /cut off/], ['bomb.residuum', /200 to 1/]] as const) {
      for (const end of await Promise.all(['run', 'validate', 'info'].map(command => residuum([command, file])))) {
        expect([end.code, lines(end.err).length, end.out]).toEqual([2, 1, ''])
        expect(end.err).toMatch(message)
      }
    }
  })

  it.each([
    [['rnu', 'x.json'], 'residuum has no command "rnu". Did you mean "run"?'],
    [['run'], 'residuum run needs a file. Usage: residuum run FILE'],
    [['run', 'x.json', '--thread', '2'], 'residuum run has no option --thread. Did you mean --threads?'],
    [['run', 'x.json', '--threads', 'many'], '--threads many is not a whole number from 1 to 256.'],
    [['run', 'x.json', '--out'], '--out needs a value: --out X.residuum.'],
    [['run', 'x.json', '--out', 'x.json'], '--out x.json does not end in .residuum.'],
    [['run', 'x.json', '--json=1'], '--json takes no value.'],
    [['run', 'x.json', '--seed', '1', '--seed', '2'], '--seed is given twice. Give it once.'],
    [['run', 'gone.json'], 'There is no file gone.json. Check the path.'],
    [['run', 'x.json', '--set', 'a'], '--set a is not of the form path=value. For example: --set problem.parameters.k=2'],
    [['run', 'x.json', '--only', 'nothing'], 'x.json: There is no step "nothing". The steps are coarse, fine, difference.'],
    [['list', 'problms'], 'There is no list of "problms". Did you mean "problems"?'],
    [['figure', 'x.json'], 'residuum figure needs --out. For example: --out figure.pdf'],
    [['figure', 'x.json', '--out', 'f.doc'], '--out f.doc: figures are written as .pdf, .svg, .png.'],
    [['figure', 'x.json', '--out', 'f.pdf', '--preset', 'natur-single'], 'There is no preset "natur-single". Did you mean "nature-single"?'],
    [['figure', 'x.json', '--out', 'f.pdf'], 'x.json has no results to draw. Run it first: residuum run x.json --out x.residuum'],
    [['export', 'x.json', '--out', 'f.npy'], 'residuum export needs --array STEP/NAME or --model STEP. See what there is with: residuum info x.json'],
  ])('residuum %j', async (words, line) => {
    write('x.json', smallDocument)
    const end = await residuum(words)
    expect([end.code, lines(end.err)]).toEqual([2, [line]])
  })
})
