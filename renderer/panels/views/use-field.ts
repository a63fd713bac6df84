import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Fault } from '../../../shared/fault'
import { FaultError } from '../../../shared/fault'
import type { ComponentChoice } from '../../../shared/fields/components'
import type { ArrayInfo, JobFrame } from '../../../shared/protocol/contract'
import type { ViewProps } from '../view'
import { timeIndexOf } from '../view'
import { fieldCacheOf } from './field-cache'
import type { FieldRequest } from './field-cache'
import { appendFrame, grownField, isSpaceTime, shownField, shownFrame, timeInterval, timesOf } from './field-pictures'
import type { ShownField } from './field-pictures'
import { liveFramesOf } from './live-frames'
import type { Plane } from './plane'
import { playbackOf } from './playback'

export type FieldSource = Pick<ViewProps, 'client' | 'experiment' | 'document' | 'step' | 'array' | 'live' | 'linked'> & {
  /** Of a field with components. */
  readonly component?: ComponentChoice
  /** Of a field with three axes. */
  readonly plane?: Plane
}

/** Nodes asked for: what the screen can show, in steps, so that dragging a border does not read anew at every pixel. */
export const neededNodes = (pixels: number): number => Math.max(65, Math.ceil((pixels * 1.1) / 128) * 128 + 1)

/** The frames of a running step, drawn one at a time: `drawn` must be called when the frame is on screen. */
export function useFrames({ client, experiment, step, live, array }: FieldSource, size: readonly number[]): { frames: readonly JobFrame[]; drawn: () => void } {
  const [frames, setFrames] = useState<readonly JobFrame[]>([])
  const acknowledge = useRef<() => void>(undefined)
  const wanted = size.join(' ')
  useEffect(() => {
    if (live) setFrames([])
  }, [live, step.id, array.name])
  useEffect(() => {
    if (!live || wanted === '') return
    const stop = liveFramesOf(client).watch(experiment, step.id, {
      size: wanted.split(' ').map(Number),
      onFrame(frame, drawn) {
        if (!isFrameOf(frame, array) || frame.shape.length !== array.axes?.length) return drawn()
        acknowledge.current = drawn
        setFrames(before => (frame.shape.length === 1 && frame.time !== undefined ? appendFrame(before, frame) : [frame]))
      },
    })
    return () => {
      stop()
      acknowledge.current = undefined
    }
  }, [client, experiment, step.id, live, array, wanted])
  const drawn = useRef(() => {
    acknowledge.current?.()
    acknowledge.current = undefined
  }).current
  return { frames, drawn }
}

/** A frame of the field, or of a component of it: `h__re` stands for `h` while it runs. */
const isFrameOf = (frame: JobFrame, array: ArrayInfo): boolean => frame.name === array.name || frame.name.startsWith(`${array.name}__`)

/** Nodes asked for along x, y, z: one across the plane. */
function spaceSize({ across, shown }: Plane, wide: number, high: number): number[] {
  const size = [0, 0, 0]
  size[across] = 1
  size[shown[0]] = wide
  size[shown[1]] = high
  return size
}

export interface UsedField {
  readonly field: ShownField | undefined
  /** Set while the picture is a live frame. */
  readonly liveTime: number | undefined
  readonly isLive: boolean
  readonly fault: Fault | undefined
  readonly times: readonly number[]
  readonly timeIndex: number
}

/**
 * The picture to show: the live frame while the step runs, else the result at the linked time, else (while the next one is on its way)
 * what was shown before. `pixels` is the size of the panel in device pixels; undefined until it is known.
 */
export function useField(source: FieldSource, pixels: readonly [number, number] | undefined, limit = Infinity): UsedField {
  const { client, experiment, document, step, array, live, linked, component, plane } = source
  const spacetime = isSpaceTime(array, document)
  const times = timesOf(array)
  const time = useStore(linked, state => state.time)
  const timeIndex = timeIndexOf(times, time)
  const [field, setField] = useState<ShownField>()
  const [fault, setFault] = useState<Fault>()
  const [wide, high] = pixels ? pixels.map(p => Math.min(limit, neededNodes(p))) : [0, 0]
  const size = useMemo(() => {
    if (wide === 0) return []
    // Space–time pictures have the time along the width.
    return plane ? spaceSize(plane, wide, high) : spacetime ? [high, wide] : [wide, high]
  }, [wide, high, spacetime, plane])
  const { frames, drawn } = useFrames(source, spacetime ? size.slice(0, 1) : size)

  const result = step.result
  const request = useMemo<FieldRequest | undefined>(() => {
    if (!result || size.length === 0) return undefined
    const nodes = spacetime ? [array.axes![0].nodes, times.length] : array.axes!.map(axis => axis.nodes)
    const region = plane && nodes.map((n, k): [number, number] => (k === plane.across ? [plane.index, plane.index + 1] : [0, array.axes![k].periodic ? n + 1 : n]))
    return { experiment, step: step.id, array: array.name, ...(component === undefined ? {} : { component }), result, size: size.map((n, k) => Math.min(n, nodes[k])), ...(region ? { region } : {}), ...(spacetime ? { spacetime } : times.length > 0 ? { timeIndex } : {}) }
  }, [result, size, array, spacetime, times.length, timeIndex, experiment, step.id, component, plane])

  const ready = useRef(true)
  useEffect(() => {
    if (!request) return
    const cache = fieldCacheOf(client)
    const show = (read: Parameters<typeof shownField>[0]): void => {
      setField(shownField(read, array, plane ? [false, false] : [true, true], plane))
      setFault(undefined)
      ready.current = true
    }
    const here = cache.peek(request)
    let wanted = true
    if (here) show(here)
    else {
      ready.current = false
      cache.read(request).then(
        read => wanted && show(read),
        (reason: unknown) => {
          ready.current = true
          if (wanted) setFault(reason instanceof FaultError ? reason.faults[0] : { severity: 'error', code: 'unreadable', message: 'The field could not be read.' })
        },
      )
    }
    // The next frames are fetched ahead while time plays.
    if (request.timeIndex !== undefined && linked.getState().playing)
      for (const ahead of [1, 2, 3]) cache.read({ ...request, timeIndex: (request.timeIndex + ahead) % times.length }).catch(() => undefined)
    return () => void (wanted = false)
  }, [client, request, array, linked, times.length, plane])

  useEffect(() => (times.length > 1 && !spacetime ? playbackOf(linked).join({ times, isReady: () => ready.current }) : undefined), [linked, times, spacetime])

  const frame = useMemo(() => {
    if (!live || frames.length === 0) return undefined
    return spacetime ? grownField(frames, array, timeInterval(document)) : shownFrame(frames[frames.length - 1], array, plane)
  }, [live, frames, spacetime, array, document, plane])
  // Effects of children run first: by now the frame is on its canvas.
  useEffect(drawn, [frames, drawn])

  return { field: frame ?? field, isLive: frame !== undefined, liveTime: frame?.time, fault, times, timeIndex }
}
