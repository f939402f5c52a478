import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** A form that somebody has just opened: its first field gets the focus, as they meant to type there. */
export function FirstFocus({ title, children }: { title?: string; children: ComponentChildren }) {
  const section = useRef<HTMLElement>(null)
  useEffect(() => section.current?.querySelector<HTMLElement>('input, textarea, select')?.focus(), [])
  return (
    <section ref={section} class="subform" aria-label={title}>
      {title && <h3 class="typed">{title}</h3>}
      {children}
    </section>
  )
}
