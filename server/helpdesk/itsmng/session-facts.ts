import { Type } from 'typebox'
import Value from 'typebox/value'
import { AppError } from '../../domain/errors.ts'

/** What we keep of a host's session; the rest, tokens and secrets among it, is dropped at once. */
export interface HostSession {
  /** Names the session without telling its token. */
  sessionKey: string
  usersId: number
  profilesId: number
  entityId: number
  isRecursive: boolean
  /** The active entities; null where the session shows every one there is. */
  activeEntities: readonly number[] | null
  impersonatorId: number | null
}

/** What GLPI 10 has for ids: integers of 32 bits without a sign. */
const MAX_ID = 4_294_967_295

/** Numbers come as numbers or as digits, and absent ones as null, '' or not at all (host-contract §9). */
const Numeric = Type.Union([
  Type.Integer({ minimum: 0, maximum: MAX_ID }),
  Type.String({ pattern: '^[0-9]{1,10}$' }),
])
const Absent = Type.Union([Type.Null(), Type.Literal(''), Type.Literal(false)])
const Loose = Type.Unknown()

const FullSession = Type.Object({
  session: Type.Object({
    glpiID: Numeric,
    glpiactiveprofile: Type.Object({ id: Numeric }),
    glpiactive_entity: Numeric,
    glpiactive_entity_recursive: Type.Optional(Loose),
    /** A list, or (PHP's choice, where its keys are not 0, 1, 2, …) a map. */
    glpiactiveentities: Type.Union([Type.Array(Numeric), Type.Record(Type.String(), Numeric)]),
    glpishowallentities: Type.Optional(Loose),
    impersonator_id: Type.Optional(Type.Union([Numeric, Absent])),
  }),
})

const isSet = (value: unknown): boolean => ['1', 1, true].some((one) => one === value)

/** Reduces what `getFullSession` answers. Throws `account-unusable` or `helpdesk-ill`. */
export function readFullSession(body: unknown, sessionKey: string): HostSession {
  if (!Value.Check(FullSession, body)) {
    // Whoever must change their password, or has lost every profile, has a session without one.
    if (hasNoProfile(body)) throw new AppError('account-unusable', { detail: 'the session has no profile' })
    throw new AppError('helpdesk-ill', {
      detail: 'what it tells of the session lacks the user, profile or entities',
    })
  }
  const { session } = body
  const impersonator = session.impersonator_id
  return {
    sessionKey,
    usersId: Number(session.glpiID),
    profilesId: Number(session.glpiactiveprofile.id),
    entityId: Number(session.glpiactive_entity),
    isRecursive: isSet(session.glpiactive_entity_recursive),
    activeEntities: isSet(session.glpishowallentities)
      ? null
      : [...new Set(Object.values(session.glpiactiveentities).map(Number))].sort((one, other) => one - other),
    impersonatorId: Number(impersonator ?? 0) > 0 ? Number(impersonator) : null,
  }
}

const WithId = Type.Object({ session: Type.Object({ valid_id: Type.String({ minLength: 1 }) }) })

/** Throws `helpdesk-ill` where the host shows another session than the one of this token, as a cache before it would. */
export function demandSessionOf(body: unknown, token: string): void {
  if (!Value.Check(WithId, body) || body.session.valid_id === token) return
  throw new AppError('helpdesk-ill', {
    detail: 'it shows the session of somebody else: nothing between the two may cache its answers',
  })
}

const WithUser = Type.Object({
  session: Type.Object({ glpiID: Numeric, glpiactiveprofile: Type.Optional(Loose) }),
})

function hasNoProfile(body: unknown): boolean {
  if (!Value.Check(WithUser, body)) return false
  const profile = body.session.glpiactiveprofile
  return profile === undefined || profile === null || (Array.isArray(profile) && profile.length === 0)
}
