import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { z } from 'zod'
import { atomicWrite } from '../files/atomic-write'
import type { ResultRecord } from '../jobs/messages'
import { stepIdPattern } from '../../../shared/experiment/document'
import type { Workspace } from './workspace'

const faultSchema = z.object({
  severity: z.enum(['error', 'warning', 'info']), code: z.string(), message: z.string(), tip: z.string().optional(),
  where: z.object({ path: z.string().optional(), text: z.string().optional(), from: z.number().optional(), to: z.number().optional(), file: z.string().optional() }).optional(),
})

const recordSchema = z.object({
  step: z.string().regex(stepIdPattern), key: z.string(), seconds: z.number(), backend: z.string(), precision: z.string(), threads: z.number(),
  version: z.string(), converged: z.boolean(), stopped: z.literal(true).optional(), faults: z.array(faultSchema),
  ran: z.object({ method: z.string(), reason: z.string().optional(), resolution: z.array(z.number()).optional() }).optional(), timings: z.record(z.string(), z.array(z.number())).optional(), fileHashes: z.record(z.string(), z.string()).optional(),
})

/** The record of a step's result, or undefined where there is no result (a record without its folder counts as none). */
export function readRecord(workspace: Workspace, step: string): ResultRecord | undefined {
  const path = workspace.record(step)
  if (!existsSync(path) || !existsSync(workspace.result(step))) return undefined
  try {
    const parsed = recordSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

export function readRecords(workspace: Workspace): ResultRecord[] {
  if (!existsSync(workspace.records)) return []
  const steps = readdirSync(workspace.records).filter(name => name.endsWith('.json')).map(name => name.slice(0, -'.json'.length)).filter(name => stepIdPattern.test(name))
  return steps.sort().map(step => readRecord(workspace, step)).filter(record => record !== undefined)
}

export function writeRecord(workspace: Workspace, record: ResultRecord): void {
  mkdirSync(workspace.records, { recursive: true })
  atomicWrite(workspace.record(record.step), new TextEncoder().encode(`${JSON.stringify(record, undefined, 2)}\n`))
}

/** Results that were being written when their process ended. */
export function sweepPartialResults(workspace: Workspace): void {
  if (!existsSync(workspace.results)) return
  for (const name of readdirSync(workspace.results)) if (name.includes('.partial-')) rmSync(`${workspace.results}/${name}`, { recursive: true, force: true })
}
