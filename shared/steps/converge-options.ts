import { z } from 'zod'
import type { StepEnvelope } from '../experiment/document'
import type { Libm } from '../expressions/libm'
import { error } from '../fault'
import type { Fault } from '../fault'
import type { AnalysedProblem } from '../problems/analysed'
import { schemaFaults } from './schema-faults'
import { checkSolve, solveOptions } from './solve-options'

export const convergeOptions = z.strictObject({
  method: solveOptions.shape.method,
  resolutions: z.array(z.union([z.number().int().min(3), z.array(z.number().int().min(3)).min(1).max(3)])).min(2).max(16)
    .describe('Two or more resolutions, coarse to fine: a number for all axes, or one number per axis.').meta({ title: 'Resolutions', unit: 'nodes' }),
})

/** The step as a solve step at one of its resolutions. */
export function solveStepAt(step: StepEnvelope, resolution: readonly number[]): StepEnvelope {
  const { resolutions: _, ...rest } = step
  return { ...rest, id: step.id, kind: 'solve', resolution }
}

export function resolutionsOf(step: StepEnvelope, axes: number): number[][] {
  return (step.resolutions as (number | number[])[]).map(r => (Array.isArray(r) ? r : Array.from({ length: axes }, () => r)))
}

/** The width h of a grid: the widest spacing over the axes. */
export function gridWidth(problem: AnalysedProblem, resolution: readonly number[]): number {
  return Math.max(...problem.axes.map((axis, i) => (axis.upper - axis.lower) / (axis.periodic ? resolution[i] : resolution[i] - 1)))
}

export function checkConverge(step: StepEnvelope, problem: AnalysedProblem | undefined, libm: Libm): Fault[] {
  const faults = schemaFaults(z.object({ resolutions: convergeOptions.shape.resolutions }), step)
  if (faults.length > 0) return faults
  if (step.resolution !== undefined) return [error('unknown-key', 'Unknown key "resolution".', { where: { path: 'resolution' }, tip: 'Did you mean "resolutions"?' })]
  if (problem && !problem.exact) return [error('missing-exact', 'A convergence study needs an exact solution to measure against.', { where: { path: 'id' }, tip: 'Give the statement "exact".' })]
  const axes = problem?.axes.length ?? 1
  const warnings: Fault[] = []
  for (const [i, resolution] of resolutionsOf(step, axes).entries()) {
    const inner = checkSolve(solveStepAt(step, resolution), problem, libm)
    if (inner.some(f => f.severity === 'error')) return inner.map(f => ({ ...f, where: { ...f.where, path: f.where?.path?.startsWith('resolution') ? `resolutions[${i}]` : f.where?.path } }))
    if (i === 0) warnings.push(...inner)
  }
  if (problem) {
    const widths = resolutionsOf(step, axes).map(resolution => gridWidth(problem, resolution))
    const twin = widths.findIndex((h, i) => widths.indexOf(h) < i)
    if (twin > 0) {
      return [error('same-width', `Two of the grids have the same width h = ${Number(widths[twin].toPrecision(6))}, and an order is a slope over different widths.`, {
        where: { path: `resolutions[${twin}]` }, tip: 'Refine the axis with the widest spacing too.',
      })]
    }
  }
  return warnings
}
