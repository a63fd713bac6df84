/** How names and numbers are typeset. */

const greek: ReadonlySet<string> = new Set([
  'alpha', 'beta', 'gamma', 'delta', 'zeta', 'eta', 'theta', 'iota', 'kappa', 'lambda', 'mu', 'nu', 'xi', 'pi', 'rho', 'sigma', 'tau', 'upsilon', 'chi', 'psi', 'omega',
  'Gamma', 'Delta', 'Theta', 'Lambda', 'Xi', 'Pi', 'Sigma', 'Upsilon', 'Phi', 'Psi', 'Omega', 'hbar', 'ell',
])
const variants: ReadonlyMap<string, string> = new Map([['epsilon', '\\varepsilon'], ['eps', '\\varepsilon'], ['phi', '\\varphi']])
/** Dimensionless numbers are one symbol of two letters: Reynolds, Prandtl, Péclet, … */
const twoLetterSymbols: ReadonlySet<string> = new Set(['Re', 'Pr', 'Pe', 'We', 'Ra', 'Gr', 'Ma', 'Fr', 'St', 'Kn', 'Da', 'Bi', 'Sc'])

/** A name: `nu` → ν, `lambda1` → λ₁, `u_e` and `ue` → uₑ, other words upright. */
export function latexFromName(name: string): string {
  const whole = symbol(name)
  if (whole !== undefined) return whole
  const parts = /^([A-Za-z]+?)_?(\d+)$/.exec(name) ?? /^([A-Za-z]+)_([A-Za-z0-9]+)$/.exec(name) ?? (twoLetterSymbols.has(name) ? null : /^([A-Za-z])([A-Za-z])$/.exec(name))
  if (!parts) return upright(name)
  const index = symbol(parts[2]) ?? (/^\d+$/.test(parts[2]) ? parts[2] : upright(parts[2]))
  return `${symbol(parts[1]) ?? upright(parts[1])}_${index.length === 1 || /^\\[a-z]+$/i.test(index) ? index : `{${index}}`}`
}

function symbol(word: string): string | undefined {
  if (word.length === 1 && /[A-Za-z]/.test(word)) return word
  return greek.has(word) ? `\\${word}` : variants.get(word)
}

const upright = (word: string) => `\\mathrm{${word.replaceAll('_', '\\_')}}`

/** A number as it was typed: `1e-3` → 10⁻³, `.5` → 0.5. */
export function latexFromNumber(value: number, typed?: string): string {
  const text = typed ?? String(value)
  const parts = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text)
  if (!parts) return Number.isNaN(value) ? '\\mathrm{NaN}' : value > 0 ? '\\infty' : '-\\infty'
  const [, sign, whole, fraction, exponent] = parts
  const mantissa = `${whole || '0'}${fraction ? `.${fraction}` : ''}`
  if (exponent === undefined) return sign + mantissa
  const power = `10^{${Number(exponent)}}`
  return sign + (mantissa === '1' ? power : `${mantissa}\\cdot ${power}`)
}
