import { sql } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { IdentifyingColumns } from '../domain/user-identifiers.ts'
import { batch } from '../storage/coalesce.ts'
import { holdsAny, logOverlap } from '../storage/dialect.ts'
import type { Storage } from '../storage/storage.ts'
import { type Position, selectPosition } from './position.ts'
import { selectIdentifying } from './refresh.ts'

/** A user whose row has changed since the index's position, with what they may be found by now. */
export interface PendingRow extends IdentifyingColumns {
  id: number
  entities_id: number
}

type Column = RioStorageMethod | 'numbers'

interface Question {
  characters: string
  rows: PendingRow[]
}

/** More candidates than this are no help to anybody. */
const MAX_ROWS = 5000
/** Of a number its end, which every spelling shares. */
const END_OF_NUMBER = 6

/**
 * Who among the users that wait to be followed may have a key. While the index is far behind (an import of a hundred
 * thousand), their rows are read instead, from the index's position on, which takes tenths of a second. Look-ups that arrive
 * meanwhile share the next reading, so that a process makes one at a time.
 */
export function createPending(storage: Storage) {
  const ask = (column: Column) =>
    batch<Question>(async (questions) => {
      const position = await selectPosition(storage.db, storage.engine).executeTakeFirstOrThrow()
      const texts = [...new Set(questions.map(({ characters }) => characters))]
      const rows = await selectPending(storage, position, column, texts)
      for (const question of questions) question.rows = rows
    })
  const askers = {
    custom_table: ask('custom_table'),
    name: ask('name'),
    registration_number: ask('registration_number'),
    numbers: ask('numbers'),
  } as const satisfies Record<Column, unknown>

  async function candidates(column: Column, characters: string): Promise<PendingRow[]> {
    // A key of other characters alone (漢字) cannot be told apart roughly.
    if (characters === '') return []
    const question: Question = { characters, rows: [] }
    await askers[column](question)
    return question.rows
  }

  return {
    /** Those who may have this RIO key, and others. */
    byRio: (method: RioStorageMethod, key: string) => candidates(method, tellingPart(key)),
    /** The same for a phone's or an extension's key. */
    byNumber: (key: string) => candidates('numbers', key.replace(/[^0-9]/g, '').slice(-END_OF_NUMBER)),
  }
}

/** The longest part of a RIO that hosts store as it is typed, without what is not a letter or digit. */
function tellingPart(key: string): string {
  const parts = key.split(/[<>&]/).map((part) => part.replace(/[^0-9a-z]/g, ''))
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest))
}

async function selectPending(
  { db, engine }: Storage,
  position: Position,
  column: Column,
  texts: string[],
): Promise<PendingRow[]> {
  const inColumn = (name: string) => holdsAny(engine, name, texts)
  const inUser =
    column === 'numbers'
      ? sql<boolean>`(${sql.join(['user.phone', 'user.phone2', 'user.mobile'].map(inColumn), sql` or `)})`
      : inColumn(column === 'custom_table' ? 'rio.rio_number' : `user.${column}`)
  const users = selectIdentifying(db).where(inUser).limit(sql.lit(MAX_ROWS))
  if (column === 'custom_table') {
    return users.where('rio.date_mod', '>=', position.rios_date).execute()
  }
  const changed = await users.where('user.date_mod', '>=', position.users_date).execute()
  const logged = await users
    .where('user.id', 'in', ({ selectFrom }) =>
      selectFrom('glpi_logs')
        .select('items_id')
        .where('itemtype', '=', 'User')
        .where('glpi_logs.id', '>', position.logs_id - logOverlap[engine]),
    )
    .execute()
  return [...new Map([...changed, ...logged].map((row) => [row.id, row])).values()]
}
