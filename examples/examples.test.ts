import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../electron/engine/kernels'
import { validateDocument } from '../shared/steps/validate'

const folder = import.meta.dirname
const { gallery } = JSON.parse(readFileSync(join(folder, 'gallery.json'), 'utf8')) as { gallery: { example: string; results: boolean }[] }
const libm = loadLibm(readKernels())

describe('examples', () => {
  it.each(gallery.map(g => [g.example, g] as const))('%s is a valid document', (_name, { example }) => {
    const document = JSON.parse(readFileSync(join(folder, `${example}.json`), 'utf8')) as unknown
    expect(validateDocument(document, libm).faults).toEqual([])
  })
  it.each(gallery.filter(g => g.results).map(g => [g.example] as const))('%s has results that belong to its document and stay small', example => {
    const path = join(folder, `${example}.residuum`)
    expect(existsSync(path)).toBe(true)
    expect(statSync(path).size).toBeLessThanOrEqual(2e6)
  })
})
