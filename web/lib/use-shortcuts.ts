import { useEffect, useRef } from 'preact/hooks'

/**
 * Keys that do something anywhere on the page: by the letter, while nothing is being typed; `Escape` always. Where the
 * page around has taken a key already, it is left alone.
 */
export function useShortcuts(shortcuts: Record<string, (() => void) | undefined>): void {
  const latest = useRef(shortcuts)
  latest.current = shortcuts
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const act = latest.current[event.key]
      if (act === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey)
        return
      if (event.key !== 'Escape' && isTyping(event)) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}

/** Asked of the innermost element: from outside, all that happens in a shadow root happens at its host. */
function isTyping(event: KeyboardEvent): boolean {
  const [inner] = event.composedPath()
  return inner instanceof Element && inner.matches('input, textarea, select, [contenteditable]')
}
