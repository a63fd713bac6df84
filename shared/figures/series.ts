import { circlePath, polyline } from './display-list'

/** Okabe and Ito's colours that hold on white (M. Okabe, K. Ito 2008; B. Wong, Nature Methods 8, 441, 2011), told apart by dash and marker as well. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#000000', '#e69f00', '#56b4e9'] as const
/** On–off lengths in line widths. */
const dashes: Readonly<Record<DashName, readonly number[]>> = { solid: [], dashed: [5, 2.5], dotted: [1.2, 1.8], 'dash-dotted': [6, 2, 1.2, 2] }
const dashOrder: readonly DashName[] = ['solid', 'dashed', 'dash-dotted', 'dotted']
const markers: readonly MarkerName[] = ['circle', 'square', 'triangle', 'diamond']

export type DashName = 'solid' | 'dashed' | 'dotted' | 'dash-dotted'
export type MarkerName = 'circle' | 'square' | 'triangle' | 'diamond'

export interface SeriesStyle {
  readonly colour: string
  readonly dash: DashName
  readonly marker: MarkerName
}

export const seriesStyle = (index: number): SeriesStyle => ({
  colour: colours[index % colours.length],
  dash: dashOrder[index % dashOrder.length],
  marker: markers[index % markers.length],
})

/** Dash lengths in pt for a line of the given width; undefined for a solid line. */
export function dashLengths(dash: DashName, width: number): number[] | undefined {
  return dash === 'solid' ? undefined : dashes[dash].map(length => Math.round(length * Math.max(width, 0.6) * 1000) / 1000)
}

/** A marker of equal visual weight for every shape; `radius` is the circle's. */
export function markerPath(marker: MarkerName, x: number, y: number, radius: number): string {
  if (marker === 'circle') return circlePath(x, y, radius)
  if (marker === 'square') {
    const h = 0.886 * radius
    return polyline([[x - h, y - h], [x + h, y - h], [x + h, y + h], [x - h, y + h]], true)
  }
  if (marker === 'triangle') {
    const s = 1.25 * radius
    return polyline([[x, y - s], [x + 0.866 * s, y + 0.5 * s], [x - 0.866 * s, y + 0.5 * s]], true)
  }
  const s = 1.2 * radius
  return polyline([[x, y - s], [x + s, y], [x, y + s], [x - s, y]], true)
}
