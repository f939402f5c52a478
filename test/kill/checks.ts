import { hash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { Acknowledged } from './reports.ts'

type Row = Record<string, string | number | null>

/** Reads a store beside its server, or after it: a reader leaves the write-ahead log as it was, for the next start to find. */
export function reading<Result>(path: string, read: (db: DatabaseSync) => Result): Result {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  try {
    return read(db)
  } finally {
    db.close()
  }
}

/** What SQLite finds wrong with the file; quick does not compare indexes with their tables. */
export function damage(db: DatabaseSync, thoroughly: boolean): unknown[] {
  const found = db.prepare(thoroughly ? 'pragma integrity_check' : 'pragma quick_check').all()
  return found.map((row) => Object.values(row)[0]).filter((line) => line !== 'ok')
}

/** The acknowledged writes that the database does not hold. */
export function lostWrites(db: DatabaseSync, acknowledged: readonly Acknowledged[]): Acknowledged[] {
  const user = db.prepare('select name, phone, registration_number, mobile from glpi_users where id = ?')
  const email = db.prepare('select email from glpi_useremails where users_id = ?')
  const ticket = db.prepare('select name from glpi_tickets where id = ?')
  const requester = db.prepare('select users_id from glpi_tickets_users where tickets_id = ? and type = 1')
  const followup = db.prepare('select items_id, content from glpi_itilfollowups where id = ?')
  const session = db.prepare('select users_id from glpi_plugin_callmanager_sessions where token_hash = ?')

  function isThere(write: Acknowledged): boolean {
    switch (write.kind) {
      case 'user': {
        const row = user.get(write.id)
        return (
          row?.name === write.login &&
          row.phone === write.phone &&
          row.registration_number === write.registrationNumber &&
          email.get(write.id) !== undefined
        )
      }
      // A later one of the same writer may stand in its place.
      case 'change':
        return Number(user.get(write.id)?.mobile) >= write.number
      case 'ticket':
        return (
          ticket.get(write.id)?.name === write.title &&
          requester.get(write.id)?.users_id === write.requesterId
        )
      case 'followup': {
        const row = followup.get(write.id)
        return row?.items_id === write.ticketId && row.content === write.content
      }
      case 'session':
        return session.get(hash('sha256', write.token)) !== undefined
    }
  }
  return acknowledged.filter((write) => !isThere(write))
}

/** Writes of which a part is there and a part is not. */
export function halfDoneWrites(db: DatabaseSync): Row[] {
  return db
    .prepare(
      `select 'ticket without requester' as problem, id from glpi_tickets
         where not exists (select 1 from glpi_tickets_users where tickets_id = glpi_tickets.id)
       union all select 'requester without ticket', tickets_id from glpi_tickets_users
         where not exists (select 1 from glpi_tickets where id = tickets_id)
       union all select 'ticket without history', id from glpi_tickets
         where not exists (select 1 from glpi_logs where itemtype = 'Ticket' and items_id = glpi_tickets.id)
       union all select 'followup without ticket', id from glpi_itilfollowups
         where not exists (select 1 from glpi_tickets where id = items_id)
       union all select 'user without membership', id from glpi_users
         where not exists (select 1 from glpi_profiles_users where users_id = glpi_users.id)
       union all select 'user without history', id from glpi_users
         where not exists (select 1 from glpi_logs where itemtype = 'User' and items_id = glpi_users.id)
       union all select 'new user without mail', id from glpi_users
         where name like 'kill-%' and not exists (select 1 from glpi_useremails where users_id = glpi_users.id)
       union all select 'change half done', id from glpi_users
         where name like 'target-%' and coalesce('N' || mobile, '') <> coalesce(registration_number, '')`,
    )
    .all() as Row[]
}

/** How many look-ups the journal holds of each agent. */
export function journalCounts(db: DatabaseSync): Map<number, number> {
  const rows = db
    .prepare('select users_id, count(*) as count from glpi_plugin_callmanager_lookups group by users_id')
    .all()
  return new Map(rows.map((row) => [Number(row.users_id), Number(row.count)]))
}
