import katex from 'katex'
import 'katex/dist/katex.min.css'
import { useEffect, useRef } from 'react'

interface Properties {
  /** LaTeX without delimiters. */
  readonly latex: string
  /** What is shown, and read out, when the LaTeX cannot be set. */
  readonly fallback?: string
  readonly display?: boolean
  readonly className?: string
}

/** An equation set by KaTeX into nodes (no strings of HTML). */
export function Typeset({ latex, fallback, display = false, className = '' }: Properties) {
  const element = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const target = element.current
    if (!target) return
    try {
      katex.render(latex, target, { displayMode: display, throwOnError: true, strict: 'ignore', trust: false, maxExpand: 200 })
    } catch {
      target.replaceChildren(fallback ?? latex)
    }
  }, [latex, fallback, display])
  return <span ref={element} className={`typeset ${className}`} />
}
