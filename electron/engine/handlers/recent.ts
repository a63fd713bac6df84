import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { atomicWrite } from '../files/atomic-write'

const recentSchema = z.array(z.object({ path: z.string(), title: z.string(), opened: z.string() })).max(100)
type Recent = z.infer<typeof recentSchema>

/** Recently opened and saved files, the latest first; those that are gone are left out. */
export function readRecent(dataFolder: string): Recent {
  try {
    const parsed = recentSchema.safeParse(JSON.parse(readFileSync(join(dataFolder, 'recent.json'), 'utf8')))
    return parsed.success ? parsed.data.filter(({ path }) => existsSync(path)) : []
  } catch {
    return []
  }
}

export function noteRecent(dataFolder: string, path: string, title: string): void {
  mkdirSync(dataFolder, { recursive: true })
  const list = [{ path, title, opened: new Date().toISOString() }, ...readRecent(dataFolder).filter(item => item.path !== path)].slice(0, 20)
  atomicWrite(join(dataFolder, 'recent.json'), new TextEncoder().encode(`${JSON.stringify(list, undefined, 2)}\n`))
}
