import type { TextSegment } from './label'

const greek: Readonly<Record<string, string>> = {
  alpha: 'α', beta: 'β', gamma: 'γ', delta: 'δ', epsilon: 'ε', varepsilon: 'ε', zeta: 'ζ', eta: 'η', theta: 'θ', kappa: 'κ', lambda: 'λ', mu: 'μ', nu: 'ν', xi: 'ξ',
  pi: 'π', rho: 'ρ', sigma: 'σ', tau: 'τ', phi: 'φ', varphi: 'φ', chi: 'χ', psi: 'ψ', omega: 'ω',
}
const upright: Readonly<Record<string, string>> = {
  Gamma: 'Γ', Delta: 'Δ', Theta: 'Θ', Lambda: 'Λ', Xi: 'Ξ', Pi: 'Π', Sigma: 'Σ', Phi: 'Φ', Psi: 'Ψ', Omega: 'Ω',
  cdot: '·', times: ' × ', pm: ' ± ', le: ' ≤ ', leq: ' ≤ ', ge: ' ≥ ', geq: ' ≥ ', approx: ' ≈ ', infty: '∞', partial: '∂', ',': '\u2009', ' ': ' ', '%': '%', '|': '‖',
}

/**
 * A formula as runs of text — letters italic, digits and functions upright, one level of scripts — so that it stays editable; undefined when it needs
 * more than that (fractions, roots, accents, a superscript over a subscript) and must be set as outlines.
 */
export function simpleFormula(tex: string): TextSegment[] | undefined {
  const segments: TextSegment[] = []
  const push = (text: string, face: TextSegment['face'], script: TextSegment['script']): void => {
    const last = segments.at(-1)
    if (last && last.face === face && last.script === script) segments[segments.length - 1] = { ...last, text: last.text + text }
    else segments.push({ text, face, ...(script ? { script } : {}) })
  }
  let rest = tex
  const atom = (script: TextSegment['script']): boolean => {
    const command = /^\\([A-Za-z]+|[,|% ])\s*/.exec(rest)
    if (command) {
      const [all, name] = command
      if (name === 'text' || name === 'mathrm' || name === 'operatorname') {
        const body = /^\{([^{}\\$]*)\}/.exec(rest.slice(all.length))
        if (!body) return false
        push(body[1], 'regular', script)
        rest = rest.slice(all.length + body[0].length)
        return true
      }
      if (/^(log|exp|sin|cos|tan|min|max|ln)$/.test(name)) push(`${name}\u2009`, 'regular', script)
      else if (Object.hasOwn(greek, name)) push(greek[name], 'italic', script)
      else if (Object.hasOwn(upright, name)) push(upright[name], 'regular', script)
      else return false
      rest = rest.slice(all.length)
      return true
    }
    const character = /^[A-Za-z0-9=+\-/(),.;:!<>[\]|*'~]\s*/.exec(rest)
    if (!character) return false
    const c = character[0].trim()
    rest = rest.slice(character[0].length)
    if (/[A-Za-z]/.test(c)) push(c, 'italic', script)
    else push(plain(c, script), 'regular', script)
    return true
  }
  let scripted = false
  while (rest) {
    const mark = /^([\^_])\s*/.exec(rest)
    if (!mark) {
      scripted = false
      if (/^\s/.test(rest)) rest = rest.trimStart()
      else if (!atom(undefined)) return undefined
      continue
    }
    if (scripted || segments.length === 0) return undefined
    scripted = true
    const script = mark[1] === '^' ? 'super' : 'sub'
    rest = rest.slice(mark[0].length)
    if (!rest.startsWith('{')) {
      if (!atom(script)) return undefined
      continue
    }
    rest = rest.slice(1)
    while (rest && !rest.startsWith('}')) if (!atom(script)) return undefined
    if (!rest) return undefined
    rest = rest.slice(1)
  }
  return segments.length > 0 ? segments : undefined
}

function plain(c: string, script: TextSegment['script']): string {
  if (c === '-') return script ? '\u2212' : '\u2009\u2212\u2009'
  if (c === '=' || c === '<' || c === '>' || c === '+') return script ? c : `\u2009${c}\u2009`
  if (c === ',' || c === ';') return script ? c : `${c}\u2009`
  if (c === "'") return '′'
  if (c === '~') return ' '
  return c
}
