import { useContext, useEffect, useState } from 'preact/hooks'
import { SurroundingsContext } from '../lib/frame.tsx'

const PATIENCE_MS = 150

/** Says that something is coming, once it takes long enough to be noticed. */
export function Waiting() {
  // Also shown before there are words of any language.
  const words = useContext(SurroundingsContext)?.words
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!shown) return null
  return (
    <p class="waiting">
      <span class="spinner" aria-hidden="true" />
      {words?.common.loading ?? '…'}
    </p>
  )
}
