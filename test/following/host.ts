import { type Connection, createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise'
import { hostTime } from '../../server/domain/times.ts'

/** The host's numbers of the fields in its history (host-contract §4, search options of User). */
const OPTIONS = {
  name: 1,
  locations_id: 3,
  phone: 6,
  is_active: 8,
  firstname: 9,
  phone2: 10,
  mobile: 11,
  registration_number: 22,
  realname: 34,
  entities_id: 77,
} as const
/** What a line of history tells of. */
const ACTIONS = { change: 0, bin: 13, restore: 14, addPart: 17, deletePart: 19, create: 20 } as const

type Value = string | number | null
export type UserChange = Partial<Record<keyof typeof OPTIONS, Value>>

interface NewUser extends UserChange {
  id?: number
  name: string
  /** Its directory: of each, logins are unique. */
  auths_id?: number
}

/** Its session: two hours east of UTC, which the values of TIMESTAMP columns are written in. */
const ZONE = '+02:00'
const ZONE_MS = 2 * 3_600_000

export const hostDate = (seconds: number): string => hostTime(new Date(Date.now() + ZONE_MS + seconds * 1000))

export type Host = Awaited<ReturnType<typeof openHost>>

/**
 * A host that writes as ITSM-NG 1.x does (GLPI 9.5): each statement commits by itself, `date_mod` is the start of the
 * request, the lines of history come after what they tell of, and a purge takes them along.
 */
export async function openHost(url: string) {
  const connection = await createConnection({ uri: url, charset: 'utf8_unicode_ci' })
  await connection.query(`set session sql_mode = '', time_zone = '${ZONE}'`)

  /** A request that began so many seconds from now. */
  function request(seconds = 0) {
    const date = hostDate(seconds)

    async function addLine(
      id: number,
      action: keyof typeof ACTIONS,
      {
        option = 0,
        part = '',
        old = '',
        now = '',
      }: { option?: number; part?: string; old?: string; now?: string } = {},
    ): Promise<void> {
      await run(
        connection,
        `insert into glpi_logs (items_id, itemtype, itemtype_link, linked_action, user_name, date_mod,
           id_search_option, old_value, new_value) values (?, 'User', ?, ?, 'itsm (2)', ?, ?, ?, ?)`,
        [id, part, ACTIONS[action], date, option, old.slice(0, 180), now.slice(0, 180)],
      )
    }

    /** The row alone, which somebody may look up before its history is written. */
    async function updateRow(id: number, change: UserChange & { is_deleted?: 0 | 1 }): Promise<void> {
      const sets = [...Object.keys(change), 'date_mod'].map((name) => `${name} = ?`).join(', ')
      await run(connection, `update glpi_users set ${sets} where id = ?`, [
        ...Object.values(change),
        date,
        id,
      ])
    }

    async function addHistory(id: number, change: UserChange): Promise<void> {
      for (const [name, value] of Object.entries(change)) {
        const option = OPTIONS[name as keyof typeof OPTIONS]
        await addLine(id, 'change', { option, now: String(value ?? '') })
      }
    }

    async function addMembership(id: number, entity: number, recursive: 0 | 1 = 0): Promise<void> {
      await run(
        connection,
        'insert into glpi_profiles_users (users_id, profiles_id, entities_id, is_recursive) values (?, 1, ?, ?)',
        [id, entity, recursive],
      )
      await addLine(id, 'addPart', { part: 'Profile', now: 'Self-Service' })
    }

    async function addEmail(id: number, email: string): Promise<void> {
      await run(connection, 'insert into glpi_useremails (users_id, email) values (?, ?)', [id, email])
      await addLine(id, 'addPart', { part: 'UserEmail', now: email })
    }

    return {
      date,
      updateRow,
      addHistory,
      addMembership,
      addEmail,
      async add({ ...user }: NewUser, { entity = 0, email = '' } = {}): Promise<number> {
        const columns = { authtype: 1, ...user, date_mod: date, date_creation: date }
        const names = Object.keys(columns)
        const { insertId } = await run(
          connection,
          `insert into glpi_users (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
          Object.values(columns),
        )
        const id = user.id ?? insertId
        if (email !== '') await addEmail(id, email)
        await addMembership(id, entity)
        await addLine(id, 'create')
        return id
      },
      async change(id: number, change: UserChange): Promise<void> {
        await updateRow(id, change)
        await addHistory(id, change)
      },
      async bin(id: number): Promise<void> {
        await updateRow(id, { is_deleted: 1 })
        await addLine(id, 'bin')
      },
      async restore(id: number): Promise<void> {
        await updateRow(id, { is_deleted: 0 })
        await addLine(id, 'restore')
      },
      async purge(id: number): Promise<void> {
        await run(connection, 'delete from glpi_users where id = ?', [id])
        await run(connection, 'delete from glpi_profiles_users where users_id = ?', [id])
        await run(connection, 'delete from glpi_useremails where users_id = ?', [id])
        await run(connection, "delete from glpi_logs where itemtype = 'User' and items_id = ?", [id])
      },
      async removeEmail(id: number, email: string): Promise<void> {
        await run(connection, 'delete from glpi_useremails where users_id = ? and email = ?', [id, email])
        await addLine(id, 'deletePart', { part: 'UserEmail', old: email })
      },
      async removeMembership(id: number, entity: number): Promise<void> {
        await run(connection, 'delete from glpi_profiles_users where users_id = ? and entities_id = ?', [
          id,
          entity,
        ])
        await addLine(id, 'deletePart', { part: 'Profile', old: 'Self-Service' })
      },
      /** As the predecessor's form does: its own row and no history. */
      async setRio(id: number, rio: string): Promise<void> {
        const { affectedRows } = await run(
          connection,
          'update glpi_plugin_callmanager_users set rio_number = ?, date_mod = ? where users_id = ?',
          [rio, date, id],
        )
        if (affectedRows > 0) return
        await run(
          connection,
          'insert into glpi_plugin_callmanager_users (users_id, rio_number, date_creation, date_mod) values (?, ?, ?, ?)',
          [id, rio, date, date],
        )
      },
      /** Somebody else's history: a ticket that was changed so many times. */
      async changeTicket(times: number): Promise<void> {
        const lines = Array.from({ length: times }, () => `('Ticket', 1, 0, '${date}')`)
        await run(
          connection,
          `insert into glpi_logs (itemtype, items_id, linked_action, date_mod) values ${lines.join(', ')}`,
        )
      },
    }
  }

  return {
    request,
    /** Any statement of an import or a script, with what it answers. */
    query: (sql: string, values: Value[] = []) => run(connection, sql, values),
    async rows(sql: string, values: Value[] = []): Promise<RowDataPacket[]> {
      const [rows] = await connection.query<RowDataPacket[]>(sql, values)
      return rows
    },
    close: () => connection.end(),
  }
}

async function run(connection: Connection, sql: string, values: Value[] = []): Promise<ResultSetHeader> {
  const [answer] = await connection.query<ResultSetHeader>(sql, values)
  return answer
}
