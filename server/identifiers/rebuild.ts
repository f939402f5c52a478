import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import { KEYS_VERSION } from '../domain/user-identifiers.ts'
import type { Engine, Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { isFollowed, lockPosition, placeNow, selectPosition } from './position.ts'
import { type IndexDependencies, readKeyRules, refreshUsers } from './refresh.ts'

/**
 * Chunks are sized to take about this long. A transaction holds up SQLite's other writes; on MariaDB it holds up only who
 * has something to follow meanwhile, and each costs several journeys and a flush of the disk.
 */
const CHUNK_MS = { sqlite: 8, mysql: 60 } as const satisfies Record<Engine, number>
/** As long as nobody relies on the index yet, since it has never been whole. */
const FIRST_CHUNK_MS = { sqlite: 8, mysql: 300 } as const satisfies Record<Engine, number>
/** Between chunks the writers of look-ups' journal rows get their turn. */
const MAX_PAUSE_MS = 8
const MAX_CHUNK = 2000

export interface RebuildProgress {
  /** Users compared so far, of about `total`. */
  done: number
  total: number
  /** Index rows that were missing or wrong. */
  corrected: number
}

/** Asks for a rebuild: from now on changes are followed, and every user's keys are compared with the rows once. */
export async function startRebuild(storage: Storage): Promise<void> {
  await storage.write('full', (tx) => startRebuildIn(tx, storage.engine))
}

/** The same in a transaction that changes what keys are made by. */
export async function startRebuildIn(tx: Kysely<Tables>, engine: Engine): Promise<void> {
  await lockPosition(tx)
  const now = await selectPosition(tx, engine).executeTakeFirstOrThrow()
  await tx
    .updateTable('glpi_plugin_callmanager_index')
    // An index that has been followed goes on from where it is, or what changed since the last look-up would be missed
    // until the rebuild comes to it; one by other rules begins at now.
    .set(
      isFollowed(now)
        ? { rebuild_after: 0 }
        : {
            version: KEYS_VERSION,
            rebuild_after: 0,
            rebuilt_at: 0,
            ...placeNow(now),
            logs_count: 0,
          },
    )
    .where('id', '=', 1)
    .execute()
}

/**
 * Carries a rebuild on from where it stands, to its end: user by user in order of id, in short transactions, each of which
 * keeps its place, so that a killed rebuild goes on where it was. Look-ups go on meanwhile. `mayGoOn` is asked before each
 * chunk.
 */
export async function continueRebuild(
  dependencies: IndexDependencies,
  onProgress: (progress: RebuildProgress) => void,
  mayGoOn: () => Promise<boolean> = async () => true,
): Promise<void> {
  const { storage } = dependencies
  const progress: RebuildProgress = { ...(await countUsers(storage)), corrected: 0 }
  let size = 100
  while (await mayGoOn()) {
    const rules = await readKeyRules(dependencies)
    let started = 0
    const chunk = await storage.write('normal', async (tx) => {
      // Followers may be refreshing users of this very chunk.
      await lockPosition(tx)
      // Waiting for them says nothing of how many users a chunk may have.
      started = performance.now()
      const state = await tx
        .selectFrom('glpi_plugin_callmanager_index')
        .select(['rebuild_after', 'rebuilt_at'])
        .where('id', '=', 1)
        .executeTakeFirstOrThrow()
      const after = state.rebuild_after
      if (after === null) return undefined
      const ids = await tx
        .selectFrom('glpi_users')
        .select('id')
        .where('id', '>', after)
        .orderBy('id')
        .limit(size)
        .execute()
      const last = ids.at(-1)?.id
      // Behind the last user there can only be rows of purged ones.
      const upTo = last ?? Number.MAX_SAFE_INTEGER
      const corrected = await refreshUsers(storage, tx, { after, upTo }, rules)
      await tx
        .updateTable('glpi_plugin_callmanager_index')
        .set(last === undefined ? { rebuild_after: null, rebuilt_at: Date.now() } : { rebuild_after: last })
        .where('id', '=', 1)
        .execute()
      const target = (state.rebuilt_at > 0 ? CHUNK_MS : FIRST_CHUNK_MS)[storage.engine]
      return { users: ids.length, corrected, target, finished: last === undefined }
    })
    if (chunk === undefined) return
    progress.done += chunk.users
    progress.corrected += chunk.corrected
    onProgress(progress)
    if (chunk.finished) return
    const took = performance.now() - started
    size = Math.max(1, Math.min(MAX_CHUNK, Math.round((size * chunk.target) / Math.max(took, 1))))
    await sleep(Math.min(took / 2, MAX_PAUSE_MS))
  }
}

/** How many users there are, and how many of them a rebuild under way has done. */
async function countUsers(storage: Storage): Promise<{ done: number; total: number }> {
  const { done, total } = await storage.db
    .selectFrom('glpi_plugin_callmanager_index as state')
    .select(({ selectFrom, ref }) => [
      selectFrom('glpi_users')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .as('total'),
      selectFrom('glpi_users')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('glpi_users.id', '<=', ref('state.rebuild_after'))
        .as('done'),
    ])
    .where('state.id', '=', 1)
    .executeTakeFirstOrThrow()
  return { done: done ?? 0, total: total ?? 0 }
}
