import { sql } from 'kysely'
import { createConnection } from 'mysql2/promise'
import { RIGHT_NAMES } from '../../server/domain/rights.ts'
import { fold } from '../../server/domain/words.ts'
import { migrateOwnTables } from '../../server/storage/migrate.ts'
import { openStorage, type Storage } from '../../server/storage/storage.ts'
import { createHostTables } from '../../test/support/host-tables.ts'
import type { MariaDb } from '../../test/support/mariadb.ts'
import { databaseUrl } from '../../test/support/storages.ts'
import { FIRST_NAMES, LAST_NAMES } from './names.ts'

const ENTITIES = 200
const SUPER_ADMIN = 4
const SUPER_ADMIN_RIGHTS = {
  [RIGHT_NAMES.access]: 3,
  [RIGHT_NAMES.config]: 2,
  [RIGHT_NAMES.user]: 7327,
  [RIGHT_NAMES.ticket]: 261_151,
  [RIGHT_NAMES.followup]: 15_383,
}

/** The agent of a host that was filled: a Super-Admin, whose id comes after all the people. */
export const agentAmong = (people: number) => ({ usersId: people + 1, profilesId: SUPER_ADMIN })

/** An empty database with the tables of a real ITSM-NG 1.4.0 and our own. */
export async function createHost(mariadb: MariaDb, name: string): Promise<{ url: string; storage: Storage }> {
  const root = await createConnection({ user: 'root', socketPath: mariadb.socket })
  await root.query(`drop database if exists ${name}`)
  await root.query(`create database ${name} character set utf8 collate utf8_unicode_ci`)
  await root.end()
  const url = databaseUrl(mariadb.socket, name)
  const storage = await openStorage(url)
  await createHostTables(storage)
  await migrateOwnTables(storage)
  return { url, storage }
}

/**
 * Fills a host with users 1 to `people`, each with the identifiers of `identifiersOfUser`, by statements that the database
 * makes the rows of itself: names as frequent as in life, numbers as people write them, a second number, address and
 * membership here and there, in 200 entities.
 */
export async function fillHost(storage: Storage, people: number): Promise<void> {
  await storage.write('normal', async (tx) => {
    const run = (text: string) => sql.raw(text).execute(tx)
    const names = async (table: string, list: readonly string[]) => {
      await run(
        `create temporary table ${table} (place int primary key, name varchar(60), plain varchar(60)) charset = utf8mb4`,
      )
      for (let from = 0; from < list.length; from += 1000) {
        const rows = list
          .slice(from, from + 1000)
          .map((name, index) => sql`(${from + index}, ${name}, ${fold(name)})`)
        await sql`insert into ${sql.table(table)} values ${sql.join(rows)}`.execute(tx)
      }
    }
    await names('last_names', LAST_NAMES)
    await names('first_names', FIRST_NAMES)
    const numbers = `seq_1_to_${people}`
    const digits = `lpad(seq, 7, '0')`
    const share = (seed: string) => `(crc32(concat('${seed}', seq)) / 4294967296)`
    // By 1 / (rank + flat), as names are.
    const place = (count: number, flat: number, seed: string) =>
      `cast(floor(${flat} * pow(${(count + flat) / flat}, ${share(seed)}) - ${flat}) as unsigned)`
    const pairs = (separator: string) =>
      [1, 3, 5].map((at) => `substr(${digits}, ${at}, 2), '${separator}', `).join('') +
      `substr(${digits}, 7), '9'`
    const spelt = `elt(1 + seq % 5, concat('01', ${digits}, '9'), concat('01 ', ${pairs(' ')}), concat('+33 1 ', ${pairs(' ')}),
      concat('01.', ${pairs('.')}), concat('0033-1-', ${pairs('-')}))`
    const day = `from_unixtime(1600000000 + seq)`

    await run(`insert into glpi_entities (id, name, entities_id, completename, level)
      select 0, 'Root entity', -1, 'Root entity', 1 union all
      select seq, concat('Service ', seq), if(seq <= 20, 0, 1 + seq % 20), concat('Root entity > Service ', seq), 2
      from seq_1_to_${ENTITIES}`)
    await run(`insert into glpi_locations (id, name, completename) select seq, concat('Building ', seq),
      concat('Building ', seq) from seq_1_to_100`)
    await run(`insert into glpi_users (id, name, realname, firstname, phone, phone2, mobile, registration_number,
        entities_id, locations_id, authtype, is_active, date_mod, date_creation)
      select seq, concat('agent.', ${digits}), l.name, f.name, ${spelt}, concat('poste ', ${digits}),
        if(seq % 2, concat('06', lpad(seq * 7 % 100000000, 8, '0')), null), concat('REG-', ${digits}),
        1 + seq % ${ENTITIES}, 1 + seq % 100, 1, 1, ${day}, ${day}
      from ${numbers} join last_names l on l.place = ${place(LAST_NAMES.length, 20, 'l')}
        join first_names f on f.place = ${place(FIRST_NAMES.length, 5, 'f')}`)
    await run(`insert into glpi_useremails (users_id, is_default, email)
      select seq, 1, concat(f.plain, '.', l.plain, seq, '@example.org')
      from ${numbers} join last_names l on l.place = ${place(LAST_NAMES.length, 20, 'l')}
        join first_names f on f.place = ${place(FIRST_NAMES.length, 5, 'f')}`)
    await run(`insert into glpi_useremails (users_id, is_default, email)
      select seq, 0, concat('u', seq, '@service.example.org') from ${numbers} where seq % 10 = 0`)
    await run(`insert into glpi_profiles_users (users_id, profiles_id, entities_id, is_recursive)
      select seq, 1, 1 + seq % ${ENTITIES}, 0 from ${numbers}`)
    await run(`insert into glpi_profiles_users (users_id, profiles_id, entities_id, is_recursive)
      select seq, 1, 1 + seq * 7 % ${ENTITIES}, 1 from ${numbers} where seq % 5 = 0`)
    await run(`insert into glpi_plugin_callmanager_users (users_id, rio_number, date_creation, date_mod)
      select seq, concat('2', ${digits}), ${day}, ${day} from ${numbers}`)
    await run(`insert into glpi_logs (itemtype, items_id, linked_action, user_name, date_mod, id_search_option)
      select 'User', seq, 20, 'glpi (2)', ${day}, 0 from ${numbers}`)
    const { usersId, profilesId } = agentAmong(people)
    await run(`insert into glpi_users (id, name, realname, authtype, date_mod)
      values (${usersId}, 'bench', 'Bench', 1, from_unixtime(1600000000))`)
    await run(
      `insert into glpi_profiles (id, name, interface) values (${profilesId}, 'Super-Admin', 'central')`,
    )
    await run(`insert into glpi_profiles_users (users_id, profiles_id, entities_id, is_recursive)
      values (${usersId}, ${profilesId}, 0, 1)`)
    const rights = Object.entries(SUPER_ADMIN_RIGHTS).map(
      ([name, bits]) => `(${profilesId}, '${name}', ${bits})`,
    )
    await run(`insert into glpi_profilerights (profiles_id, name, rights) values ${rights.join(', ')}`)
    await run(`insert into glpi_apiclients (name, is_active) values ('bench', 1)`)
  })
  for (const table of [
    'glpi_users',
    'glpi_useremails',
    'glpi_profiles_users',
    'glpi_plugin_callmanager_users',
  ]) {
    await sql.raw(`analyze table ${table}`).execute(storage.db)
  }
}
