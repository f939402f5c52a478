import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { useFrame } from '../lib/frame.tsx'
import { useResource } from '../lib/use-resource.ts'
import { useStyles } from '../lib/use-styles.ts'
import css from './combobox.css?inline'
import { type Around, Field } from './field.tsx'

export interface Item {
  id: number
  name: string
  /** Tells it apart from others of its name, such as the entities above. */
  path?: string
}

interface Props extends Around {
  value: Item | null
  onChange: (item: Item | null) => void
  /** What fits the words typed, the likeliest first; asked anew when one of `keys` changes. */
  search: (words: string, signal: AbortSignal) => Promise<Item[]>
  keys?: readonly unknown[]
}

const PATIENCE_MS = 150

/** One of many, found by typing: the pattern of a combobox with a list below it, that arrow keys walk through. */
export function Combobox({ value, onChange, search, keys = [], ...around }: Props) {
  const { words, announce } = useFrame()
  const list = useId()
  const root = useRef<HTMLDivElement>(null)
  const [typed, setTyped] = useState<string | null>(null)
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(-1)
  const sought = useLate(typed ?? '')
  const found = useResource(
    open ? async (signal) => ({ text: sought, items: await search(sought.trim(), signal) }) : null,
    [open, sought, ...keys],
  )
  useStyles(css)

  const items = open && found.data !== undefined ? found.data.items : []
  const message =
    found.state === 'failed'
      ? words.combobox.failed
      : found.state === 'ready' && items.length === 0
        ? words.combobox.nothing
        : ''
  const optionId = (index: number) => `${list}-${index}`

  useEffect(() => {
    if (open && found.state === 'ready') announce(message || words.combobox.found(items.length))
  }, [open, found.state, items])
  useEffect(() => {
    if (active >= 0)
      root.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active])

  function close(): void {
    setOpen(false)
    setActive(-1)
  }

  function choose(item: Item | null): void {
    onChange(item)
    setTyped(null)
    close()
  }

  /** What was emptied is nothing; what was typed and not chosen is what was chosen before. */
  function leave(): void {
    if (typed !== null && typed.trim() === '') onChange(null)
    setTyped(null)
    close()
  }

  function onKeyDown(event: KeyboardEvent): void {
    const { key, altKey } = event
    const step = key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0
    if (step !== 0 && !open) setOpen(true)
    else if (step !== 0 && !altKey && items.length > 0) {
      setActive((last) => (last + step + (last < 0 && step < 0 ? 1 : 0) + items.length) % items.length)
    } else if (key === 'Enter' && open) {
      // Who has typed enough and goes on means the likeliest, once it is known: not that of fewer letters.
      const item = items[active] ?? (typed?.trim() && found.data?.text === typed ? items[0] : undefined)
      if (item !== undefined) choose(item)
    } else if (key === 'Escape' && open) {
      setTyped(null)
      close()
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <Field {...around}>
      {(described) => (
        <div class="combobox" ref={root}>
          <input
            {...described}
            type="text"
            role="combobox"
            autocomplete="off"
            spellcheck={false}
            aria-autocomplete="list"
            aria-expanded={open}
            aria-controls={list}
            aria-activedescendant={active >= 0 ? optionId(active) : undefined}
            value={typed ?? value?.name ?? ''}
            placeholder={words.combobox.hint}
            onInput={({ currentTarget }) => {
              setTyped(currentTarget.value)
              setActive(-1)
              setOpen(true)
            }}
            onClick={() => setOpen(true)}
            onFocus={({ currentTarget }) => currentTarget.select()}
            onBlur={leave}
            onKeyDown={onKeyDown}
          />
          <div
            id={list}
            class="combobox-list"
            role="listbox"
            tabIndex={-1}
            aria-label={around.label}
            hidden={!open || items.length === 0}
            onMouseDown={(event) => event.preventDefault()}
          >
            {items.map((item, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which keeps the focus.
              <div
                key={item.id}
                id={optionId(index)}
                role="option"
                tabIndex={-1}
                aria-selected={index === active}
                onClick={() => choose(item)}
              >
                {item.path ?? item.name}
              </div>
            ))}
          </div>
          {open && message && <p class="combobox-message">{message}</p>}
        </div>
      )}
    </Field>
  )
}

/** What was typed, once the typing pauses. */
function useLate(text: string): string {
  const [late, setLate] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setLate(text), text === '' ? 0 : PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [text])
  return late
}
