import type { ProfileRights } from '../../contract/profiles.ts'
import type { Words } from '../locales/en.ts'

export type RightName = keyof ProfileRights
export type Level = 'read' | 'update'

/** A box of the matrix: one level of one right. */
export interface Box {
  right: RightName
  level: Level
}

/** The levels that ITSM-NG's form of a profile has for each of the two rights. */
export const LEVELS: Record<RightName, readonly Level[]> = { config: ['update'], access: ['read', 'update'] }
export const RIGHTS: readonly RightName[] = ['config', 'access']

export function isGiven({ config, access }: ProfileRights, { right, level }: Box): boolean {
  return right === 'config' ? level === 'update' && config.update : access[level]
}

/** Gives or takes one level. Writing without reading gives nothing, so the two go together. */
export function withBox({ config, access }: ProfileRights, box: Box, given: boolean): ProfileRights {
  if (box.right === 'config') return { config: { update: given }, access }
  if (box.level === 'read') return { config, access: { read: given, update: given && access.update } }
  return { config, access: { read: given || access.read, update: given } }
}

export const areSame = (one: ProfileRights, other: ProfileRights) =>
  RIGHTS.every((right) =>
    LEVELS[right].every((level) => isGiven(one, { right, level }) === isGiven(other, { right, level })),
  )

/** Such as "Read, Write" of one right; "None" where nothing is given. */
export function levelsInWords(rights: ProfileRights, right: RightName, words: Words): string {
  const given = LEVELS[right].filter((level) => isGiven(rights, { right, level }))
  return given.length === 0 ? words.common.none : given.map((level) => words.rights[level]).join(', ')
}
