import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'

type Kind = 'info' | 'success' | 'warning' | 'error'

/** Something to know, with a sign beside the colour. Errors are read out at once, the others when there is time. */
export function Notice({
  kind,
  title,
  children,
}: {
  kind: Kind
  title?: string
  children?: ComponentChildren
}) {
  return (
    <div class={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <Icon name={kind} />
      <div>
        {title && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  )
}
