/** One frame of V8's stack. */
interface Frame {
  getFileName(): string | null | undefined
  getFunctionName(): string | null
  toString(): string
}

interface StackTracing {
  captureStackTrace?: (target: object) => void
  stackTraceLimit?: number
  prepareStackTrace?: (error: Error, frames: Frame[]) => unknown
}

/** Files that a traced program's line is not in: tfjs, the tracing code, the functions of tf.ts; their tests are programs. */
const machinery = /tfjs-core|tf-core|learning[/\\](?:tracing|graph|tf\.ts|gradients\.ts)(?!.*\.test\.)|node:internal/
/** The same code by its functions' names, for bundles: files have other names there. */
/** A method's name comes without its class, which stands in the frame's text only. */
const machineryClass = /^(?:Object|_?Engine\d*|_?TracingBackend\d*)\./
const machineryName = /_$|__op$|^(?:kernelFunc\d*|callerLine|programFault|fault|recorderFor|lift|constant)$/

/**
 * The line of the user's program that is running, from the stack: the first frame outside tfjs and the tracing code. `layer (fno.ts:41)`.
 * Where the engine gives no stack, "the traced function". Only the frame that is shown is looked up in source maps: a trace asks once per kernel.
 */
export function callerLine(): string {
  const tracing = Error as unknown as StackTracing
  if (!tracing.captureStackTrace) return 'the traced function'
  const { stackTraceLimit, prepareStackTrace } = tracing
  const holder: { stack?: unknown } = {}
  let frames: readonly Frame[]
  try {
    tracing.stackTraceLimit = 80
    tracing.prepareStackTrace = (_, list) => list
    tracing.captureStackTrace(holder)
    frames = Array.isArray(holder.stack) ? (holder.stack as Frame[]) : []
  } finally {
    tracing.stackTraceLimit = stackTraceLimit
    tracing.prepareStackTrace = prepareStackTrace
  }
  const bundled = frames.length > 0 && !machinery.test(frames[0].getFileName() ?? '')
  const frame = frames.find(f => (bundled ? !!f.getFunctionName() && !machineryName.test(f.getFunctionName()!) && !machineryClass.test(f.toString()) : !!f.getFileName() && !machinery.test(f.getFileName()!)))
  if (!frame) return 'the traced function'
  return placeIn(prepareStackTrace ? String(prepareStackTrace(new Error(), [frame])).split('\n').at(-1)! : `at ${frame.toString()}`) ?? 'the traced function'
}

/** The program's line in the stack of an error, and whether it was thrown inside tfjs. */
export function programLine(stack: string): { readonly inside: boolean; readonly line: string } {
  const frames = stack.split('\n').filter(line => /^\s*at /.test(line))
  const own = frames.find(line => !machinery.test(line) && placeIn(line) !== undefined)
  return { inside: frames.length > 0 && machinery.test(frames[0]), line: (own && placeIn(own)) ?? 'the traced function' }
}

/** `layer (fno.ts:41)` from a line of a stack. */
function placeIn(line: string): string | undefined {
  const found = /at (?:async )?(?:(.+?) \()?(?:.*[/\\])?([^/\\]+?\.[cm]?[jt]s)(?:\?[^:]*)?:(\d+):\d+\)?$/.exec(line.trim())
  if (!found) return undefined
  return found[1] && found[1] !== 'Object.<anonymous>' ? `${found[1]} (${found[2]}:${found[3]})` : `${found[2]}:${found[3]}`
}
