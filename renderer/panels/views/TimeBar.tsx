import { useRef } from 'react'
import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'
import { formatValue } from '../../charts/ticks'
import { timeIndexOf } from '../view'
import type { LinkedView } from '../view'
import { playbackOf, speeds, steppedTime } from './playback'
import { useSize } from './use-size'

/** Play, frame and physical time of all views of the experiment; nothing for a steady field. */
export function TimeBar(properties: Properties) {
  return properties.times.length < 2 ? null : <Bar {...properties} />
}

interface Properties {
  readonly linked: StoreApi<LinkedView>
  readonly times: readonly number[]
}

/** Mounted only with its element, whose width is followed. */
function Bar({ linked, times }: Properties) {
  const bar = useRef<HTMLDivElement>(null)
  const size = useSize(bar)
  const time = useStore(linked, state => state.time)
  const playing = useStore(linked, state => state.playing)
  const playback = playbackOf(linked)
  const { speed, loop } = useStore(playback.state, state => state)
  const index = timeIndexOf(times, time)
  const go = (frames: number): void => linked.setState({ playing: false, time: steppedTime(times, time, frames) })
  return (
    <div
      ref={bar}
      className={size && size.width < 380 * size.unit ? 'time-bar narrow' : 'time-bar'}
      role="group"
      aria-label="Time"
      onKeyDown={event => {
        // The slider has its own arrow keys; the view's history must not move with them.
        if (event.key.startsWith('Arrow')) event.stopPropagation()
      }}
    >
      <button type="button" className="view-switch play" aria-pressed={playing} title="Space" onClick={() => playback.toggle()}>
        {playing ? 'pause' : 'play'}
      </button>
      <button type="button" className="view-switch optional" aria-label="Previous frame" title="Previous frame (,)" onClick={() => go(-1)}>
        ◂
      </button>
      <button type="button" className="view-switch optional" aria-label="Next frame" title="Next frame (.)" onClick={() => go(1)}>
        ▸
      </button>
      <input
        type="range"
        min={0}
        max={times.length - 1}
        step={1}
        value={index}
        aria-label="Frame"
        aria-valuetext={`t = ${formatValue(times[index])}`}
        onChange={event => linked.setState({ playing: false, time: times[Number(event.target.value)] })}
      />
      <output>t = {formatValue(times[index], 4)}</output>
      <span className="frames">
        {index + 1} of {times.length}
      </span>
      <button
        type="button"
        className="view-switch optional"
        title="Speed of playing"
        onClick={() => playback.state.setState({ speed: speeds[(speeds.indexOf(speed) + 1) % speeds.length] })}
      >
        {formatValue(speed)}×
      </button>
      <button type="button" className="view-switch optional" data-word="loop" aria-pressed={loop} onClick={() => playback.state.setState({ loop: !loop })}>
        loop
      </button>
    </div>
  )
}
