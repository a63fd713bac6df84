/**
 * The line of the user's program that is running, from the stack: the first frame outside tfjs and the tracing code. `layer (fno.ts:41)`.
 * Where the engine gives no stack, "the traced function".
 */
export function callerLine(): string {
  const holder: { stack?: string } = {}
  const capture = (Error as unknown as { captureStackTrace?: (target: object) => void; stackTraceLimit?: number })
  const before = capture.stackTraceLimit
  capture.stackTraceLimit = 60
  capture.captureStackTrace?.(holder)
  capture.stackTraceLimit = before
  for (const line of (holder.stack ?? '').split('\n').slice(1)) {
    if (/tfjs-core|tf-core|learning[/\\](tracing|tf\.ts|graph)|node:internal/.test(line)) continue
    const found = /at (?:async )?(?:(.+?) \()?(?:.*[/\\])?([^/\\]+?\.[cm]?[jt]s)(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(line.trim())
    if (found) return found[1] && found[1] !== 'Object.<anonymous>' ? `${found[1]} (${found[2]}:${found[3]})` : `${found[2]}:${found[3]}`
  }
  return 'the traced function'
}
