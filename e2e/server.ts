import { execFileSync, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const command = fileURLToPath(new URL('../electron/cli/residuum.mjs', import.meta.url))

/** `residuum serve` as a user starts it, with its own data folder. */
export interface Server {
  /** Opens one window: the token in it works once. */
  readonly address: string
  readonly dataFolder: string
  /** What it wrote to its standard error. */
  words(): string
  /** Process ids of the job processes that it has now. */
  jobProcesses(): number[]
  /** Every process that it started, and itself, as long as they run. */
  processes(): number[]
  /** Ends it, and resolves when it and all that it started are gone; rejects where something outlives it. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

export async function startServer(dataFolder: string): Promise<Server> {
  const child = spawn(process.execPath, [command, 'serve', '--verbose'], { env: { ...process.env, RESIDUUM_DATA: dataFolder }, stdio: ['ignore', 'pipe', 'pipe'] })
  let told = ''
  child.stderr.on('data', data => (told += String(data)))
  const gone = new Promise<void>(resolve => child.on('exit', () => resolve()))
  const pid = child.pid!
  // Processes are remembered while their parent is known: once it has ended they belong to another one.
  const known = new Map<number, string>()
  const look = (): void => {
    const all = processTable()
    const found = new Set([pid])
    for (let grown = true; grown; ) {
      grown = false
      for (const [id, { parent, words }] of all) {
        if (found.has(id) || !found.has(parent)) continue
        found.add(id)
        known.set(id, words)
        grown = true
      }
    }
  }
  const running = (): number[] => {
    const all = processTable()
    return [pid, ...known.keys()].filter(id => {
      const now = all.get(id)
      return now !== undefined && (id === pid ? child.exitCode === null && child.signalCode === null : now.words === known.get(id))
    })
  }
  const stop: Server['stop'] = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) {
      look()
      child.kill(signal)
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
      await gone
      clearTimeout(late)
      if (signal === 'SIGTERM' && child.signalCode !== null) throw new Error(`The server did not end on SIGTERM.\n${told}`)
    }
    for (let waited = 0; running().length > 0; waited += 200) {
      if (waited > 15_000) {
        const left = running()
        const words = left.map(id => `${id}: ${known.get(id) ?? ''}`).join('\n')
        for (const id of left) process.kill(id, 'SIGKILL')
        throw new Error(`Processes outlive the server:\n${words}`)
      }
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
  const address = await new Promise<string>((resolve, reject) => {
    let out = ''
    child.stdout.on('data', data => {
      out += String(data)
      const found = /http:\S+/.exec(out)
      if (found) resolve(found[0])
    })
    void gone.then(() => reject(new Error(`The server ended before it gave its address.\n${told}`)))
  })
  return {
    address,
    dataFolder,
    words: () => told,
    jobProcesses() {
      look()
      return running().filter(id => /job\.mjs/.test(known.get(id) ?? ''))
    },
    processes() {
      look()
      return running()
    },
    stop,
  }
}

/** What runs on this machine now; finished processes that nobody has collected count as gone. */
function processTable(): Map<number, { readonly parent: number; readonly words: string }> {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8', maxBuffer: 1 << 24 })
  return new Map(
    table.split('\n').flatMap(line => {
      const [, id, parent, state, words] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
      return id === undefined || state.startsWith('Z') ? [] : [[Number(id), { parent: Number(parent), words }] as const]
    }),
  )
}
