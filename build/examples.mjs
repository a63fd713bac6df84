#!/usr/bin/env node
/** `npm run examples`: computes every example of the gallery list again and writes its `.residuum` beside it (at most 2 MB each, 30 MB in all). */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuild, root } from './ensure.mjs'

const { gallery } = JSON.parse(readFileSync(join(root, 'examples/gallery.json'), 'utf8'))
const wanted = process.argv.slice(2)
await ensureBuild(['kernels', 'hosts'])
let total = 0
for (const { example } of gallery) {
  if (wanted.length && !wanted.includes(example)) continue
  const out = join(root, 'examples', `${example}.residuum`)
  for (const path of [out, `${out}.work`]) rmSync(path, { recursive: true, force: true })
  const { status } = spawnSync(process.execPath, [join(root, 'electron/cli/residuum.mjs'), 'run', join(root, 'examples', `${example}.json`), '--out', out], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
  rmSync(`${out}.work`, { recursive: true, force: true })
  const { size } = statSync(out)
  total += size
  process.stderr.write(`${example}: ${(size / 1e6).toFixed(2)} MB\n`)
  if (size > 2e6) {
    process.stderr.write(`${example}.residuum is larger than 2 MB: lower its resolution or output times.\n`)
    process.exit(1)
  }
}
process.stderr.write(`${(total / 1e6).toFixed(1)} MB in all\n`)
