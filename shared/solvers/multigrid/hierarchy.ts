import type { Arena, Block, Pointer, Team } from '../../kernels/team'
import { canCoarsen, coarsenAxis, identityTransfer, type AxisGeometry } from './axis'
import { factorDense, type DenseFactors } from './dense'
import { constantLevel, networkLevel, type ConstantOperator, type Level } from './level'
import { coarsenNetwork, constantNetwork, meanConductance, shapeOf, stabilised, type Network } from './network'
import { nodeGrain, type Shape } from './shape'
import { createSmoother, type Smoother, type SmootherName } from './smoother'
import { createTransfer, type Transfer } from './transfer'

type Axes = readonly [AxisGeometry, AxisGeometry, AxisGeometry]

/** v: one visit of the coarser grid; w: two; f: an F-cycle and a V-cycle there, between both in work. */
export type CycleName = 'v' | 'f' | 'w'

export interface HierarchyOptions {
  /** red-black by default. */
  readonly smoother?: SmootherName
  /** v by default. */
  readonly cycle?: CycleName
}

export interface CycleOptions {
  /** Sweeps before (at least one) and after the coarse correction. 1 and 1 by default. */
  readonly before?: number
  readonly after?: number
  /** Reverse the colours after the correction: the cycle is then a symmetric preconditioner. */
  readonly symmetric?: boolean
}

/**
 * Geometric multigrid on a tensor grid with any number of nodes. Each level merges intervals in pairs along the axes that couple strongly
 * (all of them when the operator is isotropic, one when it is not), down to a few nodes, which are solved directly.
 */
export interface Hierarchy {
  readonly levels: readonly Level[]
  /** One cycle: improves u for A u = f. Fixed nodes keep their values. */
  cycle(u: Pointer, f: Pointer, options?: CycleOptions): void
  /** Full multigrid from nothing: u holds the Dirichlet values at fixed nodes and 0 elsewhere. `cycles` cycles per level. */
  full(u: Pointer, f: Pointer, cycles: number): void
}

interface Stage {
  readonly level: Level
  /** To the next coarser stage; absent on the coarsest. */
  readonly transfer?: Transfer
  /** Unknown and right-hand side of a coarse stage (0 on the finest, whose vectors lie outside). */
  readonly u: Pointer
  readonly f: Pointer
}

/** @param singular the constants are in the kernel of the operator: the coarse solve then leaves the mean alone */
export function hierarchyOfNetwork(team: Team, network: Network, singular: boolean, options: HierarchyOptions = {}): Hierarchy {
  return assemble(team, networkStages(team, network, true, options), singular, options)
}

/** The operator with constant coefficients on a uniform grid whose boundary is fixed: no coefficient arrays as long as halving works out evenly. */
export function hierarchyOfConstants(team: Team, axes: Axes, diffusion: readonly number[], reaction: number, options: HierarchyOptions = {}): Hierarchy {
  const stages: Stage[] = []
  let geometry = axes
  if (options.smoother === 'line') {
    const boundary = constantLevel(team, shapeOf(axes), { conductance: [1, 1, 1], reaction: 0 })
    return assemble(team, networkStages(team, constantNetwork(team, axes, diffusion, reaction, node => boundary.isFixed(node)), true, options), false, options)
  }
  for (;;) {
    const shape = shapeOf(geometry)
    const operator = constantOperator(geometry, diffusion, reaction)
    const level = constantLevel(team, shape, operator)
    const vectors = stageVectors(team.arena, level, stages.length === 0)
    const chosen = chooseAxes(geometry, [...operator.conductance])
    if (!chosen) return assemble(team, [...stages, { level, ...vectors }], false, options)
    const transfers = geometry.map((axis, a) => (chosen[a] ? coarsenAxis(axis) : identityTransfer(axis))) as unknown as Transfer['axes']
    const coarse = transfers.map(t => t.coarse) as unknown as Axes
    stages.push({ level, transfer: createTransfer(team, shape, shapeOf(coarse), transfers), ...vectors })
    geometry = coarse
    if (!geometry.every(axis => axis.lengths.every(h => h === axis.lengths[0]))) {
      const finer = constantLevel(team, shapeOf(geometry), { conductance: [1, 1, 1], reaction: 0 })
      const network = constantNetwork(team, geometry, diffusion, reaction, node => finer.isFixed(node))
      return assemble(team, [...stages, ...networkStages(team, network, false, options)], false, options)
    }
  }
}

function constantOperator(axes: Axes, diffusion: readonly number[], reaction: number): ConstantOperator {
  const h = axes.map(axis => axis.lengths[0] ?? 1)
  const volume = h[0] * h[1] * h[2]
  return { conductance: axes.map((axis, a) => (axis.nodes === 1 ? 0 : (diffusion[a] * volume) / (h[a] * h[a]))) as unknown as [number, number, number], reaction: reaction * volume }
}

function stageVectors(arena: Arena, level: Level, finest: boolean): { u: Pointer; f: Pointer } {
  return finest ? { u: 0, f: 0 } : { u: arena.f64(level.size).pointer, f: arena.f64(level.size).pointer }
}

/** All axes halved regularly: residual and restriction are one pass. */
const isFused = ({ level, transfer }: Stage): boolean => level.restrictResidual !== undefined && transfer !== undefined && transfer.axes.every(t => (t.identity ? t.coarse.nodes === 1 : t.regular))

function networkStages(team: Team, finest: Network, isFinest: boolean, { smoother }: HierarchyOptions): Stage[] {
  const stages: Stage[] = []
  let network = finest
  for (;;) {
    const level = networkLevel(team, stabilised(team, network), smoother === 'line')
    const vectors = stageVectors(team.arena, level, isFinest && stages.length === 0)
    const chosen = chooseAxes(network.axes, meanConductance(network))
    if (!chosen) {
      stages.push({ level, ...vectors })
      return stages
    }
    const transfers = network.axes.map((axis, a) => (chosen[a] ? coarsenAxis(axis) : identityTransfer(axis))) as unknown as Transfer['axes']
    const coarseShape = shapeOf(transfers.map(t => t.coarse) as unknown as Axes)
    const transfer = createTransfer(team, network.shape, coarseShape, transfers)
    stages.push({ level, transfer, ...vectors })
    network = coarsenNetwork(team, network, transfer)
  }
}

/** Which axes to coarsen: those that couple at least a quarter as strongly as the strongest one that still can be coarsened. Undefined on the coarsest grid. */
function chooseAxes(axes: Axes, conductance: readonly number[]): boolean[] | undefined {
  const possible = axes.map(canCoarsen)
  const strongest = Math.max(...conductance.map((value, axis) => (possible[axis] ? value : 0)))
  if (!(strongest > 0)) return undefined
  return possible.map((can, axis) => can && conductance[axis] >= 0.25 * strongest)
}

function assemble(team: Team, stages: readonly Stage[], singular: boolean, { smoother: name = 'red-black', cycle: shape = 'v' }: HierarchyOptions): Hierarchy {
  const last = stages[stages.length - 1]
  const direct = directSolver(team, last.level, singular)
  const fill = (pointer: Pointer, size: number) => team.parallel('vectors.fill', 0, size, [0, pointer], { grain: nodeGrain })
  const residualOfLast = team.arena.f64(last.level.size)
  const fused = stages.map(stage => (name === 'red-black' || stage.level.shape[2] > 1) && isFused(stage))
  const residuals = stages.map((stage, index) => (stage.transfer && !fused[index] ? team.arena.f64(stage.level.size).pointer : 0))
  const smoothers: Smoother[] = stages.map(stage => createSmoother(team, stage.level, name))

  function solveCoarsest(u: Pointer, f: Pointer): void {
    last.level.residual(u, f, residualOfLast.pointer)
    direct(residualOfLast, u)
  }

  function cycleAt(index: number, u: Pointer, f: Pointer, options: CycleOptions, visits: CycleName): void {
    const { level, transfer } = stages[index]
    if (!transfer) return solveCoarsest(u, f)
    const { before = 1, after = 1, symmetric = false } = options
    for (let sweep = 0; sweep < before; sweep++) smoothers[index].sweep(u, f, false)
    const next = stages[index + 1]
    if (fused[index]) level.restrictResidual!(u, f, next.f)
    else {
      level.residual(u, f, residuals[index])
      transfer.restrict(residuals[index], next.f)
    }
    fill(next.u, next.level.size)
    cycleAt(index + 1, next.u, next.f, options, visits)
    // A second visit of the coarsest grid, which is solved exactly, would change nothing.
    if (visits !== 'v' && next.transfer) cycleAt(index + 1, next.u, next.f, options, visits === 'f' ? 'v' : 'w')
    transfer.prolong(next.u, level.inverse, u)
    for (let sweep = 0; sweep < after; sweep++) smoothers[index].sweep(u, f, symmetric)
  }

  return {
    levels: stages.map(stage => stage.level),
    cycle: (u, f, options = {}) => cycleAt(0, u, f, options, shape),
    full(u, f, cycles) {
      const unknowns = stages.map((stage, index) => (index === 0 ? u : stage.u))
      const sides = stages.map((stage, index) => (index === 0 ? f : stage.f))
      stages.forEach(({ transfer }, index) => {
        if (!transfer) return
        transfer.restrict(sides[index], sides[index + 1])
        injectFixed(team, transfer, stages[index].level.shape, stages[index + 1].level, unknowns[index], unknowns[index + 1])
      })
      solveCoarsest(unknowns[stages.length - 1], sides[stages.length - 1])
      for (let index = stages.length - 2; index >= 0; index--) {
        const { level, transfer } = stages[index]
        const restore = level.inverse === 0 ? boundaryOf(team, level, unknowns[index]) : undefined
        transfer!.prolong(unknowns[index + 1], level.inverse, unknowns[index])
        restore?.()
        for (let c = 0; c < cycles; c++) cycleAt(index, unknowns[index], sides[index], {}, shape)
      }
    },
  }
}

/** Coarse Dirichlet values: those of the fine nodes that are coarse; 0 at free nodes. */
function injectFixed(team: Team, transfer: Transfer, fine: Shape, coarse: Level, from: Pointer, to: Pointer): void {
  const [ax, ay, az] = transfer.axes
  const [nx, ny, nz] = coarse.shape
  const values = new Float64Array(team.arena.memory.buffer, from, fine[0] * fine[1] * fine[2])
  const target = new Float64Array(team.arena.memory.buffer, to, coarse.size)
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = (az.at[k] * fine[1] + ay.at[j]) * fine[0]
      const start = (k * ny + j) * nx
      for (let i = 0; i < nx; i++) target[start + i] = coarse.isFixed(start + i) ? values[row + ax.at[i]] : 0
    }
  }
}

/** Takes the boundary values away (prolongation adds everywhere) and gives the function that puts them back. */
function boundaryOf(team: Team, level: Level, u: Pointer): () => void {
  const nodes: number[] = []
  const values: number[] = []
  const view = new Float64Array(team.arena.memory.buffer, u, level.size)
  const [nx, ny, nz] = level.shape
  for (let row = 0; row < ny * nz; row++) {
    const j = row % ny
    const k = Math.floor(row / ny)
    const whole = j === 0 || j === ny - 1 || (nz > 1 && (k === 0 || k === nz - 1))
    for (let i = 0; i < nx; i += whole ? 1 : nx - 1) {
      nodes.push(row * nx + i)
      values.push(view[row * nx + i])
      view[row * nx + i] = 0
    }
  }
  return () => nodes.forEach((node, index) => (view[node] = values[index]))
}

/** u ← u + A⁻¹ r on the coarsest grid, by LU of the free nodes. */
function directSolver(team: Team, level: Level, singular: boolean): (r: Block, u: Pointer) => void {
  const free: number[] = []
  for (let node = 0; node < level.size; node++) if (!level.isFixed(node)) free.push(node)
  const n = free.length
  const matrix = new Float64Array(n * n)
  const mark = team.arena.mark()
  const unit = team.arena.f64(level.size)
  const column = team.arena.f64(level.size)
  free.forEach((node, j) => {
    unit.view()[node] = 1
    level.apply(unit.pointer, column.pointer)
    unit.view()[node] = 0
    const view = column.view()
    free.forEach((other, i) => (matrix[i * n + j] = view[other]))
  })
  team.arena.release(mark)
  // A + s 11ᵀ/n is regular and has the same solutions with zero mean.
  if (singular) for (let i = 0; i < n * n; i++) matrix[i] += level.maximumDiagonal / n
  const factors: DenseFactors = factorDense(matrix, n)
  const work = new Float64Array(n)
  return (r, u) => {
    const residual = r.view()
    const view = new Float64Array(team.arena.memory.buffer, u, level.size)
    free.forEach((node, i) => (work[i] = residual[node]))
    factors.solve(work)
    free.forEach((node, i) => (view[node] += work[i]))
  }
}

