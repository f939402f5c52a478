import { type Kysely, sql } from 'kysely'
import type { HeldProfile } from '../../../contract/users.ts'
import { isUsable } from '../../domain/accounts.ts'
import { AppError } from '../../domain/errors.ts'
import { CREATE, demandRight, missingForUserWrite, UPDATE } from '../../domain/rights.ts'
import type { Storage } from '../../storage/storage.ts'
import type { Tables } from '../../storage/tables.ts'
import { emailsOf } from '../account-text.ts'
import { demandPowerOver } from '../dominance.ts'
import { demandGrantable } from '../grantable.ts'
import type { Agent, Helpdesk, NewUser, UserChange, UserGuard } from '../helpdesk.ts'
import { changedColumns, demandOwnership, givesPower } from '../user-changes.ts'
import { columnsOf, demandPlaces, textFieldOf, USER_TEXTS, type UserColumns } from '../user-columns.ts'
import { demandUserInScope } from '../user-gate.ts'
import { readUserState, type UserState, userTag } from '../user-state.ts'
import { type ColumnText, demandHeld } from './column-limits.ts'
import type { Host } from './host.ts'
import { changesEmails, emailSteps, writeHostEmails } from './host-emails.ts'
import type { createHostText } from './host-text.ts'
import { madeId } from './made-id.ts'
import { type HostRest, isInDoubt } from './rest.ts'

/** What only the host itself can set: its own clock and its bin decide about these. */
const HOSTS_OWN = ['beginDate', 'endDate', 'deleted'] as const

interface Options {
  storage: Storage
  rest: HostRest
  text: ReturnType<typeof createHostText>
  host: Pick<Host, 'knowsOpenId'>
  /** The token by which an agent has shown themselves. */
  tokenOf(agent: Agent): string
}

/**
 * Writes users as the agent, through the host's REST API, so that its rules, history and notifications run. What the host
 * would refuse without a reason, or store as something else, is refused before it is asked; what it has stored is read back.
 */
export function createHostUsers({ storage, rest, text, host, tokenOf }: Options): Helpdesk['users'] {
  const { db } = storage

  /** Throws `value-refused` for what the columns cannot hold, and `conflict` for a login that is somebody else's. */
  async function demandTexts(
    columns: UserColumns,
    emails: readonly string[],
    account: Account,
  ): Promise<void> {
    const texts: Record<string, ColumnText> = {}
    for (const [column, field] of USER_TEXTS) {
      const typed = columns[column]
      if (typed !== undefined) texts[column] = { field, typed }
    }
    await demandHeld(db, 'glpi_users', texts, text)
    for (const typed of emails)
      await demandHeld(db, 'glpi_useremails', { email: { field: 'emails', typed } }, text)
    if (columns.name !== undefined) await demandLoginFree(db, text.encode(columns.name), account)
  }

  /** Throws `stored-otherwise` unless the host has stored what it was sent. */
  async function demandStored(
    usersId: number,
    columns: UserColumns,
    emails?: readonly string[],
  ): Promise<void> {
    const stored = await readUserState(db, usersId)
    const [wrong] = differing(stored, columns)
    if (wrong !== undefined) throw new AppError('stored-otherwise', { field: textFieldOf(wrong) ?? wrong })
    if (emails === undefined) return
    const kept = stored.emails.map(({ email }) => text.decode(email ?? ''))
    if (
      kept.length !== emails.length ||
      emails.some((email) => !kept.includes(email)) ||
      kept[0] !== emails[0]
    ) {
      throw new AppError('stored-otherwise', { field: 'emails' })
    }
  }

  const differing = (stored: UserState, columns: UserColumns): string[] =>
    Object.keys(changedColumns(asTyped(stored), columns))

  const isStored = async (usersId: number, columns: UserColumns): Promise<boolean> =>
    differing(await readUserState(db, usersId), columns).length === 0

  /** A user's columns as their authors typed them. */
  function asTyped({ user }: UserState): UserState['user'] {
    const texts = USER_TEXTS.map(([column]) => {
      const stored = user[column]
      return [column, stored === null ? null : text.decode(stored)]
    })
    return { ...user, ...Object.fromEntries(texts) }
  }

  async function create(agent: Agent, user: NewUser): Promise<number> {
    demandRight(missingForUserWrite(agent.rights, CREATE))
    const { profiles = [], passwordHash: _, emails = [], ...fields } = user
    refuseHostsOwn(fields)
    const columns = columnsOf(fields)
    const addresses = emailsOf(emails)
    await demandPlaces(db, agent, columns)
    const profile = await demandOneProfile(db, agent, profiles)
    await demandTexts(columns, addresses, { usersId: 0, authtype: LOCAL, auths_id: 0 })
    const input = {
      ...columns,
      _entities_id: profile?.entityId ?? user.entityId,
      ...(profile !== undefined && { _profiles_id: profile.profileId }),
      _is_recursive: profile?.recursive === true ? 1 : 0,
    }
    const id = madeId(await rest.send('POST', 'User', tokenOf(agent), input))
    await writeHostEmails(rest, tokenOf(agent), id, emailSteps([], addresses))
    await demandStored(id, columns, addresses)
    return id
  }

  async function update(agent: Agent, usersId: number, change: UserChange, guard?: UserGuard): Promise<void> {
    demandRight(missingForUserWrite(agent.rights, UPDATE))
    refuseHostsOwn(change)
    const columns = columnsOf(change)
    const addresses = change.emails === undefined ? undefined : emailsOf(change.emails)
    await demandUserInScope(db, agent, usersId, 'change')
    const state = await readUserState(db, usersId)
    const before = asTyped(state)
    await storage.write('full', async (tx) =>
      guard?.(tx, {
        login: before.name ?? '',
        registrationNumber: before.registration_number ?? '',
        authtype: before.authtype,
        tag: userTag(state),
      }),
    )
    const changed = changedColumns(before, columns)
    const kept = state.emails.map((row) => ({ ...row, email: text.decode(row.email ?? '') }))
    const emails = emailSteps(kept, addresses ?? kept.map(({ email }) => email))
    const mails = addresses !== undefined && changesEmails(emails)
    const fields = Object.keys(changed) as (keyof UserColumns)[]
    if (fields.length === 0 && !mails) return
    demandOwnership(before.authtype, fields, mails)
    if (changed.name !== undefined) await demandOwnLogin(usersId)
    if (mails || givesPower(changed)) await demandPowerOver(db, agent, usersId, state.memberships)
    if (usersId === agent.id && !isUsable({ ...before, ...changed }, new Date())) {
      throw new AppError('value-refused', { field: 'enabled', detail: 'you would lock yourself out' })
    }
    await demandPlaces(db, agent, changed)
    await demandTexts(changed, mails ? (addresses ?? []) : [], {
      ...(await authOf(usersId)),
      usersId,
    })
    if (fields.length > 0) {
      await rest.send('PUT', `User/${usersId}`, tokenOf(agent), changed).catch(async (error: unknown) => {
        // A lost answer is no failure where the host has done what it was asked.
        if (!isInDoubt(error) || !(await isStored(usersId, changed))) throw error
      })
    }
    if (mails) await writeHostEmails(rest, tokenOf(agent), usersId, emails)
    await demandStored(usersId, changed, mails ? addresses : undefined)
  }

  /** An OpenID provider gives its people their logins anew each time they come. */
  async function demandOwnLogin(usersId: number): Promise<void> {
    if (!host.knowsOpenId) return
    const { rows } = await sql`select 1 from glpi_oidc_users where user_id = ${usersId} limit 1`.execute(db)
    if (rows.length > 0)
      throw new AppError('directory-owned', { field: 'login', detail: 'by OpenID Connect' })
  }

  async function authOf(usersId: number): Promise<Omit<Account, 'usersId'>> {
    return db
      .selectFrom('glpi_users')
      .select(['authtype', 'auths_id'])
      .where('id', '=', usersId)
      .executeTakeFirstOrThrow()
  }

  return { create, update }
}

/** Accounts whose passwords the host keeps itself; those that are created are such. */
const LOCAL = 1

/** A login is unique among the accounts of one source of authentication. */
interface Account {
  usersId: number
  authtype: number
  auths_id: number
}

/** The host would say no without a reason. */
async function demandLoginFree(db: Kysely<Tables>, login: string, account: Account): Promise<void> {
  const taken = await db
    .selectFrom('glpi_users')
    .select('id')
    .where('name', '=', login)
    .where('authtype', '=', account.authtype)
    .where('auths_id', '=', account.auths_id)
    .where('id', '<>', account.usersId)
    .executeTakeFirst()
  if (taken !== undefined) throw new AppError('conflict', { field: 'login', detail: 'the login is in use' })
}

/** The host's form gives one profile; without one it gives the default profile. */
async function demandOneProfile(
  db: Kysely<Tables>,
  agent: Agent,
  [profile, ...more]: readonly HeldProfile[],
): Promise<HeldProfile | undefined> {
  if (more.length > 0) {
    throw new AppError('value-refused', {
      field: 'profiles',
      detail: 'beside an ITSM-NG a person is created with one profile; add the others there',
    })
  }
  if (profile === undefined) return undefined
  // The host would answer a profile that it does not give with the default one, and an entity below with all that lies there.
  await demandGrantable(db, agent, [profile])
  return profile
}

function refuseHostsOwn(change: UserChange): void {
  const field = HOSTS_OWN.find((name) => change[name] !== undefined)
  if (field === undefined) return
  throw new AppError('value-refused', {
    field,
    detail: 'beside an ITSM-NG this is set in its own form of the user',
  })
}
