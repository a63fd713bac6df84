import type { Graph } from './graph'

/**
 * An elimination order with little fill: approximate minimum degree on a quotient graph. An eliminated node becomes an *element* that stands for the clique of its
 * neighbours; indistinguishable nodes are merged; a node's degree is bounded by the sizes of what its elements add to the newest one. Nodes with very many
 * neighbours are put last. Deterministic: ties go to the node that entered its degree list last.
 *
 * Source: Amestoy, Davis & Duff 1996, doi:10.1137/S0895479894278952.
 *
 * @returns the nodes in the order of elimination
 */
export function minimumDegree({ size: n, starts, neighbours }: Graph): Int32Array {
  const dense = Math.max(16, Math.floor(10 * Math.sqrt(n)))
  // Room for the lists: elements are formed at the free end, which is compacted when it is full.
  const capacity = neighbours.length + Math.floor(neighbours.length / 4) + 2 * n + 16
  const lists = new Int32Array(capacity)
  const at = new Int32Array(n)
  /** Length of a node's list (elements first) or of an element's list of nodes. */
  const length = new Int32Array(n)
  /** How many of a node's list are elements. */
  const elements = new Int32Array(n)
  /** Number of merged nodes a node stands for; 0 once merged or eliminated; negative while in the element being formed. */
  const weight = new Int32Array(n).fill(1)
  const degree = new Int32Array(n)
  /** For a node: who it was merged into; for elements and pivots: −1. */
  const mergedInto = new Int32Array(n).fill(-1)
  const isElement = new Uint8Array(n)
  const absorbed = new Uint8Array(n)
  /** Work marks of elements: mark + |members outside the newest element|. */
  const outside = new Int32Array(n)
  const head = new Int32Array(n + 1).fill(-1)
  const next = new Int32Array(n).fill(-1)
  const previous = new Int32Array(n).fill(-1)
  const pivots = new Int32Array(n)
  let pivotCount = 0
  let eliminated = 0
  let mark = 1
  const last: number[] = []

  const insert = (i: number, d: number): void => {
    next[i] = head[d]
    previous[i] = -1
    if (head[d] >= 0) previous[head[d]] = i
    head[d] = i
  }
  const remove = (i: number): void => {
    if (next[i] >= 0) previous[next[i]] = previous[i]
    if (previous[i] >= 0) next[previous[i]] = next[i]
    else head[degree[i]] = next[i]
  }

  const isDense = new Uint8Array(n)
  for (let i = 0; i < n; i++) {
    if (starts[i + 1] - starts[i] > dense) {
      isDense[i] = 1
      last.push(i)
      weight[i] = 0
      eliminated++
    }
  }
  let free = 0
  for (let i = 0; i < n; i++) {
    at[i] = free
    if (isDense[i]) continue
    for (let e = starts[i]; e < starts[i + 1]; e++) if (!isDense[neighbours[e]]) lists[free++] = neighbours[e]
    length[i] = degree[i] = free - at[i]
  }
  for (let i = n - 1; i >= 0; i--) if (!isDense[i]) insert(i, degree[i])

  /** Moves all living lists to the front, in the order in which they lie. */
  function compact(): void {
    const living: number[] = []
    for (let i = 0; i < n; i++) if (length[i] > 0 && (weight[i] !== 0 || (isElement[i] && !absorbed[i]))) living.push(i)
    living.sort((a, b) => at[a] - at[b])
    free = 0
    for (const i of living) {
      lists.copyWithin(free, at[i], at[i] + length[i])
      at[i] = free
      free += length[i]
    }
  }

  const hashHead = new Int32Array(n).fill(-1)
  const hashNext = new Int32Array(n).fill(-1)
  const hashOf = new Int32Array(n)
  let least = 0
  while (eliminated < n) {
    while (head[least] < 0) least++
    const pivot = head[least]
    remove(pivot)
    const pivotWeight = weight[pivot]
    eliminated += pivotWeight
    pivots[pivotCount++] = pivot

    // The new element: the pivot's neighbours and those of its elements.
    weight[pivot] = -pivotWeight
    let needed = length[pivot]
    for (let e = 0; e < elements[pivot]; e++) needed += length[lists[at[pivot] + e]]
    if (free + needed > capacity) compact()
    const first = free
    let size = 0
    const gather = (from: number, count: number): void => {
      for (let k = from; k < from + count; k++) {
        const i = lists[k]
        const w = weight[i]
        if (w <= 0) continue
        weight[i] = -w
        size += w
        lists[free++] = i
        remove(i)
      }
    }
    for (let e = 0; e < elements[pivot]; e++) {
      const element = lists[at[pivot] + e]
      gather(at[element], length[element])
      absorbed[element] = 1
    }
    gather(at[pivot] + elements[pivot], length[pivot] - elements[pivot])
    at[pivot] = first
    length[pivot] = free - first
    elements[pivot] = 0
    isElement[pivot] = 1

    // |Lₑ \ L_pivot| for every element e beside the new one.
    const end = free
    if (mark > 2 ** 30) {
      outside.fill(0)
      mark = 1
    }
    for (let k = first; k < end; k++) {
      const i = lists[k]
      const w = -weight[i]
      for (let e = at[i]; e < at[i] + elements[i]; e++) {
        const element = lists[e]
        if (absorbed[element]) continue
        if (outside[element] < mark) outside[element] = mark + degree[element] - w
        else outside[element] -= w
      }
    }

    // New lists and degrees of its members.
    for (let k = first; k < end; k++) {
      const i = lists[k]
      let write = at[i]
      const elementEnd = at[i] + elements[i]
      const listEnd = at[i] + length[i]
      let bound = 0
      let hash = 0
      for (let e = at[i]; e < elementEnd; e++) {
        const element = lists[e]
        if (absorbed[element]) continue
        const beyond = outside[element] - mark
        if (beyond === 0) {
          absorbed[element] = 1
          continue
        }
        bound += beyond
        lists[write++] = element
        hash = (hash + element) | 0
      }
      const kept = write - at[i]
      const nodes: number[] = []
      for (let e = elementEnd; e < listEnd; e++) {
        const j = lists[e]
        const w = weight[j]
        if (w <= 0) continue
        bound += w
        nodes.push(j)
        hash = (hash + j) | 0
      }
      if (kept === 0 && nodes.length === 0) {
        // Nothing beside the new element: i is eliminated with the pivot.
        size += weight[i]
        eliminated -= weight[i]
        weight[i] = 0
        mergedInto[i] = pivot
        length[i] = 0
        continue
      }
      // The pivot itself was in the list, as node or through an absorbed element: there is room for it.
      lists[write++] = pivot
      for (const j of nodes) lists[write++] = j
      elements[i] = kept + 1
      length[i] = write - at[i]
      degree[i] = Math.min(degree[i], bound)
      hash = (hash >>> 0) % n
      hashOf[i] = hash
      hashNext[i] = hashHead[hash]
      hashHead[hash] = i
    }
    degree[pivot] = size
    mark += n + 1

    // Members with the same lists are one from now on.
    for (let k = first; k < end; k++) {
      if (weight[lists[k]] === 0) continue
      const bucket = hashOf[lists[k]]
      let i = hashHead[bucket]
      hashHead[bucket] = -1
      for (; i >= 0 && hashNext[i] >= 0; i = hashNext[i]) {
        mark++
        for (let e = at[i]; e < at[i] + length[i]; e++) outside[lists[e]] = mark
        let before = i
        for (let j = hashNext[i]; j >= 0; j = hashNext[before]) {
          let same = length[j] === length[i] && elements[j] === elements[i]
          for (let e = at[j]; same && e < at[j] + length[j]; e++) same = outside[lists[e]] === mark
          if (same) {
            weight[i] += weight[j]
            weight[j] = 0
            mergedInto[j] = i
            length[j] = 0
            hashNext[before] = hashNext[j]
          } else before = j
        }
      }
    }
    mark++

    // Back into the degree lists; the element keeps its living members.
    let write = first
    for (let k = first; k < end; k++) {
      const i = lists[k]
      if (weight[i] === 0) continue
      const w = (weight[i] = -weight[i])
      degree[i] = Math.max(0, Math.min(degree[i] + size - w, n - eliminated - w))
      insert(i, degree[i])
      if (degree[i] < least) least = degree[i]
      lists[write++] = i
    }
    length[pivot] = write - first
    if (length[pivot] === 0) absorbed[pivot] = 1
    free = write
    weight[pivot] = 0
  }

  // Pivots in order, each with all that was merged into it.
  const children: number[][] = Array.from({ length: n }, () => [])
  for (let i = 0; i < n; i++) if (mergedInto[i] >= 0) children[mergedInto[i]].push(i)
  const order = new Int32Array(n)
  let count = 0
  const stack: number[] = []
  for (let k = 0; k < pivotCount; k++) {
    stack.push(pivots[k])
    while (stack.length > 0) {
      const i = stack.pop()!
      order[count++] = i
      stack.push(...children[i])
    }
  }
  for (const i of last) order[count++] = i
  return order
}
