import type { Pointer, Team } from '../../kernels/team'

/** Elements per piece of work below which waking another thread costs more than it saves. */
const grain = 8192

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
  /** z ← x y, element by element */
  multiply(x: Pointer, y: Pointer, z: Pointer): void
  /** Euclidean norm */
  norm(x: Pointer): number
}

export function createVectors(team: Team, size: number): Vectors {
  const options = { grain }
  return {
    dot: (x, y) => team.reduce('vectors.dot', 0, size, [x, y], { block: 16384 }),
    axpy: (alpha, x, y) => team.parallel('vectors.axpy', 0, size, [alpha, x, y], options),
    axpby: (alpha, x, beta, y) => team.parallel('vectors.axpby', 0, size, [alpha, x, beta, y], options),
    scale: (alpha, x, y) => team.parallel('vectors.scale', 0, size, [alpha, x, y], options),
    copy: (x, y) => team.parallel('vectors.copy', 0, size, [x, y], options),
    multiply: (x, y, z) => team.parallel('vectors.multiply', 0, size, [x, y, z], options),
    norm: x => Math.sqrt(team.reduce('vectors.dot', 0, size, [x, x], { block: 16384 })),
    fill: (value, y) => team.parallel('vectors.fill', 0, size, [value, y], options),
  }
}
