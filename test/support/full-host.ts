import { sql } from 'kysely'
import { RIGHT_NAMES } from '../../server/domain/rights.ts'
import { KEYS_VERSION } from '../../server/domain/user-identifiers.ts'
import { fold } from '../../server/domain/words.ts'
import { placeNow, selectPosition } from '../../server/identifiers/position.ts'
import type { Storage } from '../../server/storage/storage.ts'
import { FIRST_NAMES, LAST_NAMES } from './names.ts'
import { EVERYTHING } from './people.ts'

const ENTITIES = 200
const SUPER_ADMIN = 4
const SELF_SERVICE = 1
const RIGHTS = ['access', 'config', 'user', 'ticket', 'followup'] as const

/** The agent of a host that was filled: a Super-Admin, whose id comes after all the people. */
export const agentAmong = (people: number) => ({ usersId: people + 1, profilesId: SUPER_ADMIN })

/** Seven digits, of which user `seq`'s identifiers are made. */
const DIGITS = `lpad(seq, 7, '0')`
const RIOS = 'glpi_plugin_callmanager_users'
const INDEX = 'glpi_plugin_callmanager_identifiers'
const DAY = 'from_unixtime(1600000000 + seq)'

/** A number in one of the spellings that people use. */
function spelt(): string {
  const pairs = (separator: string) =>
    [1, 3, 5].map((at) => `substr(${DIGITS}, ${at}, 2), '${separator}', `).join('') +
    `substr(${DIGITS}, 7), '9'`
  const spellings = [
    `concat('01', ${DIGITS}, '9')`,
    ...[
      `'01 ', ${pairs(' ')}`,
      `'+33 1 ', ${pairs(' ')}`,
      `'01.', ${pairs('.')}`,
      `'0033-1-', ${pairs('-')}`,
    ].map((parts) => `concat(${parts})`),
  ]
  return `elt(1 + seq % 5, ${spellings.join(', ')})`
}

/** A row of a list of names, frequent ones as often as in life: by 1 / (rank + `flat`). */
function place(list: readonly string[], flat: number, seed: string): string {
  const share = `crc32(concat('${seed}', seq)) / 4294967296`
  return `cast(floor(${flat} * pow(${(list.length + flat) / flat}, ${share}) - ${flat}) as unsigned)`
}

interface Key {
  name: string
  isUnique: number
  columns: string
}

async function runAll(storage: Storage, texts: readonly string[]): Promise<void> {
  for (const text of texts) await sql.raw(text).execute(storage.schema)
}

/** Does the work on tables without their secondary keys, which are then made by sorting: several times as quick. */
async function withoutKeys(
  storage: Storage,
  tables: readonly string[],
  work: () => Promise<unknown>,
): Promise<void> {
  const keys = await Promise.all(
    tables.map(async (table) => {
      const { rows } = await sql<Key>`select index_name as name, min(1 - non_unique) as isUnique,
        group_concat(concat('\`', column_name, '\`', if(sub_part is null, '', concat('(', sub_part, ')'))) order by seq_in_index) as columns
        from information_schema.statistics
        where table_schema = database() and table_name = ${table} and index_name <> 'PRIMARY'
        group by index_name`.execute(storage.db)
      return [table, rows] as const
    }),
  )
  const alter = (part: (key: Key) => string) =>
    Promise.all(
      keys.map(([table, rows]) =>
        sql.raw(`alter table ${table} ${rows.map(part).join(', ')}`).execute(storage.schema),
      ),
    )
  await alter(({ name }) => `drop key \`${name}\``)
  await work()
  await alter(({ name, isUnique, columns }) => `add ${isUnique ? 'unique ' : ''}key \`${name}\` (${columns})`)
}

/**
 * Fills a host with users 1 to `people`, each with the identifiers of the benches' `identifiersOfUser`, by statements that
 * the database makes the rows of itself: numbers as people write them, a second number, address and membership here and
 * there, in 200 entities.
 */
export async function fillHost(storage: Storage, people: number): Promise<void> {
  const run = (...texts: string[]) => runAll(storage, texts)
  await addNames(storage, 'last_names', LAST_NAMES)
  await addNames(storage, 'first_names', FIRST_NAMES)
  const numbers = `seq_1_to_${people}`
  const named = `${numbers} join last_names l on l.place = ${place(LAST_NAMES, 20, 'l')}
    join first_names f on f.place = ${place(FIRST_NAMES, 5, 'f')}`
  const users = `insert into glpi_users (id, name, realname, firstname, phone, phone2, mobile, registration_number,
      entities_id, locations_id, authtype, is_active, date_mod, date_creation)
    select seq, concat('agent.', ${DIGITS}), l.name, f.name, ${spelt()}, concat('poste ', ${DIGITS}),
      if(seq % 2, concat('06', lpad(seq * 7 % 100000000, 8, '0')), null), concat('REG-', ${DIGITS}),
      1 + seq % ${ENTITIES}, 1 + seq % 100, 1, 1, ${DAY}, ${DAY} from ${named}`
  // Two at a time, as many processors as a small machine has.
  const fill = () =>
    Promise.all([
      run(users),
      run(
        `insert into glpi_entities (id, name, entities_id, completename, level)
        select 0, 'Root entity', -1, 'Root entity', 1 union all select seq, concat('Service ', seq),
        if(seq <= 20, 0, 1 + seq % 20), concat('Root entity > Service ', seq), 2 from seq_1_to_${ENTITIES}`,
        `insert into glpi_locations (id, name, completename)
        select seq, concat('Building ', seq), concat('Building ', seq) from seq_1_to_100`,
        `insert into glpi_useremails (users_id, is_default, email)
        select seq, 1, concat(f.plain, '.', l.plain, seq, '@example.org') from ${named}`,
        `insert into glpi_useremails (users_id, is_default, email)
        select seq, 0, concat('u', seq, '@service.example.org') from ${numbers} where seq % 10 = 0`,
        `insert into glpi_profiles_users (users_id, profiles_id, entities_id, is_recursive)
        select seq, ${SELF_SERVICE}, 1 + seq % ${ENTITIES}, 0 from ${numbers}`,
        `insert into glpi_profiles_users (users_id, profiles_id, entities_id, is_recursive)
        select seq, ${SELF_SERVICE}, 1 + seq * 7 % ${ENTITIES}, 1 from ${numbers} where seq % 5 = 0`,
        `insert into ${RIOS} (users_id, rio_number, date_creation, date_mod)
        select seq, concat('2', ${DIGITS}), ${DAY}, ${DAY} from ${numbers}`,
        `insert into glpi_logs (itemtype, items_id, linked_action, user_name, date_mod, id_search_option)
        select 'User', seq, 20, 'glpi (2)', ${DAY}, 0 from ${numbers}`,
      ),
    ])
  const large = ['glpi_users', 'glpi_useremails', 'glpi_profiles_users', 'glpi_logs', RIOS]
  await withoutKeys(storage, large, fill)
  await run('drop table last_names', 'drop table first_names')
  await addAgent(storage, people)
}

async function addNames(storage: Storage, table: string, list: readonly string[]): Promise<void> {
  await sql
    .raw(
      `create table ${table} (place int primary key, name varchar(60), plain varchar(60)) charset = utf8mb4`,
    )
    .execute(storage.schema)
  for (let from = 0; from < list.length; from += 1000) {
    const rows = list.slice(from, from + 1000).map((name, at) => sql`(${from + at}, ${name}, ${fold(name)})`)
    await sql`insert into ${sql.table(table)} values ${sql.join(rows)}`.execute(storage.schema)
  }
}

async function addAgent(storage: Storage, people: number): Promise<void> {
  const { usersId, profilesId } = agentAmong(people)
  const at = '2020-09-01 00:00:00'
  await storage.write('normal', async (tx) => {
    await tx
      .insertInto('glpi_users')
      .values({ id: usersId, name: 'bench', realname: 'Bench', authtype: 1, date_mod: at })
      .execute()
    await tx
      .insertInto('glpi_profiles')
      .values([
        { id: profilesId, name: 'Super-Admin', interface: 'central' },
        { id: SELF_SERVICE, name: 'Self-Service', interface: 'helpdesk' },
      ])
      .execute()
    await tx
      .insertInto('glpi_profiles_users')
      .values({ users_id: usersId, profiles_id: profilesId, entities_id: 0, is_recursive: 1 })
      .execute()
    const rights = RIGHTS.map((right) => ({
      profiles_id: profilesId,
      name: RIGHT_NAMES[right],
      rights: EVERYTHING[right],
    }))
    const places = ['entity', 'location'].map((name) => ({ profiles_id: profilesId, name, rights: 31 }))
    await tx
      .insertInto('glpi_profilerights')
      .values([...rights, ...places])
      .execute()
    await tx.insertInto('glpi_apiclients').values({ name: 'everybody', is_active: 1 }).execute()
  })
}

/** Gives everybody a ticket or two, with a followup. */
export async function fillTickets(storage: Storage, people: number): Promise<void> {
  const numbers = `seq_1_to_${people}`
  const texts = [
    `insert into glpi_tickets (id, entities_id, name, date, date_mod, status, requesttypes_id, itilcategories_id)
      select seq, 1 + seq % ${ENTITIES}, concat('Ticket ', seq), ${DAY}, ${DAY}, 1 + seq % 6, 3, 1 + seq % 50
      from ${numbers}`,
    `insert into glpi_tickets_users (tickets_id, users_id, type) select seq, seq, 1 from ${numbers}`,
    `insert into glpi_tickets_users (tickets_id, users_id, type) select seq, 1 + seq % 500, 2 from ${numbers}`,
    `insert into glpi_groups_tickets (tickets_id, groups_id, type) select seq, 1 + seq % 50, 2 from ${numbers}`,
    `insert into glpi_itilfollowups (itemtype, items_id, date, users_id, content)
      select 'Ticket', seq, ${DAY}, 1 + seq % 500, 'Called back' from ${numbers}`,
    `insert into glpi_itilcategories (name, completename)
      select concat('Category ', seq), concat('Category ', seq) from seq_1_to_50`,
    `insert into glpi_groups (id, name, completename) select seq, concat('Group ', seq), '' from seq_1_to_50`,
    `insert into glpi_requesttypes (id, name) values (3, 'Phone')`,
  ]
  const large = ['glpi_tickets', 'glpi_tickets_users', 'glpi_groups_tickets', 'glpi_itilfollowups']
  await withoutKeys(storage, large, () => runAll(storage, texts))
}

/** Writes the index of a host that was filled, by its identifiers and last names, and says that it is whole and has followed. */
export async function fillIndex(storage: Storage): Promise<void> {
  const keys = (kind: string, key: string, source: string) =>
    `insert into ${INDEX} select '${kind}', ${key}, '${source}', id from glpi_users order by 2, 4`
  const digits = `lpad(id, 7, '0')`
  const rows = [
    keys('extension', digits, 'phone2'),
    keys('phone', `concat('+331', ${digits}, '9')`, 'phone'),
    keys('rio', `concat('2', ${digits})`, 'custom_table'),
    keys('rio', `concat('agent.', ${digits})`, 'name'),
    keys('word', `lower(convert(realname using utf8mb4))`, 'realname'),
  ]
  await withoutKeys(storage, [INDEX], () => runAll(storage, rows))
  await runAll(storage, [`analyze table ${INDEX}`])
  const now = await selectPosition(storage.db, storage.engine).executeTakeFirstOrThrow()
  await storage.write('normal', (tx) =>
    tx
      .updateTable('glpi_plugin_callmanager_index')
      .set({ version: KEYS_VERSION, rebuild_after: null, rebuilt_at: Date.now(), ...placeNow(now) })
      .execute(),
  )
}
