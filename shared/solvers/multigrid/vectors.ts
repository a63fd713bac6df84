import type { Pointer, Team } from '../../kernels/team'
import { nodeGrain } from './shape'

/** Vector operations of a fixed length on the team. */
export interface Vectors {
  dot(x: Pointer, y: Pointer): number
  /** y ← y + α x */
  axpy(alpha: number, x: Pointer, y: Pointer): void
  /** y ← α x + β y */
  axpby(alpha: number, x: Pointer, beta: number, y: Pointer): void
  scale(alpha: number, x: Pointer, y: Pointer): void
  copy(x: Pointer, y: Pointer): void
  fill(value: number, y: Pointer): void
}

export function createVectors(team: Team, size: number): Vectors {
  const options = { grain: nodeGrain }
  return {
    dot: (x, y) => team.reduce('vectors.dot', 0, size, [x, y], { block: 16384 }),
    axpy: (alpha, x, y) => team.parallel('vectors.axpy', 0, size, [alpha, x, y], options),
    axpby: (alpha, x, beta, y) => team.parallel('vectors.axpby', 0, size, [alpha, x, beta, y], options),
    scale: (alpha, x, y) => team.parallel('vectors.scale', 0, size, [alpha, x, y], options),
    copy: (x, y) => team.parallel('vectors.copy', 0, size, [x, y], options),
    fill: (value, y) => team.parallel('vectors.fill', 0, size, [value, y], options),
  }
}
