import type { ViewCommand, ViewDescriptor } from '../view'
import { isPlanar } from './field-pictures'

/** Keys that plots share (figures.md, "Manners"). */
const plotCommands = (view: string): ViewCommand[] => [
  { id: `${view}.home`, title: 'Show everything', keys: ['h', 'r'] },
  { id: `${view}.back`, title: 'Previous window', keys: ['ArrowLeft'] },
  { id: `${view}.forward`, title: 'Next window', keys: ['ArrowRight'] },
  { id: `${view}.zoom`, title: 'Zoom into a box', keys: ['o'] },
  { id: `${view}.pan`, title: 'Drag the picture', keys: ['p'] },
  { id: `${view}.zoom-in`, title: 'Zoom in', keys: ['='] },
  { id: `${view}.zoom-out`, title: 'Zoom out', keys: ['-'] },
  { id: `${view}.grid`, title: 'Grid', keys: ['g'] },
  { id: `${view}.save`, title: 'Save as PNG', keys: ['s'] },
]
const timeCommands = (view: string): ViewCommand[] => [
  { id: `${view}.play`, title: 'Play or pause', keys: [' '] },
  { id: `${view}.previous`, title: 'Previous frame', keys: [','] },
  { id: `${view}.next`, title: 'Next frame', keys: ['.'] },
]

/** Every view of the window: one line each. */
export const views: readonly ViewDescriptor[] = [
  {
    id: 'picture', title: 'Picture', summary: 'A field in colours, with contours, probe and line cut.', rank: 5,
    accepts: (array, _step, document) => isPlanar(array, document),
    load: () => import('./field/PictureView'),
    commands: [
      ...plotCommands('picture'), ...timeCommands('picture'),
      { id: 'picture.cut', title: 'Line cut', keys: ['x'] }, { id: 'picture.contours', title: 'Contour lines', keys: ['c'] }, { id: 'picture.clear', title: 'Clear probe, pins and cut', keys: ['Escape'] },
    ],
  },
]
