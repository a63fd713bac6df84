import { useEffect, useRef, useState, type ReactNode } from 'react'

/** One line that may be wider than its place: it scrolls sideways, and takes part in the tab order only then. */
export function ScrollLine({ className, label, children }: { readonly className: string; readonly label: string; readonly children: ReactNode }) {
  const element = useRef<HTMLDivElement>(null)
  const [wide, setWide] = useState(false)
  useEffect(() => {
    const target = element.current
    if (!target) return
    const measure = (): void => setWide(target.scrollWidth > target.clientWidth + 1)
    const sizes = new ResizeObserver(measure)
    const contents = new MutationObserver(measure)
    sizes.observe(target)
    contents.observe(target, { childList: true, subtree: true })
    return () => {
      sizes.disconnect()
      contents.disconnect()
    }
  }, [])
  return (
    <div ref={element} className={className} {...(wide ? { tabIndex: 0, role: 'group', 'aria-label': label } : {})}>
      {children}
    </div>
  )
}
