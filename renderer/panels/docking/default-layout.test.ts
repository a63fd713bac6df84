import { describe, expect, it } from 'vitest'
import type { ExperimentDocument } from '../../../shared/experiment/document'
import type { ArrayInfo, Snapshot, StepState, StepStatus } from '../../../shared/protocol/contract'
import type { ViewDescriptor } from '../view'
import { defaultChoices, liveArrays, stepToShow, viewsOf } from './default-layout'

const field: ArrayInfo = { name: 'u', shape: [3, 3], axes: ['x', 'y'].map(name => ({ name, lower: 0, upper: 1, nodes: 3, periodic: false })), minimum: 0, maximum: 1 }
const history: ArrayInfo = { name: 'residuals', shape: [9], minimum: 0, maximum: 1 }
const state = (id: string, status: StepStatus, arrays?: readonly ArrayInfo[]): StepState => ({
  id, status, faults: [], resumable: false,
  ...(arrays ? { result: { arrays, metrics: {}, converged: true, seconds: 1, faults: [], ran: { backend: '', precision: '', threads: 1, version: '' } } } : {}),
})
const view = (id: string, rank: number, accepts: (array: ArrayInfo) => boolean): ViewDescriptor => ({ id, title: id, rank, accepts, load: () => Promise.reject(new Error('not shown')) })
const views = [view('curve', 1, () => true), view('picture', 3, array => array.axes !== undefined), view('surface', 2, array => array.axes !== undefined)]
const document = {
  format: 'residuum/1', title: 'T',
  problem: { domain: { shape: 'box', bounds: [[0, 2], [0, 1]] }, unknowns: ['u'], equations: ['-lap(u) = 1'] },
  steps: [{ id: 'fd', kind: 'solve', resolution: [33, 17] }, { id: 'data', kind: 'import' }, { id: 'compare', kind: 'compare', a: 'fd', b: 'data' }],
} as unknown as ExperimentDocument
const snapshot = (...steps: StepState[]): Snapshot => ({ experiment: 'e', revision: 0, document, name: '', dirty: false, readOnly: false, steps, faults: [] })

describe('which views open', () => {
  it('the best views of the field, each kind once', () => {
    const choices = defaultChoices(state('fd', 'done', [history, field]), document, views)
    expect(choices.map(choice => [choice.view.id, choice.array.name])).toEqual([['picture', 'u'], ['surface', 'u']])
  })
  it('a training shows what it finds and how its loss falls, from its first step on', () => {
    const training = { ...document, steps: [{ id: 'net', kind: 'train' }] } as unknown as ExperimentDocument
    const history = view('history', 0, array => array.axes === undefined)
    const running = liveArrays('net', training)
    expect(running.map(array => [array.name, array.shape])).toEqual([['u', [61, 61]], ['loss', [2]]])
    for (const now of [state('net', 'running'), state('net', 'done', [field, { ...running[1], name: 'loss_equation_u' }, running[1]])]) {
      expect(defaultChoices(now, training, [...views.slice(1), history]).map(choice => [choice.view.id, choice.array.name])).toEqual([['picture', 'u'], ['history', 'loss']])
    }
    const high = { ...training, problem: { ...training.problem, domain: { shape: 'box', bounds: [[0, 1]], dimension: 10 } } } as unknown as ExperimentDocument
    expect(defaultChoices(state('net', 'running'), high, [...views.slice(1), history]).map(choice => choice.array.name)).toEqual(['loss'])
  })
  it('gives a view that shows all fields the room for itself', () => {
    const comparison = view('compare', 8, array => array.name === 'difference')
    const choices = defaultChoices(state('compare', 'done', [field, { ...field, name: 'difference' }]), document, [...views, comparison])
    expect(choices.map(choice => choice.view.id)).toEqual(['compare'])
  })
  it('a sweep shows its errors over what was varied and over steps', () => {
    const bands = { ...view('bands', 8, array => /^(loss|relative_l2)(_curves)?$/.test(array.name)), isWhole: true }
    const list = (name: string, shape: number[] = [6]): ArrayInfo => ({ name, shape, minimum: 0, maximum: 1 })
    const shown = (...arrays: ArrayInfo[]) => defaultChoices(state('fd', 'done', arrays), document, [...views, bands]).map(choice => choice.array.name)
    expect(shown(list('loss'), list('loss_curves', [6, 9]), list('relative_l2'), list('relative_l2_curves', [6, 9]))).toEqual(['relative_l2', 'relative_l2_curves'])
    expect(shown(list('loss_curves', [6, 9]))).toEqual(['loss_curves'])
  })
  it('offers every fitting pair, fields before histories', () => {
    expect(viewsOf(state('fd', 'done', [history, field]), document, views).map(choice => `${choice.view.id} ${choice.array.name}`)).toEqual(['picture u', 'surface u', 'curve u', 'curve residuals'])
  })
  it('shows the last comparison first, else the last solution', () => {
    expect(stepToShow(snapshot(state('fd', 'done', [field]), state('compare', 'done', [field]), state('data', 'done', [field])), document)?.id).toBe('compare')
    expect(stepToShow(snapshot(state('fd', 'done', [field]), state('data', 'done', [field])), document)?.id).toBe('fd')
    expect(stepToShow(snapshot(state('fd', 'idle')), document)).toBeUndefined()
    const others = { ...document, steps: [...document.steps, { id: 'net', kind: 'train' }, { id: 'terms', kind: 'identify' }, { id: 'seeds', kind: 'sweep' }] } as unknown as ExperimentDocument
    const shown = (...steps: StepState[]) => stepToShow(snapshot(...steps), others, others.problem as never)?.id
    expect(shown(state('fd', 'done', [field]), state('net', 'done', [field]), state('data', 'done', [field]))).toBe('net')
    expect(shown(state('net', 'done', [field]), state('terms', 'done', [{ ...field, name: 'residual' }]))).toBe('net')
    expect(shown(state('net', 'done', [field]), state('terms', 'done', [field]))).toBe('terms')
    expect(shown(state('net', 'done', [field]), state('seeds', 'done', [history]))).toBe('seeds')
  })
  it('knows what a first run will show', () => {
    const [array] = liveArrays('fd', document)
    expect(array).toMatchObject({ name: 'u', shape: [17, 33], axes: [{ name: 'x', upper: 2, nodes: 33 }, { name: 'y', nodes: 17 }] })
    expect(stepToShow(snapshot(state('fd', 'running')), document)?.id).toBe('fd')
    expect(liveArrays('compare', document)).toEqual([])
  })
})
