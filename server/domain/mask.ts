const MOST_KEPT = 4
const MOST_SHOWN = 16

/**
 * An identifier as the journal may keep it: its first quarter (at most 4 characters), then stars. At most 16
 * characters in all, so that the length of a long one is not told. Counts code points.
 */
export function maskIdentifier(raw: string): string {
  const characters = [...raw]
  const kept = Math.min(Math.floor(characters.length / 4), MOST_KEPT)
  const shown = Math.min(characters.length, MOST_SHOWN)
  return characters.slice(0, kept).join('') + '*'.repeat(shown - kept)
}
