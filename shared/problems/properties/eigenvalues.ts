/**
 * Largest real part of the eigenvalues of a small complex matrix: balanced by powers of two (B. N. Parlett, C. Reinsch, Numer. Math. 13 (1969), DOI 10.1007/BF02165404), then shifted QR steps by
 * Gram–Schmidt with deflation. For the symbols of a handful of components; not for matrices of any size.
 */
export function spectralAbscissa(re: readonly Float64Array[], im: readonly Float64Array[]): { readonly abscissa: number; readonly radius: number } {
  const eigenvalues = eigenvaluesOf(re.map(row => Float64Array.from(row)), im.map(row => Float64Array.from(row)))
  return { abscissa: Math.max(...eigenvalues.map(([a]) => a)), radius: Math.max(...eigenvalues.map(([a, b]) => Math.sqrt(a * a + b * b))) }
}

function eigenvaluesOf(re: Float64Array[], im: Float64Array[]): [number, number][] {
  balance(re, im)
  const found: [number, number][] = []
  let n = re.length
  for (let step = 0; n > 0 && step < 60 * re.length; step++) {
    const size = (i: number, j: number): number => Math.abs(re[i][j]) + Math.abs(im[i][j])
    let row = 0
    for (let j = 0; j < n - 1; j++) row += size(n - 1, j)
    let all = 0
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) all += size(i, j)
    if (n === 1 || row <= 1e-15 * all) {
      n--
      found.push([re[n][n], im[n][n]])
      continue
    }
    // Every tenth shift is another one, so that no cycle lasts.
    const [a, b] = step % 11 === 10 ? [re[n - 1][n - 1] + row, im[n - 1][n - 1]] : wilkinson(re, im, n)
    qrStep(re, im, n, a, b)
  }
  for (let k = 0; k < n; k++) found.push([re[k][k], im[k][k]])
  return found
}

function balance(re: Float64Array[], im: Float64Array[]): void {
  const n = re.length
  for (let sweep = 0; sweep < 40; sweep++) {
    let done = true
    for (let i = 0; i < n; i++) {
      let [row, column] = [0, 0]
      for (let j = 0; j < n; j++) {
        if (j === i) continue
        row += Math.abs(re[i][j]) + Math.abs(im[i][j])
        column += Math.abs(re[j][i]) + Math.abs(im[j][i])
      }
      if (row === 0 || column === 0) continue
      let factor = 1
      const sum = row + column
      while (column < row / 2) {
        factor *= 2
        column *= 4
      }
      while (column >= 2 * row) {
        factor /= 2
        column /= 4
      }
      if (factor === 1 || column + row > 0.95 * sum * factor) continue
      done = false
      for (let j = 0; j < n; j++) {
        re[i][j] /= factor
        im[i][j] /= factor
      }
      for (let j = 0; j < n; j++) {
        re[j][i] *= factor
        im[j][i] *= factor
      }
    }
    if (done) return
  }
}

/** The eigenvalue of the last two rows and columns that is nearer to the last entry. */
function wilkinson(re: readonly Float64Array[], im: readonly Float64Array[], n: number): [number, number] {
  const [p, q] = [n - 2, n - 1]
  const half: [number, number] = [0.5 * (re[p][p] - re[q][q]), 0.5 * (im[p][p] - im[q][q])]
  const product: [number, number] = [re[p][q] * re[q][p] - im[p][q] * im[q][p], re[p][q] * im[q][p] + im[p][q] * re[q][p]]
  const inner: [number, number] = [half[0] * half[0] - half[1] * half[1] + product[0], 2 * half[0] * half[1] + product[1]]
  const modulus = Math.sqrt(inner[0] * inner[0] + inner[1] * inner[1])
  const rootRe = Math.sqrt(Math.max(0, 0.5 * (modulus + inner[0])))
  const rootIm = (inner[1] < 0 ? -1 : 1) * Math.sqrt(Math.max(0, 0.5 * (modulus - inner[0])))
  const sign = half[0] * rootRe + half[1] * rootIm >= 0 ? -1 : 1
  return [re[q][q] + half[0] + sign * rootRe, im[q][q] + half[1] + sign * rootIm]
}

/** A unit vector normal to fewer than n orthonormal ones: the coordinate vector that is farthest from their span, made normal. */
function normalTo(q: readonly (readonly [number, number][])[], n: number): [number, number][] {
  let best: [number, number][] = []
  let most = 0
  for (let e = 0; e < n; e++) {
    const w = Array.from({ length: n }, (_, i): [number, number] => [i === e ? 1 : 0, 0])
    for (const vector of q) {
      const [x, y] = [vector[e][0], -vector[e][1]]
      for (let i = 0; i < n; i++) w[i] = [w[i][0] - (x * vector[i][0] - y * vector[i][1]), w[i][1] - (x * vector[i][1] + y * vector[i][0])]
    }
    const size = Math.sqrt(w.reduce((sum, [x, y]) => sum + x * x + y * y, 0))
    if (size > most) {
      most = size
      best = w.map(([x, y]) => [x / size, y / size])
    }
  }
  return best
}

/** A − σ = QR, A ← RQ + σ on the leading n × n block, by modified Gram–Schmidt on the columns. */
function qrStep(re: Float64Array[], im: Float64Array[], n: number, a: number, b: number): void {
  const column = (j: number): [number, number][] => Array.from({ length: n }, (_, i) => (i === j ? [re[i][j] - a, im[i][j] - b] : [re[i][j], im[i][j]]))
  const q: [number, number][][] = []
  const r = Array.from({ length: n }, () => Array.from({ length: n }, (): [number, number] => [0, 0]))
  for (let j = 0; j < n; j++) {
    const v = column(j)
    for (let k = 0; k < j; k++) {
      let [x, y] = [0, 0]
      for (let i = 0; i < n; i++) {
        x += q[k][i][0] * v[i][0] + q[k][i][1] * v[i][1]
        y += q[k][i][0] * v[i][1] - q[k][i][1] * v[i][0]
      }
      r[k][j] = [x, y]
      for (let i = 0; i < n; i++) v[i] = [v[i][0] - (x * q[k][i][0] - y * q[k][i][1]), v[i][1] - (x * q[k][i][1] + y * q[k][i][0])]
    }
    const length = (w: readonly [number, number][]): number => Math.sqrt(w.reduce((sum, [x, y]) => sum + x * x + y * y, 0))
    const norm = length(v)
    // A column that depends on those before leaves a direction free: any unit vector normal to them keeps Q unitary.
    const dependent = !(norm > 1e-13 * length(column(j)))
    r[j][j] = [dependent ? 0 : norm, 0]
    q.push(dependent ? normalTo(q, n) : v.map(([x, y]) => [x / norm, y / norm]))
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      // (RQ)ᵢⱼ = Σ Rᵢₖ Qₖⱼ, and q holds the columns of Q.
      let [x, y] = i === j ? [a, b] : [0, 0]
      for (let k = i; k < n; k++) {
        x += r[i][k][0] * q[j][k][0] - r[i][k][1] * q[j][k][1]
        y += r[i][k][0] * q[j][k][1] + r[i][k][1] * q[j][k][0]
      }
      re[i][j] = x
      im[i][j] = y
    }
  }
}
