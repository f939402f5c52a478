import type { ComponentChildren, Ref } from 'preact'
import { Icon, type IconName } from './icon.tsx'

interface Props {
  children: ComponentChildren
  onClick?: (event: MouseEvent) => void
  type?: 'button' | 'submit'
  kind?: 'plain' | 'primary' | 'danger' | 'quiet'
  icon?: IconName
  /** Still reachable and readable, so that nobody loses their place; a click does nothing. */
  busy?: boolean
  disabled?: boolean
  /** The key that does the same, such as `n`. */
  shortcut?: string
  describedBy?: string | undefined
  expanded?: boolean
  controls?: string
  label?: string
  buttonRef?: Ref<HTMLButtonElement>
}

export function Button({ children, onClick, type = 'button', kind = 'plain', icon, busy, ...rest }: Props) {
  return (
    <button
      {...(rest.buttonRef ? { ref: rest.buttonRef } : {})}
      type={type}
      class={`button button-${kind}`}
      disabled={rest.disabled}
      aria-disabled={busy || undefined}
      aria-keyshortcuts={rest.shortcut}
      aria-describedby={rest.describedBy}
      aria-expanded={rest.expanded}
      aria-controls={rest.controls}
      aria-label={rest.label}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{children}</span>
      {rest.shortcut && <span class="key" data-key={rest.shortcut === 'Escape' ? 'Esc' : rest.shortcut} />}
    </button>
  )
}

/** A link that looks like a button. One that leaves our pages opens beside them, so that the call stays in sight. */
export function ButtonLink({
  href,
  children,
  icon,
  leaves = false,
  kind = 'plain',
}: {
  href: string
  children: ComponentChildren
  icon?: IconName
  leaves?: boolean
  kind?: 'plain' | 'primary' | 'quiet'
}) {
  return (
    <a class={`button button-${kind}`} href={href} {...(leaves ? { target: '_blank', rel: 'noopener' } : {})}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
      {leaves && <Icon name="open" />}
    </a>
  )
}
