import { spawnSync } from 'node:child_process'

/** The system's Python as an independent reader and writer in tests; they skip where it or a package is missing. */
const interpreter = '/usr/bin/python3'

export const hasPython = (...modules: string[]): boolean =>
  spawnSync(interpreter, ['-c', modules.map(name => `import ${name}`).join('\n')], { timeout: 60_000 }).status === 0

/** Runs a script and returns what it prints; throws with its message when it fails. */
export function runPython(script: string, ...parameters: string[]): string {
  const { status, stdout, stderr } = spawnSync(interpreter, ['-c', script, ...parameters], { encoding: 'utf8', timeout: 60_000 })
  if (status !== 0) throw new Error(`Python failed: ${stderr}`)
  return stdout
}
