import { useSurroundings } from '../lib/frame.tsx'

/** Says aloud what was announced. It is in the page from the start: regions that come with their text are often not read. */
export function LiveRegion() {
  const { announcement } = useSurroundings()
  return (
    <p class="visually-hidden" role="status" aria-live="polite">
      {announcement.value}
    </p>
  )
}
