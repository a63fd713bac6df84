import type { ExperimentDocument } from '../../../shared/experiment/document'
import type { StepState } from '../../../shared/protocol/contract'
import type { ViewCommand, ViewDescriptor } from '../view'
import { comparedArrays } from './comparison/comparison'
import { isPlanar } from './field-pictures'
import { bandPlaces } from './lines/bands'
import { isCurve } from './lines/curves'
import { isHistory, isPlainList } from './lines/lists'
import { studyOf } from './lines/studies'

const kindOf = (step: StepState, document: ExperimentDocument): string | undefined => document.steps.find(s => s.id === step.id)?.kind

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
  {
    id: 'surface', title: 'Surface', summary: 'A field as a landscape in three dimensions.', rank: 4,
    accepts: (array, _step, document) => isPlanar(array, document),
    load: () => import('./surface/SurfaceView'),
    commands: [
      { id: 'surface.home', title: 'Usual view', keys: ['h', 'r'] },
      { id: 'surface.+x', title: 'Look from +x', keys: ['x'] }, { id: 'surface.-x', title: 'Look from −x', keys: ['Shift+x'] },
      { id: 'surface.+y', title: 'Look from +y', keys: ['y'] }, { id: 'surface.-y', title: 'Look from −y', keys: ['Shift+y'] },
      { id: 'surface.+z', title: 'Look from above', keys: ['z'] }, { id: 'surface.-z', title: 'Look from below', keys: ['Shift+z'] },
      { id: 'surface.projection', title: 'Perspective or parallel', keys: ['p'] },
      { id: 'surface.left', title: 'Turn left', keys: ['ArrowLeft'] }, { id: 'surface.right', title: 'Turn right', keys: ['ArrowRight'] },
      { id: 'surface.up', title: 'Tilt up', keys: ['ArrowUp'] }, { id: 'surface.down', title: 'Tilt down', keys: ['ArrowDown'] },
      { id: 'surface.zoom-in', title: 'Zoom in', keys: ['='] }, { id: 'surface.zoom-out', title: 'Zoom out', keys: ['-'] },
      { id: 'surface.taller', title: 'Exaggerate the height', keys: [']'] }, { id: 'surface.flatter', title: 'Flatten the height', keys: ['['] },
      { id: 'surface.grid', title: 'Grid', keys: ['g'] }, { id: 'surface.contours', title: 'Contour lines', keys: ['c'] },
      { id: 'surface.clear', title: 'Clear the picked value', keys: ['Escape'] }, { id: 'surface.save', title: 'Save as PNG', keys: ['s'] },
      ...timeCommands('surface'),
    ],
  },
  {
    id: 'curve', title: 'Curve', summary: 'A field of one coordinate at the shown time, over those of other steps.', rank: 2,
    accepts: array => isCurve(array),
    load: () => import('./lines/CurveView'),
    commands: [...plotCommands('curve'), { id: 'curve.log-y', title: 'Logarithmic values', keys: ['l'] }, ...timeCommands('curve')],
  },
  {
    id: 'compare', title: 'Comparison', summary: 'Two fields on one range, their difference and its size.', rank: 8,
    accepts: (array, step, document) => array.name === 'difference' && isPlanar(array, document) && comparedArrays(step) !== undefined,
    load: () => import('./comparison/CompareView'),
    commands: [
      ...plotCommands('compare'), ...timeCommands('compare'),
      { id: 'compare.mode', title: 'Next way of comparing', keys: ['m'] }, { id: 'compare.cut', title: 'Line cut', keys: ['x'] }, { id: 'compare.contours', title: 'Contour lines', keys: ['c'] },
      { id: 'compare.swipe-left', title: 'Swipe to the left', keys: ['['] }, { id: 'compare.swipe-right', title: 'Swipe to the right', keys: [']'] },
      { id: 'compare.clear', title: 'Clear probe and cut', keys: ['Escape'] },
    ],
  },
  {
    id: 'convergence', title: 'Convergence', summary: 'Errors over mesh widths, with fitted and promised order.', rank: 8,
    accepts: (array, step, document) => array.name === 'relative_l2' && isPlainList(array) && kindOf(step, document) === 'converge',
    load: () => import('./lines/ConvergenceView'),
    commands: [...plotCommands('convergence'), { id: 'convergence.log-x', title: 'Logarithmic mesh width', keys: ['k'] }, { id: 'convergence.log-y', title: 'Logarithmic errors', keys: ['l'] }],
  },
  {
    id: 'study', title: 'Study', summary: 'What a study counted, measured and extrapolated, with its bounds.', rank: 8, isWhole: true,
    accepts: (array, step, document) => isPlainList(array) && studyOf(kindOf(step, document))?.opens === array.name,
    load: () => import('./lines/StudyView'),
    commands: [...plotCommands('study'), { id: 'study.log-y', title: 'Logarithmic values', keys: ['l'] }],
  },
  {
    id: 'bands', title: 'Bands', summary: 'The runs of a sweep: medians with the spread of their seeds.', rank: 8, isWhole: true,
    accepts: (array, step) => bandPlaces(array, step) !== undefined,
    load: () => import('./lines/BandsView'),
    commands: [...plotCommands('bands'), { id: 'bands.log-x', title: 'Logarithmic abscissa', keys: ['k'] }, { id: 'bands.log-y', title: 'Logarithmic values', keys: ['l'] }],
  },
  {
    id: 'spectrum', title: 'Spectrum', summary: 'Singular values with the cut-off, or the eigenvalues of the tangent kernel before and after a training.', rank: 1,
    accepts: array => isPlainList(array) && (array.name === 'singular_values' || array.name === 'ntk'),
    load: () => import('./lines/SpectrumView'),
    commands: [...plotCommands('spectrum'), { id: 'spectrum.log-y', title: 'Logarithmic values', keys: ['l'] }],
  },
  {
    id: 'weights', title: 'Parameters', summary: 'A histogram of a network’s parameters before and after its training.', rank: 1,
    accepts: array => array.name === 'weights_histogram',
    load: () => import('./lines/WeightsView'),
    commands: [...plotCommands('weights'), { id: 'weights.log-y', title: 'Logarithmic shares', keys: ['l'] }],
  },
  {
    id: 'grid-beside', title: 'Against a grid', summary: 'The error of a training over its seconds, and what a classical solver reaches in them.', rank: 1,
    accepts: array => array.name === 'grid_relative_l2',
    load: () => import('./lines/GridBesideView'),
    commands: [...plotCommands('grid-beside'), { id: 'grid-beside.log-x', title: 'Logarithmic seconds', keys: ['k'] }, { id: 'grid-beside.log-y', title: 'Logarithmic errors', keys: ['l'] }],
  },
  {
    id: 'history', title: 'History', summary: 'A list of numbers over its index, such as residuals.', rank: 0,
    accepts: (array, step, document) => isPlainList(array) && isHistory(array.name) && kindOf(step, document) !== 'converge',
    load: () => import('./lines/HistoryView'),
    commands: [...plotCommands('history'), { id: 'history.log-x', title: 'Logarithmic index', keys: ['k'] }, { id: 'history.log-y', title: 'Logarithmic values', keys: ['l'] }],
  },
]
