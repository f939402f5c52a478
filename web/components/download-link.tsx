import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'

/** A file to keep. The browser says where it went, or that it could not be had; the page stays. */
export function DownloadLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="button button-plain" href={href} download="">
      <Icon name="download" />
      <span>{children}</span>
    </a>
  )
}
