export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** The host's timestamps, `YYYY-MM-DD HH:MM:SS` in UTC; they compare as text. */
export function hostTime(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ')
}

/** A moment as our API words it (RFC 3339, to the second). */
export function apiTime(at: number | Date): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}

/** Whether a stored timestamp is one: older hosts have also stored `0000-00-00 00:00:00` for none. */
export function isTime(stored: string | null): stored is string {
  return stored !== null && stored !== '' && !stored.startsWith('0000')
}

/** A moment as our API words it of a stored timestamp; null where there is none. */
export function storedTime(stored: string | null): string | null {
  if (!isTime(stored)) return null
  return `${stored.slice(0, 10)}T${stored.slice(11, 19)}Z`
}
