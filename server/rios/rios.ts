import type { Kysely } from 'kysely'
import { MAX_SHARED, type Rio, type RioChange } from '../../contract/rio.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { isDirectoryOwned, isLoginAllowed } from '../domain/accounts.ts'
import { canChangeUser, canSeeUser, membershipsOf } from '../domain/entities.ts'
import { AppError } from '../domain/errors.ts'
import { demandRight, missingForLookup, missingForUserWrite, UPDATE } from '../domain/rights.ts'
import { rioKey } from '../domain/rio.ts'
import { checkControlKey, rioKind } from '../domain/rio-kind.ts'
import { readRio } from '../domain/rio-value.ts'
import { demandSeen, type Seen, versionTag } from '../domain/version-tag.ts'
import { demandPowerOver } from '../helpdesk/dominance.ts'
import type { Agent, GuardedUser, Helpdesk } from '../helpdesk/helpdesk.ts'
import { authorOf } from '../helpdesk/own-history.ts'
import { demandUserInScope } from '../helpdesk/user-gate.ts'
import type { Following } from '../identifiers/follow.ts'
import { lockPosition } from '../identifiers/position.ts'
import type { KeyRules } from '../identifiers/refresh.ts'
import { readSummaries } from '../identifiers/user-summaries.ts'
import { sharingEnd } from '../storage/dialect.ts'
import { readSettings, type SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { otherHolders } from './holders.ts'
import { createOwnRios } from './own-table.ts'
import type { DemandRioFree } from './policy.ts'
import { createRioTurns } from './rio-turns.ts'

/** Others with the same RIO who are looked at; a RIO that more share identifies nobody. */
const MAX_HOLDERS = 100

const PLACES: Record<RioStorageMethod, string> = {
  custom_table: "Call Manager's own table",
  name: 'the login',
  registration_number: 'the registration number',
}

interface Dependencies {
  storage: Storage
  settings: SettingsStore
  helpdesk: Helpdesk
  policy(): Promise<DemandRioFree>
  /** Brings the index to now. */
  follow(): Promise<Following>
}

/** A state of somebody's RIO, and the tag that names it. */
interface TaggedRio {
  rio: Rio
  tag: string
}

/** A row of a person's memberships. */
interface Member {
  member_entity: number | null
  member_recursive: number | null
  profiles_id: number | null
}

/** What is to be written: by whom, to whom, and what they had seen before. */
interface Writing {
  agent: Agent
  usersId: number
  /** '' clears. */
  to: string
  changesLogin: boolean
  seen: Seen
  method: RioStorageMethod
  refusesShared: boolean
}

/** RIOs of people, read and written wherever the storage method keeps them. */
export function createRios({ storage, settings, helpdesk, policy, follow }: Dependencies) {
  const inTurn = createRioTurns({ storage, settings, helpdesk })
  const own = createOwnRios(storage, helpdesk)
  const selectPerson = storage.prepare((db, { usersId }: { usersId: number }) =>
    db
      .selectFrom('glpi_users as user')
      .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
      .leftJoin('glpi_profiles_users as member', 'member.users_id', 'user.id')
      .select([
        'user.name',
        'user.registration_number',
        'kept.rio_number as custom_table',
        'user.phone',
        'user.phone2',
        'user.mobile',
        'user.entities_id',
        'user.authtype',
        'member.entities_id as member_entity',
        'member.is_recursive as member_recursive',
        'member.profiles_id',
      ])
      .where('user.id', '=', usersId),
  )

  async function read(agent: Agent, usersId: number): Promise<TaggedRio> {
    demandRight(missingForLookup(agent.rights))
    const { method, rules } = await follow()
    const rows = await selectPerson({ usersId })
    const [person] = rows
    if (person === undefined || !canSeeUser(agent.scope, membershipsOf(rows)))
      throw new AppError('user-unknown')
    const rio = rules.decode(person[method]) ?? ''
    const reason = await whyNot(agent, { usersId, method, rows, authtype: person.authtype })
    return {
      rio: {
        rio,
        method,
        place: PLACES[method],
        kind: rioKind(rio),
        controlKey: checkControlKey(
          rio,
          {
            phone: rules.decode(person.phone),
            phone2: rules.decode(person.phone2),
            mobile: rules.decode(person.mobile),
          },
          rules.country(person.entities_id),
        ),
        sharedWith: await sharers(agent, { usersId, rio, method }, rules),
        writable: reason === null,
        reason: reason ?? '',
      },
      tag: tagOf(method, rio),
    }
  }

  /** What stands between the agent and writing this RIO, as a sentence; null when nothing does. */
  async function whyNot(
    agent: Agent,
    {
      usersId,
      method,
      rows,
      authtype,
    }: { usersId: number; method: RioStorageMethod; rows: Member[]; authtype: number },
  ): Promise<string | null> {
    const missing = missingForUserWrite(agent.rights, UPDATE)
    if (missing !== null) return missing
    if (!canChangeUser(agent.scope, membershipsOf(rows))) return 'the person belongs to none of your entities'
    if (method === 'custom_table') return null
    if (isDirectoryOwned(authtype)) return 'a directory owns the account, and the RIO is kept with it'
    if (method === 'registration_number') return null
    const held = rows.flatMap(({ profiles_id, member_entity: entities_id, member_recursive }) =>
      profiles_id === null || entities_id === null
        ? []
        : { profiles_id, entities_id, is_recursive: member_recursive ?? 0 },
    )
    return demandPowerOver(storage.db, agent, usersId, held).then(() => null, rightMissing)
  }

  /** Those others who have the RIO and whom the agent may see; nothing is told of anybody else. */
  async function sharers(
    agent: Agent,
    { usersId, rio, method }: { usersId: number; rio: string; method: RioStorageMethod },
    { decode }: KeyRules,
  ): Promise<Rio['sharedWith']> {
    const key = rioKey(rio)
    if (key === null) return []
    const ids: number[] = []
    for await (const id of otherHolders(storage.db, { key, method, usersId }, decode)) {
      ids.push(id)
      if (ids.length === MAX_HOLDERS) break
    }
    const summaries = await readSummaries(storage, ids, { scope: agent.scope, method, decode })
    return summaries.slice(0, MAX_SHARED)
  }

  /** In the transaction that writes: throws unless the writer has seen what is there now. */
  async function demandState(tx: Kysely<Tables>, { seen, method }: Writing, before: string): Promise<void> {
    // Whoever has changed the place meanwhile has copied what was there then; and nobody does before the commit.
    const now = await readSettings(tx, sharingEnd(storage.engine))
    if (now.rio_storage_method !== method) throw new AppError('changed-meanwhile')
    demandSeen(seen, tagOf(method, before))
  }

  /** Our own table is written by us beside any helpdesk. */
  async function writeOwn(writing: Writing): Promise<void> {
    const { agent, usersId, to, method, refusesShared } = writing
    const demandFree = await policy()
    await storage.write('full', async (tx) => {
      // Whoever will wait for this lock waits here, before it keeps others waiting.
      if (refusesShared) await lockPosition(tx)
      if (to !== '') await own.hold(tx, usersId)
      const stored = await own.read(tx, usersId)
      const before = stored === null ? '' : helpdesk.decodeText(stored)
      await demandUserInScope(tx, agent, usersId, 'change')
      await demandState(tx, writing, before)
      if (before === to) return
      await demandFree(tx, { usersId, rio: to, method })
      await own.write(tx, { usersId, author: await authorOf(tx, agent), before, to })
    })
  }

  /** A user's own columns are the helpdesk's to write. */
  async function writeColumn(writing: Writing): Promise<void> {
    const { agent, usersId, to, changesLogin, method } = writing
    const isLogin = method === 'name'
    const guard =
      (demandFree: DemandRioFree) =>
      async (tx: Kysely<Tables>, user: GuardedUser): Promise<void> => {
        const before = isLogin ? user.login : user.registrationNumber
        await demandState(tx, writing, before)
        if (before === to) return
        if (isDirectoryOwned(user.authtype)) throw new AppError('directory-owned', { field: 'rio' })
        if (isLogin) demandLoginChange(to, changesLogin)
        await demandFree(tx, { usersId, rio: to, method })
      }
    const change = isLogin ? { login: to } : { registrationNumber: to }
    // Whoever had the turn before may have been given it by a host whose answer was lost, so that only the index tells.
    await inTurn({ usersId, rio: to }, async () =>
      helpdesk.users.update(agent, usersId, change, guard(await policy())),
    )
    if (helpdesk.users.within !== undefined) return
    // A host writes after the guard's transaction, and so perhaps after a change of the place has copied what was there.
    const now = await readSettings(storage.db)
    if (now.rio_storage_method !== method) throw new AppError('changed-meanwhile')
  }

  async function write(
    agent: Agent,
    usersId: number,
    change: Pick<Writing, 'to' | 'changesLogin' | 'seen'>,
  ): Promise<TaggedRio> {
    const { rio_storage_method: method, shared_rios: shared } = await settings.read()
    const writing = { ...change, agent, usersId, method, refusesShared: shared === 'refused' }
    if (method === 'custom_table') await writeOwn(writing)
    else if (method === 'name' && change.to === '') {
      refuse('rio', 'the RIO is the login here, which cannot be empty; set another one')
    } else await writeColumn(writing).catch(inOurWords)
    return read(agent, usersId)
  }

  return {
    /** Somebody's RIO and all there is to say of it. Throws `right-missing` or `user-unknown`. */
    read,

    /**
     * Gives somebody this RIO. Throws `changed-meanwhile`, `rio-shared` where that is refused, `directory-owned`, `conflict`
     * where it is a login that is taken, or `value-refused`.
     */
    async set(
      agent: Agent,
      usersId: number,
      { rio, changesLogin = false }: RioChange,
      seen: Seen,
    ): Promise<TaggedRio> {
      demandRight(missingForUserWrite(agent.rights, UPDATE))
      return write(agent, usersId, { to: readRio(rio), changesLogin, seen })
    },

    /** Takes somebody's RIO away. */
    async clear(agent: Agent, usersId: number, seen: Seen): Promise<TaggedRio> {
      demandRight(missingForUserWrite(agent.rights, UPDATE))
      return write(agent, usersId, { to: '', changesLogin: false, seen })
    },
  }
}

export type Rios = ReturnType<typeof createRios>

function tagOf(method: RioStorageMethod, rio: string): string {
  return versionTag([method, rio])
}

function refuse(field: string, detail: string): never {
  throw new AppError('value-refused', { field, detail })
}

function demandLoginChange(login: string, changesLogin: boolean): void {
  if (!changesLogin) {
    refuse('changesLogin', 'the RIO is the login here; send true if the person shall log in by the new one')
  }
  if (!isLoginAllowed(login)) {
    refuse('rio', "it is the login here, which has only letters, digits, spaces and ' @ . - _")
  }
}

function rightMissing(error: unknown): string {
  if (error instanceof AppError && error.code === 'right-missing' && error.detail !== undefined)
    return error.detail
  throw error
}

/** The helpdesk speaks of the column; the caller of the RIO. */
function inOurWords(error: unknown): never {
  if (!(error instanceof AppError) || !COLUMN_FIELDS.has(error.field)) throw error
  const detail = error.code === 'conflict' ? 'it is the login of somebody else' : error.detail
  throw new AppError(error.code, { field: 'rio', cause: error, ...(detail !== undefined && { detail }) })
}

const COLUMN_FIELDS: ReadonlySet<string | undefined> = new Set(['login', 'registrationNumber'])
