import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Channel, ClientHandle, Events, EventName, Parameters, Results, Snapshot } from '../../../shared/protocol/contract'
import { requestSchemas } from '../../../shared/protocol/contract'
import { createEngine } from '../engine'
import type { Engine, EngineOptions } from '../engine'

/** An engine in a folder of its own, and windows that remember what they were told. */
export interface TestEngine extends Engine {
  readonly folder: string
  window(id?: string): TestWindow
}

export interface TestWindow {
  readonly id: string
  call<C extends Channel>(channel: C, parameters: Parameters<C>): Promise<Results[C]>
  events<E extends EventName>(event: E): readonly Events[E][]
  /** Resolves with the first snapshot that fits: the latest of its experiment, or one still to come. */
  until(fits: (snapshot: Snapshot) => boolean): Promise<Snapshot>
  readonly handle: ClientHandle
}

export function testEngine(options: Partial<EngineOptions> = {}): TestEngine {
  const folder = options.dataFolder ?? mkdtempSync(join(tmpdir(), 'residuum-engine-'))
  const engine = createEngine({ host: 'server', examplesFolder: join(folder, 'examples'), dataFolder: folder, threads: 1, ...options })
  return {
    ...engine, folder,
    window(id = 'window-1') {
      const told: { event: EventName; payload: unknown }[] = []
      const waiting: { fits: (snapshot: Snapshot) => boolean; resolve: (snapshot: Snapshot) => void }[] = []
      const handle: ClientHandle = {
        id,
        emit(event, payload) {
          told.push({ event, payload })
          if (event !== 'experiment.changed') return
          for (const entry of [...waiting]) {
            if (!entry.fits(payload as Snapshot)) continue
            waiting.splice(waiting.indexOf(entry), 1)
            entry.resolve(payload as Snapshot)
          }
        },
      }
      engine.clientJoined(handle)
      const events = <E extends EventName>(event: E): Events[E][] => told.filter(entry => entry.event === event).map(entry => entry.payload as Events[E])
      return {
        id, handle, events,
        call: (channel, parameters) => (engine.handlers[channel] as (p: unknown, c: ClientHandle) => Promise<never>)(requestSchemas[channel].parse(parameters), handle),
        until: fits => new Promise(resolve => {
          const all = events('experiment.changed')
          const found = all.find((snapshot, i) => fits(snapshot) && !all.slice(i + 1).some(later => later.experiment === snapshot.experiment))
          if (found) resolve(found)
          else waiting.push({ fits, resolve })
        }),
      }
    },
  }
}

export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true })

/** Poisson on a coarse grid: milliseconds of work. */
export const smallDocument = {
  format: 'residuum/1', title: 'Small', seed: 1,
  problem: {
    domain: { shape: 'box', bounds: [[0, 1], [0, 1]], periodic: [false, false] }, unknowns: ['u'], parameters: { k: 1 },
    definitions: { ue: 'sin(k*pi*x)*sin(k*pi*y)', f: '2*(k*pi)^2*ue' }, equations: ['-lap(u) = f'], boundary: [{ on: 'all', condition: 'u = 0' }], exact: { u: 'ue' },
  },
  steps: [
    { id: 'coarse', kind: 'solve', method: 'finite-difference', resolution: [17, 17] },
    { id: 'fine', kind: 'solve', method: 'finite-difference', resolution: [33, 33] },
    { id: 'difference', kind: 'compare', a: 'coarse', b: 'fine' },
  ],
}

/** Burgers by Fourier: some seconds of work, with checkpoints. */
export const slowDocument = {
  format: 'residuum/1', title: 'Slow', seed: 1,
  problem: {
    domain: { shape: 'box', bounds: [[-1, 1]], periodic: [true] }, time: [0, 1], unknowns: ['u'], parameters: { nu: '0.05/pi' },
    equations: ['dt(u) + u*dx(u) = nu*dxx(u)'], initial: { u: '-sin(pi*x)' },
  },
  steps: [{ id: 'spectral', kind: 'solve', method: 'spectral', resolution: [8192], times: 21 }],
}
