import type { Entity, Location } from '../../contract/places.ts'
import type { Words } from '../locales/en.ts'

/** The two trees of places, which are shown and changed alike. */
export type Kind = 'entities' | 'locations'

/** A node of one of them; what a location alone has is missing in an entity. */
export type Place = Entity & Partial<Pick<Location, 'entityId' | 'recursive'>>

export const wordsOf = (kind: Kind, words: Words) => words.entities[kind]

/** The path of what is above, as far as the path of the node tells it. */
export function pathAbove({ path, name }: Place): string {
  const end = ` > ${name}`
  return path.endsWith(end) ? path.slice(0, -end.length) : ''
}
