import type { ComponentChildren } from 'preact'

/** Around a table that may be wider than its place: it scrolls by itself, and by the arrow keys too. */
export function TableScroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: no part of a form, and no landmark, which would be one too many.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <div class="table-scroll" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  )
}
