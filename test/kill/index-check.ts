import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { DEFAULT_SETTINGS } from '../../contract/settings.ts'
import {
  type IdentifyingColumns,
  KEYS_VERSION,
  keysOf,
  type NamingColumns,
} from '../../server/domain/user-identifiers.ts'
import { reading } from './checks.ts'
import { lookupUrl, OVERLOADED } from './load.ts'
import type { Filling } from './store.ts'

/** A rebuild that was killed is taken up again by the next start, which waits for nobody. */
const CAUGHT_UP_MS = 10_000

/** After a look-up, the index agrees with the users' rows; where a rebuild goes on, once that is done. */
export async function expectIndexInStep(
  path: string,
  address: string,
  { writer, people }: Filling,
  when: string,
): Promise<void> {
  const deadline = performance.now() + CAUGHT_UP_MS
  for (;;) {
    const answer = await fetch(lookupUrl(address, people[0]?.rio ?? ''), {
      headers: { 'session-token': writer.token },
    })
    if (answer.status !== OVERLOADED) expect(answer.status, when).toBe(200)
    if (answer.ok && reading(path, isCurrent)) break
    expect(
      performance.now(),
      `${when}: the index is still behind ${JSON.stringify(reading(path, state))}`,
    ).toBeLessThan(deadline)
    await sleep(20)
  }
  expect(reading(path, differences), when).toEqual({ missing: [], wrong: [] })
}

/** Resolves once a rebuild has begun. */
export async function rebuildBegun(path: string): Promise<void> {
  while (reading(path, state)?.version !== KEYS_VERSION) await sleep(1)
}

function state(db: DatabaseSync) {
  return db
    .prepare('select *, (select max(id) from glpi_logs) as newest from glpi_plugin_callmanager_index')
    .get()
}

/** The index is whole and has followed every change. */
function isCurrent(db: DatabaseSync): boolean {
  const now = state(db)
  return now?.version === KEYS_VERSION && now.rebuild_after === null && now.logs_id === now.newest
}

/** The index rows that are missing or wrong, found by computing every user's from scratch. */
function differences(db: DatabaseSync): { missing: string[]; wrong: string[] } {
  const users = db
    .prepare(
      `select user.id, name, registration_number, phone, phone2, mobile, realname, firstname,
              rio_number as custom_table,
              (select json_group_array(email) from glpi_useremails where users_id = user.id) as emails
       from glpi_users user left join glpi_plugin_callmanager_users on users_id = user.id`,
    )
    .all() as unknown as (IdentifyingColumns & NamingColumns & { id: number; emails: string })[]
  const right = new Set(
    users.flatMap((user) =>
      keysOf(user, JSON.parse(user.emails), DEFAULT_SETTINGS.default_country).map(
        ({ kind, source, key }) => `${user.id} ${kind} ${source} ${key}`,
      ),
    ),
  )
  const rows = db
    .prepare('select users_id, kind, source, identifier_key as key from glpi_plugin_callmanager_identifiers')
    .all()
  const indexed = new Set(rows.map(({ users_id: id, kind, source, key }) => `${id} ${kind} ${source} ${key}`))
  return { missing: [...right.difference(indexed)], wrong: [...indexed.difference(right)] }
}
