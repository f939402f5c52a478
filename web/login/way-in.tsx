import type { ComponentChildren } from 'preact'
import { useSurroundings } from '../lib/frame.tsx'

/** What stands alone before there is a page: logging in, or why that is not possible. A page of a host has a main part already. */
export function WayIn({ children }: { children: ComponentChildren }) {
  const { namesTab } = useSurroundings()
  const Part = namesTab ? 'main' : 'div'
  return (
    <Part class="way-in">
      <p class="brand">Call Manager</p>
      {children}
    </Part>
  )
}
