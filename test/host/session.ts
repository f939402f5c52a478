import type { PhpArray } from './php-json.ts'

/** An entity that a profile is held in. */
export interface HeldEntity {
  id: number
  name: string
  isRecursive: number
}

/** What a session keeps of its user, profile, entities and groups: a copy made at login, which nothing refreshes. */
export interface Session {
  readonly token: string
  /** Of a browser, or of `initSession`. */
  readonly kind: 'web' | 'api'
  readonly startedAt: Date
  readonly userId: number
  readonly login: string
  readonly realname: string | null
  readonly firstname: string | null
  readonly defaultEntity: number
  readonly authtype: number
  readonly language: string
  /** A number where the user has chosen one, else text from the host's settings. */
  readonly listLimit: number | string
  /** Are this user's own new tickets assigned to them? */
  readonly setsDefaultTechnician: boolean
  readonly profiles: ReadonlyMap<number, { name: string; entities: ReadonlyMap<number, HeldEntity> }>
  readonly profileId: number
  readonly interface: string
  /** The active profile as it is shown: columns, rights, entities. */
  readonly activeProfile: PhpArray
  /** What an absent right gives: nothing. */
  readonly rights: ReadonlyMap<string, number>
  readonly activeEntities: readonly number[]
  readonly parentEntities: readonly number[]
  readonly activeEntity: number
  /** `true` where the default entity lies below the one that the profile is held in. */
  readonly activeEntityRecursive: number | true
  readonly activeEntityName: string
  readonly activeEntityShortName: string
  readonly showsAllEntities: boolean
  readonly groups: readonly number[]
  impersonatorId: number | null
}

/** Does the session hold one of these bits of a right? */
export function hasRight(session: Session, name: string, bits: number): boolean {
  return ((session.rights.get(name) ?? 0) & bits) !== 0
}
