/**
 * A perfect matching of rows and columns with the largest total weight (Kuhn's Hungarian method with potentials, O(n³); H. W. Kuhn, Naval Research Logistics 2 (1955),
 * DOI 10.1002/nav.3800020109). `weights[row][column]`, square. `columns` is the column of each row; weight ≤ rowBound + columnBound everywhere, with equality on the matching.
 */
export function heaviestMatching(weights: readonly (readonly number[])[]): { readonly columns: number[]; readonly rowBound: number[]; readonly columnBound: number[] } {
  const n = weights.length
  const rowPotential = new Array<number>(n + 1).fill(0)
  const columnPotential = new Array<number>(n + 1).fill(0)
  const rowOf = new Array<number>(n + 1).fill(0)
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row
    let column = 0
    const least = new Array<number>(n + 1).fill(Infinity)
    const previous = new Array<number>(n + 1).fill(0)
    const used = new Array<boolean>(n + 1).fill(false)
    do {
      used[column] = true
      let delta = Infinity
      let next = 0
      for (let j = 1; j <= n; j++) {
        if (used[j]) continue
        const reduced = -weights[rowOf[column] - 1][j - 1] - rowPotential[rowOf[column]] - columnPotential[j]
        if (reduced < least[j]) {
          least[j] = reduced
          previous[j] = column
        }
        if (least[j] < delta) {
          delta = least[j]
          next = j
        }
      }
      for (let j = 0; j <= n; j++) {
        if (used[j]) {
          rowPotential[rowOf[j]] += delta
          columnPotential[j] -= delta
        } else least[j] -= delta
      }
      column = next
    } while (rowOf[column] !== 0)
    do {
      const before = previous[column]
      rowOf[column] = rowOf[before]
      column = before
    } while (column !== 0)
  }
  const columnOf = new Array<number>(n)
  for (let j = 1; j <= n; j++) columnOf[rowOf[j] - 1] = j - 1
  return { columns: columnOf, rowBound: rowPotential.slice(1).map(p => -p), columnBound: columnPotential.slice(1).map(p => -p) }
}
