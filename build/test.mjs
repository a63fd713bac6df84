#!/usr/bin/env node
/** `npm test`: types, lint, layers, unit tests, end-to-end tests; ends with `N passed, N failed, N skipped`. Words after `--` narrow it: types lint layers unit e2e. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from './browser.mjs'
import { ensureBuild, root } from './ensure.mjs'

const wanted = process.argv.slice(2).filter(word => !word.startsWith('-'))
const want = name => wanted.length === 0 || wanted.includes(name)
const scratch = mkdtempSync(join(tmpdir(), 'residuum-test-'))
const total = { passed: 0, failed: 0, skipped: 0 }

function run(title, command, args, env = {}) {
  process.stdout.write(`\n── ${title}\n`)
  return new Promise(resolve => {
    const child = spawn(process.execPath, [join(root, 'node_modules', command), ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
    child.on('error', () => resolve(1))
    child.on('exit', code => resolve(code ?? 1))
  })
}

async function check(name, title, command, args) {
  if (!want(name)) return
  const code = await run(title, command, args)
  if (code === 0) total.passed++
  else total.failed++
}

const json = path => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

try {
  await ensureBuild()
} catch (reason) {
  process.stdout.write(`${reason.stack ?? reason}\nThe build failed.\n0 passed, 1 failed\n`)
  process.exit(1)
}

for (const part of ['shared', 'electron', 'renderer', 'tsconfig.tests.json']) await check('types', `types of ${part}`, 'typescript/bin/tsc', ['-p', part])
await check('lint', 'lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0'])
await check('layers', 'layers', 'dependency-cruiser/bin/dependency-cruise.mjs', ['shared', 'electron', 'renderer', '--config', '.dependency-cruiser.cjs'])

if (want('unit')) {
  const report = join(scratch, 'unit.json')
  const code = await run('unit tests', 'vitest/vitest.mjs', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`])
  const result = json(report)
  total.passed += result?.numPassedTests ?? 0
  total.skipped += (result?.numPendingTests ?? 0) + (result?.numTodoTests ?? 0)
  // A file that does not load has no tests to count; it fails all the same.
  total.failed += Math.max(result?.numFailedTests ?? 0, code === 0 ? 0 : 1)
}

if (want('e2e')) {
  const report = join(scratch, 'e2e.json')
  try {
    const browser = await findBrowser()
    const code = await run('end-to-end tests', '@playwright/test/cli.js', ['test', '--config', 'e2e/playwright.config.ts'], { CHROMIUM_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report })
    const stats = json(report)?.stats
    total.passed += (stats?.expected ?? 0) + (stats?.flaky ?? 0)
    total.skipped += stats?.skipped ?? 0
    total.failed += Math.max(stats?.unexpected ?? 0, code === 0 ? 0 : 1)
  } catch (reason) {
    process.stdout.write(`${reason.message}\n`)
    total.failed++
  }
}

rmSync(scratch, { recursive: true, force: true })
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}\n`)
process.exit(total.failed === 0 ? 0 : 1)
