import { sql } from 'kysely'
import { DEFAULT_PAGE, type Page, type PageQuery } from '../../contract/paging.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import type { SharedRio } from '../../contract/shared-rios.ts'
import { decodeCursor, encodeCursor, refuseCursor } from '../domain/cursor.ts'
import { rioKey } from '../domain/rio.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import type { Follow } from '../identifiers/follow.ts'
import { readSummaries } from '../identifiers/user-summaries.ts'
import type { Storage } from '../storage/storage.ts'
import { walk } from '../storage/walk.ts'

/** People of one RIO that are looked at; who has more of them to mend sees the others once these have another. */
const MAX_FIRST = 20

/** Keys a step: they are counted along an index, which takes two milliseconds or three. */
const STEP = 2000

interface Key {
  key: string
}
interface HeldKey extends Key {
  people: number
}

/**
 * Lists the RIOs that several people have: the index is walked in its order, a few of its rows at a time and for a bounded
 * time, since nothing leads to those that are shared. Keys of other places are counted as held by nobody, so that a step
 * is as short where few people have a RIO.
 */
export function createSharedRios({ storage, follow }: { storage: Storage; follow: Follow }) {
  const selectHolders = storage.prepare((db, params: Key & { method: RioStorageMethod }) =>
    db
      .selectFrom('glpi_plugin_callmanager_identifiers')
      .select('users_id')
      .where('kind', '=', sql.lit('rio'))
      .where('identifier_key', '=', params.key)
      .where('source', '=', params.method)
      .orderBy('users_id')
      .limit(sql.lit(MAX_FIRST)),
  )

  async function readKeys(method: RioStorageMethod, after: Key | null, count: number): Promise<HeldKey[]> {
    return storage.db
      .selectFrom('glpi_plugin_callmanager_identifiers')
      .select('identifier_key as key')
      .select(({ fn, eb }) =>
        fn.count<number>(eb.case().when('source', '=', method).then(sql.lit(1)).end()).as('people'),
      )
      .where('kind', '=', sql.lit('rio'))
      .where('identifier_key', '>', after?.key ?? '')
      .groupBy('identifier_key')
      .orderBy('identifier_key')
      .limit(sql.lit(count))
      .execute()
  }

  /** A page of them with their first people, as far as the agent sees one. Rights are the caller's to check. */
  return async (agent: Agent, { limit = DEFAULT_PAGE, cursor }: PageQuery): Promise<Page<SharedRio>> => {
    const from = keyBehind(cursor)
    const { method, rules } = await follow()
    const page = await walk<Key, HeldKey>(
      {
        limit,
        step: STEP,
        read: (after, count) => readKeys(method, after, count),
        keep: (rows) => new Set(rows.filter(({ people }) => people > 1)),
      },
      from,
    )
    const holders = await Promise.all(page.rows.map(({ key }) => selectHolders({ key, method })))
    const ids = holders.flat().map((row) => row.users_id)
    const summaries = await readSummaries(storage, ids, {
      scope: agent.scope,
      method,
      decode: rules.decode,
    })
    // The living rows decide, not the index.
    const byKey = Map.groupBy(summaries, ({ rio }) => rioKey(rio))
    const items = page.rows.flatMap(({ key, people }) => {
      const first = byKey.get(key) ?? []
      return first[0] === undefined ? [] : [{ rio: first[0].rio, people, first }]
    })
    return { items, cursor: page.end === null ? null : encodeCursor([page.end.key]) }
  }
}

export type SharedRios = ReturnType<typeof createSharedRios>

function keyBehind(cursor: string | undefined): Key | null {
  const [key] = decodeCursor(cursor, 1) ?? [null]
  if (key === null || key === undefined) return null
  if (typeof key === 'string') return { key }
  refuseCursor('it was made for another list')
}
