import type { Ref } from 'preact'
import { Button } from '../components/button.tsx'
import { useWords } from '../lib/frame.tsx'

interface Props {
  value: string
  onInput: (value: string) => void
  onSubmit: () => void
  onMove: (by: 1 | -1) => void
  inputRef: Ref<HTMLInputElement>
  /** The list of hits, while there is one to choose from. */
  list: { id: string; activeId: string | undefined } | null
}

/** One field for everything that a caller may say. The arrows move through the hits, Enter chooses. */
export function SearchField({ value, onInput, onSubmit, onMove, inputRef, list }: Props) {
  const words = useWords().desk
  return (
    <search>
      <form
        class="desk-search"
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit()
        }}
      >
        <label for="q">{words.label}</label>
        <div class="desk-search-row">
          <input
            id="q"
            ref={inputRef}
            type="text"
            role="combobox"
            aria-expanded={list !== null}
            aria-controls={list?.id}
            aria-activedescendant={list?.activeId}
            aria-autocomplete="list"
            aria-keyshortcuts="/"
            aria-describedby="q-hint"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            maxLength={255}
            value={value}
            onInput={(event) => onInput(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
              event.preventDefault()
              onMove(event.key === 'ArrowDown' ? 1 : -1)
            }}
          />
          <Button type="submit" kind="primary" icon="search">
            {words.search}
          </Button>
        </div>
        <p class="hint" id="q-hint">
          {words.hint}
        </p>
      </form>
    </search>
  )
}
