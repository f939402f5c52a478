/**
 * How a host stores text (host-contract §1.0): its sanitiser writes some characters as entities, and nothing else. Both
 * directions are exactly that: what is stored as `&amp;` was typed so.
 */
export type HostText = 'named' | 'numeric' | 'raw'

/** ITSM-NG and GLPI 9.5, GLPI 10; GLPI 11 stores text as it was typed. */
const ENTITIES: Record<HostText, readonly (readonly [typed: string, stored: string])[]> = {
  named: [
    ['<', '&lt;'],
    ['>', '&gt;'],
  ],
  numeric: [
    ['&', '&#38;'],
    ['<', '&#60;'],
    ['>', '&#62;'],
  ],
  raw: [],
}

/** Stored text as its author typed it, and back. */
export function createHostText(kind: HostText) {
  const pairs = ENTITIES[kind]
  const typedOf = new Map(pairs.map(([typed, stored]) => [stored, typed]))
  const storedOf = new Map(pairs)
  const stored = new RegExp(pairs.map(([, entity]) => entity).join('|') || '(?!)', 'g')
  const typed = new RegExp(pairs.map(([character]) => character).join('|') || '(?!)', 'g')
  return {
    decode: (text: string): string => text.replace(stored, (entity) => typedOf.get(entity) ?? entity),
    encode: (text: string): string =>
      text.replace(typed, (character) => storedOf.get(character) ?? character),
  }
}
