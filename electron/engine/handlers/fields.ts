import type { Handlers } from '../../../shared/protocol/contract'
import type { EngineParts } from './parts'

type Part = 'field.read' | 'field.probe' | 'field.cut' | 'mesh.edges' | 'array.read' | 'array.export' | 'model.export' | 'figure.render' | 'figure.suggest' | 'frames.subscribe' | 'frames.unsubscribe' | 'frames.ack' | 'series.read'

/** Reading results: everything is done by the file process, which finds the arrays in the working folder. */
export function fieldHandlers(parts: EngineParts): Pick<Handlers, Part> {
  const { files, sessions, scheduler } = parts
  const place = (experiment: string): string => sessions.get(experiment).workspace.folder
  return {
    'field.read': async ({ experiment, ref, timeIndex, region, size, spacetime, component }) => files.call('picture', { workspace: place(experiment), ...ref, timeIndex, region, size, spacetime, component: ref.component ?? component }),
    'field.probe': async ({ experiment, refs, point, timeIndex, component }) => files.call('probe', { workspace: place(experiment), refs, point, timeIndex, component }),
    'field.cut': async ({ experiment, ...rest }) => files.call('cut', { workspace: place(experiment), ...rest }),
    'mesh.edges': async ({ experiment, ref }) => files.call('meshEdges', { workspace: place(experiment), ...ref }),
    'array.read': async ({ experiment, ref }) => files.call('array', { workspace: place(experiment), ...ref }),
    'array.export': async ({ experiment, ref, format }) => {
      const bytes = await files.call('exportArray', { workspace: place(experiment), ...ref, format })
      return { name: `${ref.step}-${ref.array}.${format}`, bytes }
    },
    'model.export': async ({ experiment, step, name }) => {
      const bytes = await files.call('exportModel', { workspace: place(experiment), step, ...(name === undefined ? {} : { name }) })
      return { name: `${step}${name === undefined ? '' : `-${name}`}.onnx`, bytes }
    },
    'figure.render': async ({ experiment, figure, format, preset }) => {
      const session = sessions.get(experiment)
      return files.call('figure', { workspace: session.workspace.folder, document: session.document, figure, format, ...(preset === undefined ? {} : { preset }) })
    },
    'figure.suggest': async ({ experiment, step }) => {
      const session = sessions.get(experiment)
      return files.call('suggest', { workspace: session.workspace.folder, step, title: session.title })
    },
    'frames.subscribe': async ({ experiment, step, size }, client) => {
      scheduler.subscribe(sessions.get(experiment), step, { client: client.id, size, emit: frame => client.emit('job.frame', frame) })
      return undefined
    },
    'frames.unsubscribe': async ({ experiment, step }, client) => {
      scheduler.unsubscribe(sessions.get(experiment), step, client.id)
      return undefined
    },
    'frames.ack': async ({ experiment, step }, client) => {
      scheduler.acknowledge(sessions.get(experiment), step, client.id)
      return undefined
    },
    'series.read': async ({ experiment, step }) => scheduler.curves(sessions.get(experiment), step),
  }
}
