import type { Kysely } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { isDirectoryOwned, isLoginAllowed } from '../domain/accounts.ts'
import { AppError, type ErrorCode } from '../domain/errors.ts'
import { identifierProblem } from '../domain/identifier.ts'
import { rioKey } from '../domain/rio.ts'
import type { Agent, Helpdesk } from '../helpdesk/helpdesk.ts'
import { authorOf } from '../helpdesk/own-history.ts'
import { demandUserInScope } from '../helpdesk/user-gate.ts'
import type { KeyRules } from '../identifiers/refresh.ts'
import { writeFollowed } from '../identifiers/write-followed.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { isHeldByOther } from './holders.ts'
import { createOwnRios } from './own-table.ts'

/** Why a RIO is not copied. */
export const METHOD_CHANGE_PROBLEMS = {
  beyond_you: 'the person is outside of your entities, or has more rights than you',
  shared: 'several people have this RIO, and a login is of one person only',
  taken: 'somebody else has this login',
  occupied: 'the place holds another value, and replacing was not asked for',
  too_long: 'it is longer than 255 characters',
  not_allowed: 'it has characters that are not allowed there',
  directory_owned: 'a directory owns the account, and would undo the change',
  changed_meanwhile: 'the value has been changed since it was copied',
} as const
export type MethodChangeReason = keyof typeof METHOD_CHANGE_PROBLEMS

export interface MethodChangeProblem {
  usersId: number
  /** The place that could not be written. */
  field: RioStorageMethod
  reason: MethodChangeReason
}

/** What was (or would be) written: the value of the new place before and after, as typed; '' for none. */
export interface MethodChangeLine {
  usersId: number
  before: string
  after: string
}

export interface MethodChangeChunk {
  from: RioStorageMethod
  to: RioStorageMethod
  /** Begin with 0, then the `last` of the chunk before. */
  after: number
  /** How many people to look at. */
  limit: number
  /** These people instead of those behind `after`. */
  ids?: readonly number[]
  /** Whether another registration number, or another RIO of our own table, is replaced. Logins always are: that is the change. */
  replaces: boolean
}

export interface MethodChangeOutcome {
  /** The last person looked at; null when there was nobody left. */
  last: number | null
  examined: number
  copied: number
  /** People without a RIO in the old place. */
  empty: number
  /** People whose new place leads to them by the same RIO already. */
  same: number
  problems: MethodChangeProblem[]
  /** What {@link createMethodChange.undoChunk} takes to put the new place back. */
  undo: MethodChangeLine[]
}

export interface MethodChangeDependencies {
  storage: Storage
  helpdesk: Pick<Helpdesk, 'encodeText' | 'decodeText' | 'users'>
}

/** As whom it is done, and by which rules keys are made. */
export interface MethodChangeContext {
  agent: Agent
  rules: KeyRules
  /** What the change itself has written for people whom it looks at again: that is nobody's else to keep. */
  written?(usersIds: number[]): Promise<ReadonlyMap<number, string>>
}

/** What the helpdesk refuses of one person, and says no of the others. */
const REFUSALS: Partial<Record<ErrorCode, MethodChangeReason>> = {
  // The database's collation may find a login taken that reads differently to us.
  conflict: 'taken',
  'directory-owned': 'directory_owned',
  'value-refused': 'not_allowed',
  'user-unknown': 'beyond_you',
  'right-missing': 'beyond_you',
}

type Db = Kysely<Tables>

/**
 * Changing where RIOs are kept, a chunk of people at a time in order of id. The old place stays as it is; a chunk that runs
 * again finds its work done. Every reading is bounded by the chunk, so a million people hold nobody up.
 */
export function createMethodChange({ storage, helpdesk }: MethodChangeDependencies) {
  const own = createOwnRios(storage, helpdesk)

  /** Writes the new place; answers what stands in the way where it cannot be written. */
  async function write(
    tx: Db,
    agent: Agent,
    to: RioStorageMethod,
    { usersId, before, after }: MethodChangeLine,
  ): Promise<MethodChangeReason | null> {
    const { within } = helpdesk.users
    try {
      // That one is ours beside any helpdesk.
      if (to === 'custom_table') {
        if (!agent.scope.all) await demandUserInScope(tx, agent, usersId, 'change')
        await own.write(tx, { usersId, author: await authorOf(tx, agent), before, to: after })
        return null
      }
      if (within === undefined) throw new AppError('done-by-host')
      await within(tx).update(
        agent,
        usersId,
        to === 'name' ? { login: after } : { registrationNumber: after },
      )
      return null
    } catch (error) {
      const reason = error instanceof AppError ? REFUSALS[error.code] : undefined
      if (reason === undefined) throw error
      return reason
    }
  }

  return {
    /** What {@link copyChunk} would do; writes nothing. */
    async previewChunk(
      db: Db,
      chunk: MethodChangeChunk,
      context: MethodChangeContext,
    ): Promise<MethodChangeOutcome> {
      return plan(db, chunk, context)
    },

    /** Copies the RIOs of a chunk of people to the new place, in the transaction it is given. */
    async copyChunk(
      tx: Db,
      chunk: MethodChangeChunk,
      context: MethodChangeContext,
    ): Promise<MethodChangeOutcome> {
      const { outcome } = await writeFollowed(storage, tx, context.rules, async () => {
        const planned = await plan(tx, chunk, context)
        const problems = [...planned.problems]
        const undo: MethodChangeLine[] = []
        for (const line of planned.undo) {
          const reason = await write(tx, context.agent, chunk.to, line)
          if (reason === null) undo.push(line)
          else problems.push({ usersId: line.usersId, field: chunk.to, reason })
        }
        return {
          usersIds: undo.map(({ usersId }) => usersId),
          outcome: { ...planned, copied: undo.length, problems, undo },
        }
      })
      return outcome
    },

    /** Puts the place back that a change had written, but for what somebody has changed since. */
    async undoChunk(
      tx: Db,
      { to, lines }: { to: RioStorageMethod; lines: readonly MethodChangeLine[] },
      { agent, rules }: MethodChangeContext,
    ): Promise<{ undone: number; problems: MethodChangeProblem[] }> {
      const { undone, problems } = await writeFollowed(storage, tx, rules, async () => {
        const rows = await selectPlaces(tx)
          .where('user.id', 'in', lines.length === 0 ? [-1] : lines.map(({ usersId }) => usersId))
          .execute()
        const now = new Map(rows.map((row) => [row.id, rules.decode(row[to]) ?? '']))
        const problems: MethodChangeProblem[] = []
        const undone: number[] = []
        for (const { usersId, before, after } of lines) {
          const current = now.get(usersId)
          // Purged, or put back already.
          if (current === undefined || current === before) continue
          const line = { usersId, before: after, after: before }
          const reason = current === after ? await write(tx, agent, to, line) : 'changed_meanwhile'
          if (reason === null) undone.push(usersId)
          else problems.push({ usersId, field: to, reason })
        }
        return { usersIds: undone, undone: undone.length, problems }
      })
      return { undone, problems }
    },
  }
}

/** The three places of a person's RIO. */
function selectPlaces(db: Db) {
  return db
    .selectFrom('glpi_users as user')
    .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
    .select([
      'user.id',
      'user.authtype',
      'user.name',
      'user.registration_number',
      'kept.rio_number as custom_table',
    ])
}

/** Looks at a chunk of people: what there is to write (`undo`), and what stands in the way. */
async function plan(
  db: Db,
  { from, to, after, limit, ids, replaces }: MethodChangeChunk,
  { rules: { decode }, written }: MethodChangeContext,
): Promise<MethodChangeOutcome> {
  const asked =
    ids === undefined
      ? selectPlaces(db).where('user.id', '>', after).limit(limit)
      : selectPlaces(db).where('user.id', 'in', ids.length === 0 ? [-1] : ids)
  const people = (await asked.orderBy('user.id').execute()).map(({ id, authtype, ...places }) => {
    const value = (decode(places[from]) ?? '').trim()
    return { id, authtype, value, key: rioKey(value), before: decode(places[to]) ?? '' }
  })
  const outdated = people.filter(({ before, key }) => before !== '' && rioKey(before) !== key)
  const ours =
    to === 'name' || outdated.length === 0 ? undefined : await written?.(outdated.map(({ id }) => id))
  const outcome: MethodChangeOutcome = {
    last: people.at(-1)?.id ?? null,
    examined: people.length,
    copied: 0,
    empty: 0,
    same: 0,
    problems: [],
    undo: [],
  }
  for (const { id, authtype, value, key, before } of people) {
    const line = { usersId: id, before, after: value }
    const isOurs = before !== '' && ours?.get(id) === before
    // Cleared since it was copied.
    if (key === null && isOurs) outcome.undo.push(line)
    else if (key === null) outcome.empty++
    else if (rioKey(before) === key) outcome.same++
    else {
      const reason =
        refusal(to, value, before, authtype, replaces || isOurs) ??
        (to === 'name' ? await claimed(db, { ...line, key, from }, decode) : null)
      if (reason === null) outcome.undo.push(line)
      else outcome.problems.push({ usersId: id, field: to, reason })
    }
  }
  return { ...outcome, copied: outcome.undo.length }
}

/** What stands in the way by the person's own row. */
function refusal(
  to: RioStorageMethod,
  value: string,
  before: string,
  authtype: number,
  replaces: boolean,
): MethodChangeReason | null {
  const problem = identifierProblem(value)
  if (problem === 'too_long') return 'too_long'
  if (problem !== null || (to === 'name' && !isLoginAllowed(value))) return 'not_allowed'
  if (to !== 'custom_table' && isDirectoryOwned(authtype)) return 'directory_owned'
  if (to !== 'name' && before !== '' && !replaces) return 'occupied'
  return null
}

/** What stands in the way of a login by others: nobody gets what several have, whoever comes first. */
async function claimed(
  db: Db,
  { usersId, after, key, from }: MethodChangeLine & { key: string; from: RioStorageMethod },
  decode: KeyRules['decode'],
): Promise<'shared' | 'taken' | null> {
  const holder = await db
    .selectFrom('glpi_users')
    .select('id')
    .where('name', '=', after)
    .where('id', '<>', usersId)
    .limit(1)
    .executeTakeFirst()
  if (holder !== undefined) return 'taken'
  return (await isHeldByOther(db, { key, method: from, usersId }, decode)) ? 'shared' : null
}
