import { type AliasableExpression, type Kysely, sql } from 'kysely'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { IdentifyingColumns } from '../domain/user-identifiers.ts'
import { batch } from '../storage/coalesce.ts'
import { holdsAny, logOverlap } from '../storage/dialect.ts'
import type { Engine, Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
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

/** So many who wait are read; those who come after them are found when the index has caught up with these. */
const MAX_WAITING = 200_000
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
  const among = (waiting: Waiting) =>
    selectIdentifying(db)
      .innerJoin(waiting.as('waiting'), 'waiting.users_id', 'user.id')
      .where(inUser)
      .limit(sql.lit(MAX_ROWS))
      .execute()
  const { rios, changed, logged } = waitingSince(db, engine, position)
  const rows =
    column === 'custom_table' ? await among(rios) : [...(await among(changed)), ...(await among(logged))]
  return [...new Map(rows.map((row) => [row.id, row])).values()]
}

type Waiting = AliasableExpression<{ users_id: number | null }>

/**
 * Who has changed since a position, each read off the end of an index, and joined to their rows only then: left to itself a
 * database may look at every user instead.
 */
function waitingSince(db: Kysely<Tables>, engine: Engine, position: Position) {
  return {
    rios: db
      .selectFrom('glpi_plugin_callmanager_users')
      .select('users_id')
      .where('date_mod', '>=', position.rios_date)
      .orderBy('date_mod')
      .limit(sql.lit(MAX_WAITING)),
    changed: db
      .selectFrom('glpi_users')
      .select('id as users_id')
      .where('date_mod', '>=', position.users_date)
      .orderBy('date_mod')
      .limit(sql.lit(MAX_WAITING)),
    logged: db
      .selectFrom('glpi_logs')
      // Not by a condition, for which the range of ids would be left aside.
      .select(({ eb }) =>
        eb.case().when('itemtype', '=', sql.lit('User')).then(eb.ref('items_id')).end().as('users_id'),
      )
      .where('id', '>', position.logs_id - logOverlap[engine])
      .orderBy('id')
      .limit(sql.lit(MAX_WAITING)),
  }
}
