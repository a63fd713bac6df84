import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadLibm, readKernels } from '../electron/engine/kernels'
import { openResiduum } from '../electron/engine/files/residuum'
import type { ExperimentDocument } from '../shared/experiment/document'
import { problems } from '../shared/problems/catalogue'
import { methodFaults } from '../shared/steps/method-check'
import { validateDocument } from '../shared/steps/validate'

const folder = import.meta.dirname
const { gallery } = JSON.parse(readFileSync(join(folder, 'gallery.json'), 'utf8')) as { gallery: { example: string; group: string; summary: string }[] }
const documents = readdirSync(folder).filter(name => name.endsWith('.json') && name !== 'gallery.json')
const libm = loadLibm(readKernels())
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'))

describe('examples', () => {
  it.each(documents)('%s is a valid document, and its methods take its steps', async name => {
    const validation = validateDocument(read(name), libm)
    expect([...validation.faults, ...(await methodFaults(validation, libm))]).toEqual([])
  })
  it('are all in the gallery, each once, with a group and a line; together they stay small', () => {
    expect(gallery.map(({ example }) => `${example}.json`).sort()).toEqual([...documents].sort())
    for (const { group, summary } of gallery) {
      expect(group).toMatch(/^[A-Z]/)
      expect(summary).toMatch(/^.{15,110}\.$/u)
    }
    expect(gallery.reduce((total, { example }) => total + statSync(join(folder, `${example}.residuum`)).size, 0)).toBeLessThanOrEqual(30e6)
  })
  it('show every problem of the catalogue that a classical method solves', () => {
    const shown = new Set(documents.flatMap(name => {
      const { problem } = read(name) as { problem?: { catalogue?: string } }
      return problem === undefined ? [] : [problem.catalogue ?? problems.find(({ statement }) => JSON.stringify(statement.equations) === JSON.stringify((problem as typeof statement).equations))?.descriptor.id]
    }))
    expect(problems.filter(({ defaults, descriptor }) => defaults && !shown.has(descriptor.id)).map(({ descriptor }) => descriptor.id)).toEqual([])
  })
  it.each(gallery.map(g => g.example))('%s has results that belong to its document, a picture, and stays small', example => {
    const path = join(folder, `${example}.residuum`)
    expect(statSync(path).size).toBeLessThanOrEqual(2e6)
    const file = openResiduum(path)
    try {
      const document = read(`${example}.json`) as ExperimentDocument
      expect(file.document).toEqual(document)
      const names = file.members.map(member => member.name)
      expect(names).toContain('thumbnail.png')
      for (const step of document.steps) expect(names).toContain(`results/${step.id}/metrics.json`)
      file.verify()
    } finally {
      file.close()
    }
  })
})
