/** An explicit Runge–Kutta method: kᵢ = F(t + cᵢ dt, u + dt Σ aᵢⱼ kⱼ), u₁ = u + dt Σ bᵢ kᵢ, cᵢ = Σ aᵢⱼ. */
export interface RungeKuttaTableau {
  readonly name: string
  readonly order: number
  /** Rows below the diagonal: row i has i entries. */
  readonly a: readonly (readonly number[])[]
  readonly b: readonly number[]
  /** b − b̂: dt Σ errorᵢ kᵢ estimates the local error, O(dt^{estimateOrder + 1}). */
  readonly error?: readonly number[]
  /** DOP853 joins two estimates: e₅² / √(e₅² + e₃²/100). */
  readonly secondError?: readonly number[]
  readonly estimateOrder?: number
  /** The last stage is F at the new state: the next step starts with it. */
  readonly firstSameAsLast?: boolean
}

/** The classical method (Kutta 1901). */
export const rk4: RungeKuttaTableau = { name: 'RK4', order: 4, a: [[], [0.5], [0, 0.5], [0, 0, 1]], b: [1 / 6, 1 / 3, 1 / 3, 1 / 6] }

/** Strong-stability-preserving method of order 3 (C.-W. Shu, S. Osher, J. Comput. Phys. 77 (1988), doi:10.1016/0021-9991(88)90177-5, eq. 2.18). */
export const sspRungeKutta3: RungeKuttaTableau = { name: 'SSP-RK3', order: 3, a: [[], [1], [0.25, 0.25]], b: [1 / 6, 1 / 6, 2 / 3] }

/** Order 5 with an estimate of order 4, six stages a step (Ch. Tsitouras, Comput. Math. Appl. 62 (2011), doi:10.1016/j.camwa.2011.06.002, table 1). */
export const tsit5: RungeKuttaTableau = {
  name: 'Tsit5',
  order: 5,
  estimateOrder: 4,
  firstSameAsLast: true,
  a: [
    [],
    [0.161],
    [-0.008480655492356989, 0.335480655492357],
    [2.8971530571054935, -6.359448489975075, 4.3622954328695815],
    [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
    [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
    [0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774],
  ],
  b: [0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774, 0],
  error: [-0.00178001105222577714, -0.0008164344596567469, 0.007880878010261995, -0.1447110071732629, 0.5823571654525552, -0.45808210592918697, 0.015151515151515152],
}

/** An implicit–explicit method for F = F_E + F_I: both parts at the same stage times, the implicit one with the same γ on the diagonal and an explicit first stage. */
export interface AdditiveTableau {
  readonly name: string
  readonly order: number
  readonly gamma: number
  readonly c: readonly number[]
  /** Rows below the diagonal. */
  readonly explicit: readonly (readonly number[])[]
  readonly implicit: readonly (readonly number[])[]
  readonly explicitWeights: readonly number[]
  readonly implicitWeights: readonly number[]
  /** b − b̂, the same for both parts. */
  readonly error?: readonly number[]
  readonly estimateOrder?: number
}

const gamma2 = 1 - Math.SQRT1_2
const delta2 = 1 - 1 / (2 * gamma2)

/** Order 2, L-stable and stiffly accurate in the implicit part (U. M. Ascher, S. J. Ruuth, R. J. Spiteri, Appl. Numer. Math. 25 (1997), doi:10.1016/S0168-9274(97)00056-1, § 2.6). */
export const ars222: AdditiveTableau = {
  name: 'IMEX ARS(2,2,2)',
  order: 2,
  gamma: gamma2,
  c: [0, gamma2, 1],
  explicit: [[], [gamma2], [delta2, 1 - delta2]],
  implicit: [[], [0], [0, 1 - gamma2]],
  explicitWeights: [delta2, 1 - delta2, 0],
  implicitWeights: [0, 1 - gamma2, gamma2],
}

const weights4 = [82889 / 524892, 0, 15625 / 83664, 69875 / 102672, -2260 / 8211, 1 / 4]
const embedded4 = [4586570599 / 29645900160, 0, 178811875 / 945068544, 814220225 / 1159782912, -3700637 / 11593932, 61727 / 225920]

/** ARK4(3)6L[2]SA: order 4 with an estimate of order 3, L-stable and stiffly accurate in the implicit part (C. A. Kennedy, M. H. Carpenter, Appl. Numer. Math. 44 (2003), doi:10.1016/S0168-9274(02)00138-1). */
export const ark436: AdditiveTableau = {
  name: 'IMEX ARK4(3)6L',
  order: 4,
  estimateOrder: 3,
  gamma: 1 / 4,
  c: [0, 1 / 2, 83 / 250, 31 / 50, 17 / 20, 1],
  explicit: [
    [],
    [1 / 2],
    [13861 / 62500, 6889 / 62500],
    [-116923316275 / 2393684061468, -2731218467317 / 15368042101831, 9408046702089 / 11113171139209],
    [-451086348788 / 2902428689909, -2682348792572 / 7519795681897, 12662868775082 / 11960479115383, 3355817975965 / 11060851509271],
    [647845179188 / 3216320057751, 73281519250 / 8382639484533, 552539513391 / 3454668386233, 3354512671639 / 8306763924573, 4040 / 17871],
  ],
  implicit: [
    [],
    [1 / 4],
    [8611 / 62500, -1743 / 31250],
    [5012029 / 34652500, -654441 / 2922500, 174375 / 388108],
    [15267082809 / 155376265600, -71443401 / 120774400, 730878875 / 902184768, 2285395 / 8070912],
    weights4.slice(0, 5),
  ],
  explicitWeights: weights4,
  implicitWeights: weights4,
  error: weights4.map((b, i) => b - embedded4[i]),
}
