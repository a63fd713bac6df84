/** Step kinds for tests of the machinery alone: a small iteration that can be cancelled and resumed, and one that brings its process down. */
const kind = (id, run) => ({ descriptor: { id, name: id, summary: id }, inputs: step => step.inputs ?? [], files: () => [], check: () => [], load: async () => ({ run }) })

const pause = milliseconds => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

/** x ← 3.7 x (1 − x) on every entry: any lost or repeated step shows in all bits. */
function iterate({ step, run }) {
  const size = step.size ?? 64
  const steps = step.steps ?? 100
  const state = run.resumed?.arrays.state ?? Float64Array.from({ length: size }, (_, i) => (i + 1) / (size + 2))
  const first = run.resumed?.scalars.done ?? 0
  if (first > 0) run.log('info', `continued at ${first}`)
  const store = done => ({ scalars: { done }, arrays: { state } })
  for (let n = first; n < steps; n++) {
    try {
      run.throwIfCancelled()
    } catch (reason) {
      run.checkpoint(() => store(n), true)
      throw reason
    }
    for (let i = 0; i < size; i++) state[i] = 3.7 * state[i] * (1 - state[i])
    if (step.pause) pause(step.pause)
    run.progress({ fraction: (n + 1) / steps, step: n + 1, steps })
    run.frame(() => ({ name: 'u', shape: [size], values: state }))
    run.checkpoint(() => store(n + 1), step.checkpointEvery ? (n + 1) % step.checkpointEvery === 0 : false)
  }
  const axis = { name: 'x', lower: 0, upper: 1, periodic: false, coordinates: Float64Array.from({ length: size }, (_, i) => i / (size - 1)) }
  return { fields: [{ name: 'u', grid: { axes: [axis] }, values: state }], arrays: [{ name: 'history', values: Float64Array.of(1, 2, 3) }], metrics: { iterations: steps, residual: NaN }, converged: true, faults: [] }
}

function misbehave({ step, run }) {
  if (step.checkpointFirst) run.checkpoint(() => ({ scalars: { done: 1 }, arrays: {} }), true)
  const kept = []
  switch (step.how) {
    case 'segv':
      process.kill(process.pid, 'SIGSEGV')
      return pause(60_000)
    case 'abort':
      process.kill(process.pid, 'SIGABRT')
      return pause(60_000)
    case 'kill':
      process.kill(process.pid, 'SIGKILL')
      return pause(60_000)
    case 'stop':
      process.kill(process.pid, 'SIGSTOP')
      return pause(60_000)
    case 'hang':
      return pause(600_000)
    case 'heap':
      for (;;) kept.push(Array.from({ length: 1000 }, (_, i) => ({ i })))
    case 'buffers':
      for (;;) {
        kept.push(new Float64Array(1 << 20).fill(1))
        pause(5)
      }
    case 'throw':
      throw new TypeError('a mistake in the program')
  }
}

export const stepKinds = [kind('iterate', iterate), kind('misbehave', misbehave), kind('arena', ({ team }) => {
  for (;;) team.arena.f64(1 << 22)
})]
