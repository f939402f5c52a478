import { useEffect, useRef } from 'preact/hooks'

/** What stands behind the `#` of the address. */
export const fragment = () => location.hash.slice(1)

/**
 * Hands the fragment over, also where another link is pasted into the open page. It is secret
 * and browsers keep it to themselves; once read it leaves the address bar and the history.
 */
export function useFragment(take: (fragment: string) => void): void {
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    const read = () => {
      const found = fragment()
      if (found === '') return
      history.replaceState(null, '', location.pathname)
      latest.current(found)
    }
    read()
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
}
