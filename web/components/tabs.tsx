import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

export interface Tab<Name extends string> {
  name: Name
  label: string
  content: ComponentChildren
}

/**
 * Tabs as ITSM-NG's forms have them; the arrow keys go from one to the next. What was opened once stays, hidden, so that
 * nothing typed is lost by looking at another tab.
 */
export function Tabs<Name extends string>({
  label,
  tabs,
  open,
  onOpen,
}: {
  label: string
  tabs: readonly Tab<Name>[]
  open: Name
  onOpen: (name: Name) => void
}) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const opened = useRef(new Set<Name>())
  opened.current.add(open)

  function onKeyDown(event: KeyboardEvent) {
    const at = tabs.findIndex(({ name }) => name === open)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key]
    const next = to === undefined ? undefined : tabs.at(to % tabs.length)
    if (next === undefined) return
    event.preventDefault()
    onOpen(next.name)
    list.current?.querySelector<HTMLElement>(`[data-tab="${next.name}"]`)?.focus()
  }

  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.name}
            type="button"
            role="tab"
            id={`${id}-${tab.name}`}
            data-tab={tab.name}
            aria-selected={tab.name === open}
            aria-controls={`${id}-${tab.name}-panel`}
            tabIndex={tab.name === open ? 0 : -1}
            onClick={() => onOpen(tab.name)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {tabs.map((tab) => (
        <div
          key={tab.name}
          class="tab-panel"
          role="tabpanel"
          id={`${id}-${tab.name}-panel`}
          aria-labelledby={`${id}-${tab.name}`}
          hidden={tab.name !== open}
        >
          {opened.current.has(tab.name) && tab.content}
        </div>
      ))}
    </>
  )
}
