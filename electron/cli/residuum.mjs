#!/usr/bin/env node
/** The `residuum` command: brings the build up to date, then runs it. Plain JavaScript, so that it works right after `npm ci`. */
import { ensureBuild } from '../../build/ensure.mjs'

try {
  const parts = process.argv[2] === 'serve' ? ['kernels', 'hosts', 'window'] : ['kernels', 'hosts']
  await ensureBuild(parts, { quiet: !process.argv.includes('--verbose') })
} catch (reason) {
  process.stderr.write(`residuum cannot be built: ${process.argv.includes('--verbose') ? reason.stack : reason.message}\n`)
  process.exit(1)
}
const { main } = await import('../../dist/cli/cli.mjs')
process.exitCode = await main(process.argv.slice(2))
