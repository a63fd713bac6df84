import type { SparseMatrix } from '../sparse'

/** An undirected graph: the neighbours of node i are neighbours[starts[i]] … neighbours[starts[i + 1] − 1], without i itself. */
export interface Graph {
  readonly size: number
  readonly starts: Int32Array
  readonly neighbours: Int32Array
}

/** The graph of A + Aᵀ. */
export function graphOf(matrix: SparseMatrix): Graph {
  const n = matrix.rows
  const [starts, columns] = [matrix.starts(), matrix.columnNumbers()]
  // Every entry gives both directions; sorting by counting puts duplicates side by side per node, where a marker removes them.
  const counts = new Int32Array(n + 1)
  for (let i = 0; i < n; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      if (columns[e] === i) continue
      counts[i + 1]++
      counts[columns[e] + 1]++
    }
  }
  for (let i = 0; i < n; i++) counts[i + 1] += counts[i]
  const next = counts.slice(0, n)
  const all = new Int32Array(counts[n])
  for (let i = 0; i < n; i++) {
    for (let e = starts[i]; e < starts[i + 1]; e++) {
      const j = columns[e]
      if (j === i) continue
      all[next[i]++] = j
      all[next[j]++] = i
    }
  }
  const marker = new Int32Array(n).fill(-1)
  const uniqueStarts = new Int32Array(n + 1)
  let count = 0
  for (let i = 0; i < n; i++) {
    for (let e = counts[i]; e < counts[i + 1]; e++) {
      const j = all[e]
      if (marker[j] === i) continue
      marker[j] = i
      all[count++] = j
    }
    uniqueStarts[i + 1] = count
  }
  return { size: n, starts: uniqueStarts, neighbours: all.slice(0, count) }
}
