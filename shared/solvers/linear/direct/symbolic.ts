import type { Graph } from './graph'

/**
 * What elimination in a given order will do, without numbers: the unknowns in supernodes (columns of the factor with the same rows below), each a dense front, and the
 * tree along which contributions flow. All unknowns are numbered by position in `order` (a postorder of the elimination tree).
 */
export interface Symbolic {
  readonly size: number
  /** order[position] = unknown of the matrix. */
  readonly order: Int32Array
  /** position[unknown]. */
  readonly position: Int32Array
  readonly fronts: number
  /** First position of each front's pivots; fronts + 1 numbers. */
  readonly firstPivot: Int32Array
  /** Front that takes the contribution, −1 for a root. Larger than the front itself. */
  readonly parent: Int32Array
  /** Positions beyond the pivots, increasing: rows[rowStarts[f] … rowStarts[f + 1] − 1]. */
  readonly rowStarts: Int32Array
  readonly rows: Int32Array
}

/** Elimination tree of the permuted graph: the parent of a column is the first row below its diagonal in the factor. Source: Liu 1990, doi:10.1137/0611010. */
function eliminationTree({ size: n, starts, neighbours }: Graph, order: Int32Array, position: Int32Array): Int32Array {
  const parent = new Int32Array(n).fill(-1)
  const ancestor = new Int32Array(n).fill(-1)
  for (let k = 0; k < n; k++) {
    const node = order[k]
    for (let e = starts[node]; e < starts[node + 1]; e++) {
      let i = position[neighbours[e]]
      while (i >= 0 && i < k) {
        const up = ancestor[i]
        ancestor[i] = k
        if (up < 0) parent[i] = k
        i = up === k ? -1 : up
      }
    }
  }
  return parent
}

/** Children before parents, each subtree in one piece; the largest child last, so that it can grow together with its parent. */
function postorder(parent: Int32Array, size: Int32Array): Int32Array {
  const n = parent.length
  const head = new Int32Array(n + 1).fill(-1)
  const next = new Int32Array(n).fill(-1)
  const bySize = Array.from({ length: n }, (_, i) => i)
  bySize.sort((a, b) => size[a] - size[b] || a - b)
  // Lists are taken from the head: the child inserted last, the smallest, comes first.
  for (let k = n - 1; k >= 0; k--) {
    const i = bySize[k]
    const list = parent[i] < 0 ? n : parent[i]
    next[i] = head[list]
    head[list] = i
  }
  const result = new Int32Array(n)
  const stack: number[] = []
  let count = 0
  for (let root = head[n]; root >= 0; root = next[root]) {
    stack.push(root)
    while (stack.length > 0) {
      const i = stack[stack.length - 1]
      if (head[i] >= 0) {
        stack.push(head[i])
        head[i] = next[head[i]]
      } else {
        result[count++] = i
        stack.pop()
      }
    }
  }
  return result
}

/** Entries of every column of the factor, the diagonal included, by walking each row's subtree: as much work as the factor has entries. */
function columnCounts({ size: n, starts, neighbours }: Graph, order: Int32Array, position: Int32Array, parent: Int32Array): Int32Array {
  const counts = new Int32Array(n).fill(1)
  const seen = new Int32Array(n).fill(-1)
  for (let k = 0; k < n; k++) {
    seen[k] = k
    const node = order[k]
    for (let e = starts[node]; e < starts[node + 1]; e++) {
      for (let i = position[neighbours[e]]; i < k && seen[i] !== k; i = parent[i]) {
        seen[i] = k
        counts[i]++
      }
    }
  }
  return counts
}

const invert = (order: Int32Array): Int32Array => {
  const position = new Int32Array(order.length)
  order.forEach((node, k) => (position[node] = k))
  return position
}

export function analyse(graph: Graph, given: Int32Array): Symbolic {
  const n = graph.size
  let position = invert(given)
  const tree = eliminationTree(graph, given, position)
  const heights = columnCounts(graph, given, position, tree)
  const post = postorder(tree, heights)
  const order = post.map(k => given[k])
  const rank = invert(post)
  position = invert(order)
  const parentColumn = post.map(k => (tree[k] < 0 ? -1 : rank[tree[k]]))
  const counts = post.map(k => heights[k])

  const firstPivot = amalgamate(parentColumn, counts)
  const fronts = firstPivot.length - 1
  const frontOf = new Int32Array(n)
  for (let f = 0; f < fronts; f++) frontOf.fill(f, firstPivot[f], firstPivot[f + 1])

  const parent = new Int32Array(fronts).fill(-1)
  const children: number[][] = Array.from({ length: fronts }, () => [])
  const rowStarts = new Int32Array(fronts + 1)
  const lists: Int32Array[] = []
  const seen = new Int32Array(n).fill(-1)
  for (let f = 0; f < fronts; f++) {
    const end = firstPivot[f + 1]
    const list: number[] = []
    for (let k = firstPivot[f]; k < end; k++) {
      const node = order[k]
      for (let e = graph.starts[node]; e < graph.starts[node + 1]; e++) {
        const i = position[graph.neighbours[e]]
        if (i >= end && seen[i] !== f) {
          seen[i] = f
          list.push(i)
        }
      }
    }
    for (const child of children[f]) {
      for (const i of lists[child]) {
        if (i >= end && seen[i] !== f) {
          seen[i] = f
          list.push(i)
        }
      }
    }
    const rows = Int32Array.from(list).sort()
    lists.push(rows)
    rowStarts[f + 1] = rowStarts[f] + rows.length
    if (rows.length > 0) {
      parent[f] = frontOf[rows[0]]
      children[parent[f]].push(f)
    }
  }
  const rows = new Int32Array(rowStarts[fronts])
  lists.forEach((list, f) => rows.set(list, rowStarts[f]))
  return { size: n, order, position, fronts, firstPivot, parent, rowStarts, rows }
}

/**
 * Columns in a row with the same structure form a supernode; small ones join the parent that follows them as long as few zeros are stored for it, since larger fronts run
 * faster. Source of the idea: Ashcraft & Grimes 1989, doi:10.1145/76909.76910.
 */
function amalgamate(parent: Int32Array, counts: Int32Array): Int32Array {
  const n = parent.length
  const starts: number[] = []
  const sizes: number[] = []
  const zeros: number[] = []
  for (let k = 0; k < n; k++) {
    const joins = k > 0 && parent[k - 1] === k && counts[k - 1] === counts[k] + 1
    if (joins) {
      sizes[sizes.length - 1]++
      continue
    }
    starts.push(k)
    sizes.push(1)
    zeros.push(0)
  }
  // From the end: `starts[f]` grows towards its last child, which lies directly before it.
  const keep = new Uint8Array(starts.length).fill(1)
  /** Rows of the (merged) front, pivots included. */
  const orders = starts.map(start => counts[start])
  let upper = starts.length - 1
  for (let f = starts.length - 2; f >= 0; f--) {
    const lastColumn = starts[f] + sizes[f] - 1
    const p = parent[lastColumn]
    const isChild = p >= starts[upper] && p < starts[upper] + sizes[upper]
    if (isChild) {
      const added = sizes[f] * (orders[upper] + sizes[f] - orders[f])
      const total = zeros[f] + zeros[upper] + added
      const pivots = sizes[f] + sizes[upper]
      const order = orders[upper] + sizes[f]
      const share = total / (pivots * order - (pivots * (pivots - 1)) / 2)
      if (pivots <= 4 || (pivots <= 16 && share < 0.6) || (pivots <= 48 && share < 0.15) || share < 0.05) {
        starts[upper] = starts[f]
        sizes[upper] = pivots
        orders[upper] = order
        zeros[upper] = total
        keep[f] = 0
        continue
      }
    }
    upper = f
  }
  const first = starts.filter((_, f) => keep[f] === 1)
  first.push(n)
  return Int32Array.from(first)
}

/** Rows of a front are this far apart: whole pairs, and never a large power of two, whose rows would fall on the same places of the cache. */
export const leadingDimension = (m: number): number => {
  const even = m + (m % 2)
  return even % 64 === 0 && even > 0 ? even + 2 : even
}

/** Work and memory of a factorisation without delayed pivots. */
export interface Estimate {
  /** Numbers in the factors. */
  readonly entries: number
  readonly operations: number
  readonly largestFront: number
  /** Bytes of factors, waiting contributions and the front at hand, at the worst moment. */
  readonly bytes: number
}

/** Bytes of a front's description in the factors: the numbers of its rows (and columns), rounded up. */
export const namesBytes = (m: number, symmetric: boolean): number => 16 * Math.ceil((4 * (symmetric ? m : 2 * m)) / 16)

/** @param symmetric the factor is stored once */
export function estimate(symbolic: Symbolic, symmetric: boolean): Estimate {
  const { fronts, firstPivot, rowStarts, parent } = symbolic
  let entries = 0
  let operations = 0
  let largestFront = 0
  let waiting = 0
  let stored = 0
  let bytes = 0
  /** Contributions that wait for a front. */
  const pending = new Float64Array(fronts)
  for (let f = 0; f < fronts; f++) {
    const k = firstPivot[f + 1] - firstPivot[f]
    const rest = rowStarts[f + 1] - rowStarts[f]
    const m = k + rest
    const own = symmetric ? k * m : k * m + rest * k
    entries += own
    stored += 8 * own + 16 + namesBytes(m, symmetric)
    for (let t = 1; t <= k; t++) operations += (symmetric ? 1 : 2) * (m - t) * (m - t)
    largestFront = Math.max(largestFront, m)
    bytes = Math.max(bytes, stored + 8 * (waiting + m * leadingDimension(m)))
    waiting += rest * rest - pending[f]
    if (parent[f] >= 0) pending[parent[f]] += rest * rest
    bytes = Math.max(bytes, stored + 8 * waiting)
  }
  return { entries, operations, largestFront, bytes }
}
