/** What PHP encodes: a map is an array, whose keys decide how it looks. */
export type PhpValue = string | number | boolean | null | PhpArray
export type PhpArray = ReadonlyMap<string | number, PhpValue>

/** A PHP array with the keys 0, 1, 2 … */
export const phpList = (values: Iterable<PhpValue>): PhpArray => new Map([...values].entries())

/** A PHP array with the keys of a plain object, in its order. */
export const phpMap = (entries: Record<string, PhpValue>): PhpArray => new Map(Object.entries(entries))

/** What was decoded from JSON, as PHP would hold it. */
export function toPhp(value: unknown): PhpValue {
  if (Array.isArray(value)) return phpList(value.map(toPhp))
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([key, inner]) => [key, toPhp(inner)]))
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return null
}

/**
 * Encodes as the host's `json_encode` (slashes and Unicode unescaped). An array whose keys are 0, 1, 2 … in this order
 * becomes a list, every other one a map: the same field is now one, now the other (host-contract §9).
 */
export function encodePhp(value: PhpValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = [...value]
  if (entries.every(([key], index) => key === index)) {
    return `[${entries.map(([, inner]) => encodePhp(inner)).join(',')}]`
  }
  return `{${entries.map(([key, inner]) => `${JSON.stringify(String(key))}:${encodePhp(inner)}`).join(',')}}`
}
