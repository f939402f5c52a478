import type { ComponentChildren } from 'preact'

interface Props {
  label: string
  children: ComponentChildren
  /** A class of its own, such as `cards`. */
  kind?: string
  busy?: boolean
}

/** Around a table that may be wider than its place: it scrolls by itself, and by the arrow keys too. */
export function TableScroll({ label, children, kind = '', busy = false }: Props) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no part of a form, and no landmark, which would be one too many.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <div class={`table-scroll ${kind}`} role="group" aria-label={label} aria-busy={busy} tabIndex={0}>
      {children}
    </div>
  )
}
