import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, test } from 'vitest'
import { DEFAULT_SETTINGS } from '../../contract/settings.ts'
import { createHostTables } from '../../test/support/host-tables.ts'
import { killedAfter } from '../../test/support/killed-after.ts'
import { emptyTables, forEachEmbeddedEngine, onlyOn, tableNames } from '../../test/support/storages.ts'
import { selectPosition } from '../identifiers/position.ts'
import { isUniqueViolation } from './dialect.ts'
import { migrateHelpdeskTables, migrateOwnTables } from './migrate.ts'
import { createSettings, DEMO_ACCOUNTS, putSetting } from './settings.ts'
import type { Storage } from './storage.ts'

/** Everything a migration makes, as text: columns, keys and seeds. */
async function shapeOf(storage: Storage): Promise<string[]> {
  const shape =
    storage.engine === 'sqlite'
      ? sql<{
          line: string
        }>`select type || ' ' || name || ' ' || coalesce(sql, '') as line from sqlite_master`
      : sql<{ line: string }>`
          select concat(table_name, '.', column_name, ' ', column_type, ' ', is_nullable, ' ', coalesce(column_default, ''), ' ', coalesce(collation_name, '')) as line
          from information_schema.columns where table_schema = database()
          union all
          select concat(table_name, ' ', index_name, ' ', seq_in_index, ' ', column_name, ' ', non_unique)
          from information_schema.statistics where table_schema = database()`
  const { rows } = await shape.execute(storage.schema)
  const { rows: rights } =
    await sql`select profiles_id, name, rights from glpi_profilerights order by profiles_id, name`.execute(
      storage.schema,
    )
  return [...rows.map(({ line }) => line).sort(), JSON.stringify(rights)]
}

async function migrate(storage: Storage): Promise<void> {
  await migrateHelpdeskTables(storage)
  await migrateOwnTables(storage)
}

function addEmail(storage: Storage, email: string, usersId = 1): Promise<unknown> {
  return storage.write('normal', (tx) =>
    tx.insertInto('glpi_useremails').values({ users_id: usersId, email }).execute(),
  )
}

async function emails(storage: Storage): Promise<(string | null)[]> {
  const rows = await storage.db.selectFrom('glpi_useremails').select('email').orderBy('id').execute()
  return rows.map(({ email }) => email)
}

forEachEmbeddedEngine((engine) => {
  describe('migrating', () => {
    it('changes nothing the second time', async () => {
      const storage = await engine.migrated()
      await storage.write('full', (tx) =>
        tx.updateTable('glpi_profilerights').set({ rights: 31 }).where('id', '=', 1).execute(),
      )
      const before = await shapeOf(storage)
      await migrate(storage)
      expect(await shapeOf(storage)).toEqual(before)
    })

    it('comes to the same end after being killed at any place', async () => {
      const expected = await shapeOf(await engine.migrated())
      let killed = 0
      for (let statements = 3; ; statements += 13) {
        const storage = await engine.open(await engine.newDatabase())
        const dying = killedAfter(storage, statements)
        const outcome = await migrate(dying).then(
          () => 'finished',
          () => 'killed',
        )
        await migrate(storage)
        expect(await shapeOf(storage)).toEqual(expected)
        await storage.close()
        if (outcome === 'finished') break
        killed++
      }
      expect(killed).toBeGreaterThan(3)
    }, 60_000)

    it('comes to the same end with tables and indexes gone', async () => {
      const storage = await engine.migrated()
      const expected = await shapeOf(storage)
      const on = (table: string) => (engine.name === 'mysql' ? ` on ${table}` : '')
      for (const statement of [
        'drop table glpi_apiclients',
        'drop table glpi_plugin_callmanager_sessions',
        `drop index glpi_logs_item${on('glpi_logs')}`,
        `drop index glpi_plugin_callmanager_users_rio${on('glpi_plugin_callmanager_users')}`,
        'delete from glpi_profilerights where id > 20',
        'delete from glpi_plugin_callmanager_index',
        'delete from glpi_plugin_callmanager_migrations',
        'delete from glpi_plugin_callmanager_helpdesk_migrations',
      ]) {
        await sql.raw(statement).execute(storage.schema)
      }
      await migrate(storage)
      expect(await shapeOf(storage)).toEqual(expected)
      expect(await storage.db.selectFrom('glpi_plugin_callmanager_index').select('id').execute()).toEqual([
        { id: 1 },
      ])
      expect(await storage.db.selectFrom('glpi_apiclients').select('id').execute()).toEqual([{ id: 1 }])
    })

    test.each(['glpi_users', 'glpi_configs'])(
      'refuses a database with a foreign %s, and leaves it untouched',
      async (table) => {
        const storage = await engine.open(await engine.newDatabase())
        await sql
          .raw(`create table ${table} (id integer primary key, foreign_column integer)`)
          .execute(storage.schema)
        await sql.raw(`insert into ${table} values (2, 42)`).execute(storage.schema)
        await expect(migrateHelpdeskTables(storage)).rejects.toMatchObject({
          name: 'AppError',
          code: 'foreign-database',
          detail: expect.stringContaining(table),
        })
        expect(await tableNames(storage)).toEqual([table])
        const { rows } = await sql.raw(`select * from ${table}`).execute(storage.schema)
        expect(rows).toEqual([{ id: 2, foreign_column: 42 }])
      },
    )

    it('accepts its own database again, people and all', async () => {
      const url = await engine.newDatabase()
      const first = await engine.open(url)
      await migrate(first)
      await addEmail(first, 'alice@example.org')
      await first.close()
      const second = await engine.open(url)
      await migrate(second)
      expect(await emails(second)).toEqual(['alice@example.org'])
    })

    onlyOn(engine, 'sqlite', 'makes a file that only its owner can read, in whatever folder', async () => {
      const path = (await engine.newDatabase()).slice('file:'.length)
      await engine.open(`file:${path}`)
      for (const end of ['', '-wal', '-shm']) expect(statSync(`${path}${end}`).mode & 0o777).toBe(0o600)
    })

    onlyOn(engine, 'mysql', 'is done once when several processes start together', async () => {
      const url = await engine.newDatabase()
      const storages = await Promise.all([engine.open(url), engine.open(url), engine.open(url)])
      await Promise.all(storages.map(migrateOwnTables))
      expect(await tableNames(storages[0] as Storage)).toContain('glpi_plugin_callmanager_index')
    })

    onlyOn(
      engine,
      'mysql',
      'is asked in one manner, whatever the server’s own: nothing is cut, zero dates are read',
      async () => {
        const storage = await engine.migrated()
        const { rows } = await sql<{ mode: string }>`select @@session.sql_mode as mode`.execute(storage.db)
        expect(rows[0]?.mode.split(',').sort()).toEqual(['NO_ENGINE_SUBSTITUTION', 'STRICT_ALL_TABLES'])
        const row = { users_id: 1, email: 'x'.repeat(256) }
        await expect(
          storage.write('full', (tx) => tx.insertInto('glpi_useremails').values(row).execute()),
        ).rejects.toThrow(/too long/)
        await storage.write('full', (tx) =>
          tx.insertInto('glpi_users').values({ name: 'old', date_mod: '0000-00-00 00:00:00' }).execute(),
        )
        const user = await storage.db.selectFrom('glpi_users').select('date_mod').executeTakeFirstOrThrow()
        expect(user.date_mod).toBe('0000-00-00 00:00:00')
        const now = await selectPosition(storage.db, 'mysql').executeTakeFirstOrThrow()
        expect(now.now_users_date).toBe('0000-00-00 00:00:00')
      },
    )

    onlyOn(engine, 'mysql', 'adopts the predecessor’s tables with their rows', async () => {
      const storage = await engine.open(await engine.newDatabase())
      await createHostTables(storage, 'glpi_plugin_callmanager_users', 'glpi_plugin_callmanager_configs')
      const users = [
        {
          id: 1,
          users_id: 7,
          rio_number: '0123456',
          date_creation: '2024-01-01 10:00:00',
          date_mod: '2024-01-01 10:00:00',
        },
        { id: 2, users_id: 8, rio_number: '', date_creation: null, date_mod: null },
        { id: 5, users_id: 9, rio_number: 'Éloïse', date_creation: null, date_mod: '2024-01-02 10:00:00' },
        { id: 6, users_id: 10, rio_number: '0123456', date_creation: null, date_mod: null },
      ]
      const configs = [
        { id: 1, name: 'rio_storage_method', value: 'name' },
        { id: 2, name: 'formcreator_form_id', value: '' },
      ]
      await storage.write('full', async (tx) => {
        await tx.insertInto('glpi_plugin_callmanager_users').values(users).execute()
        await tx.insertInto('glpi_plugin_callmanager_configs').values(configs).execute()
      })
      await migrateOwnTables(storage)
      await migrateOwnTables(storage)
      expect(await storage.db.selectFrom('glpi_plugin_callmanager_users').selectAll().execute()).toEqual(
        users,
      )
      expect(await storage.db.selectFrom('glpi_plugin_callmanager_configs').selectAll().execute()).toEqual(
        configs,
      )
      const { rio_storage_method: method } = await createSettings(storage).read()
      expect(method).toBe('name')
      const { rows } = await sql<{
        name: string
      }>`select distinct index_name as name from information_schema.statistics
        where table_schema = database() and table_name = 'glpi_plugin_callmanager_users'`.execute(storage.db)
      expect(rows.map(({ name }) => name)).toEqual(
        expect.arrayContaining([
          'glpi_plugin_callmanager_users_rio',
          'glpi_plugin_callmanager_users_date_mod',
        ]),
      )
    })

    onlyOn(engine, 'mysql', 'adds its own tables beside a real host’s', async () => {
      const storage = await engine.open(await engine.newDatabase())
      await createHostTables(storage)
      await expect(migrateHelpdeskTables(storage)).rejects.toMatchObject({ code: 'foreign-database' })
      await migrateOwnTables(storage)
      expect(await storage.db.selectFrom('glpi_plugin_callmanager_index').select('id').execute()).toEqual([
        { id: 1 },
      ])
    })
  })

  describe('reading and writing', () => {
    let storage: Storage
    let url: string

    beforeAll(async () => {
      url = await engine.newDatabase()
      storage = await engine.open(url)
      await migrate(storage)
    })
    beforeEach(() => emptyTables(storage))

    test.each([
      ['quotes', `o'brien "the" \`third\``],
      ['a backslash', 'C:\\new\\table'],
      ['what LIKE knows', '100%_'],
      ['a comment and a semicolon', "'; -- drop table glpi_users /* #"],
      ['control characters', '\u0001\b\t\n\r\u001a\u001b\u007f'],
      ['4-byte characters', '📞 Éloïse 𝒳'],
      ['empty text', ''],
      ['a question mark', 'who? :name $1'],
      ['a lot', 'x'.repeat(255)],
    ])('a prepared read binds %s', async (_what, text) => {
      await addEmail(storage, text)
      await addEmail(storage, 'another')
      const select = storage.prepare((db, params: { email: string }) =>
        db.selectFrom('glpi_useremails').select('email').where('email', '=', params.email),
      )
      expect(await select({ email: text })).toEqual([{ email: text }])
      expect(await select({ email: `${text}x` })).toEqual([])
    })

    test.each<[string, number, number]>([
      ['zero', 0, 0],
      ['a negative number', -1, -1],
      ['a large number', 2_147_483_647, 2_147_483_647],
    ])('a prepared read binds %s', async (_what, stored, asked) => {
      await addEmail(storage, 'alice@example.org', stored)
      const select = storage.prepare((db, params: { id: number }) =>
        db
          .selectFrom('glpi_useremails')
          .select(['users_id', 'email'])
          .where('users_id', '=', params.id)
          .limit(5),
      )
      expect(await select({ id: asked })).toEqual([{ users_id: stored, email: 'alice@example.org' }])
      expect(await select({ id: 77 })).toEqual([])
    })

    it('binds milliseconds, null, and one parameter in several places', async () => {
      const at = 1_790_000_000_123
      await createSettings(storage).set('default_country', 'BE')
      await storage.write('normal', (tx) =>
        tx
          .insertInto('glpi_plugin_callmanager_lookups')
          .values({
            looked_up_at: at,
            users_id: 1,
            impersonator_id: 0,
            entities_id: 0,
            address: '',
            kind: 'rio',
            identifier_masked: '',
            hits: 0,
          })
          .execute(),
      )
      const select = storage.prepare((db, params: { at: number }) =>
        db
          .selectFrom('glpi_plugin_callmanager_lookups')
          .select('looked_up_at')
          .where('looked_up_at', '>=', params.at)
          .where('looked_up_at', '<=', params.at),
      )
      expect(await select({ at })).toEqual([{ looked_up_at: at }])
      const byEmail = storage.prepare((db, params: { email: string | null }) =>
        db.selectFrom('glpi_useremails').select('id').where('email', '=', params.email),
      )
      expect(await byEmail({ email: null })).toEqual([])
    })

    it('keeps the host’s timestamps as they are written', async () => {
      const at = '2026-03-29 02:30:00'
      await storage.write('normal', (tx) =>
        tx
          .insertInto('glpi_users')
          .values({ name: 'alice', date_mod: at } as never)
          .execute(),
      )
      expect(await storage.db.selectFrom('glpi_users').select('date_mod').execute()).toEqual([
        { date_mod: at },
      ])
    })

    it('answers what the work answers, once it is committed', async () => {
      const other = await engine.open(url)
      for (const durability of ['full', 'normal'] as const) {
        const answer = await storage.write(durability, async (tx) => {
          await tx.insertInto('glpi_useremails').values({ users_id: 1, email: durability }).execute()
          return { durability }
        })
        expect(answer).toEqual({ durability })
        expect(await emails(other)).toContain(durability)
      }
      await other.close()
    })

    it('shows nobody what is not yet committed', async () => {
      const other = await engine.open(url)
      let seenMeanwhile: unknown
      await storage.write('full', async (tx) => {
        await tx.insertInto('glpi_useremails').values({ users_id: 1, email: 'alice@example.org' }).execute()
        seenMeanwhile = [await emails(other), await emails(storage)]
      })
      expect(seenMeanwhile).toEqual([[], []])
      expect(await emails(storage)).toEqual(['alice@example.org'])
      await other.close()
    })

    it('rolls a failing work back, and leaves those that arrived with it alone', async () => {
      const outcomes = await Promise.allSettled([
        addEmail(storage, 'alice@example.org'),
        storage.write('full', async (tx) => {
          await tx.insertInto('glpi_useremails').values({ users_id: 1, email: 'bob@example.org' }).execute()
          throw new Error('Bob changed his mind')
        }),
        addEmail(storage, 'charlie@example.org'),
      ])
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
      expect(outcomes[1]).toMatchObject({ reason: { message: 'Bob changed his mind' } })
      expect((await emails(storage)).sort()).toEqual(['alice@example.org', 'charlie@example.org'])
    })

    it('rolls a failing work back that is alone, and goes on with the next', async () => {
      const failing = storage.write('full', async (tx) => {
        await tx.insertInto('glpi_useremails').values({ users_id: 1, email: 'bob@example.org' }).execute()
        throw new Error('Bob changed his mind')
      })
      await expect(failing).rejects.toThrow('Bob changed his mind')
      await addEmail(storage, 'alice@example.org')
      expect(await emails(storage)).toEqual(['alice@example.org'])
    })

    it('knows a unique violation from other errors', async () => {
      await addEmail(storage, 'alice@example.org')
      const outcomes = await Promise.allSettled([
        addEmail(storage, 'alice@example.org'),
        storage.write('normal', (tx) =>
          tx
            .insertInto('glpi_entities')
            .values({ id: 0, name: 'again', entities_id: -1, completename: null, date_mod: null })
            .execute(),
        ),
        storage.write('normal', (tx) => sql`select * from no_such_table`.execute(tx)),
        storage.write('normal', (tx) => sql`insert into glpi_logs (itemtype) values (null)`.execute(tx)),
      ])
      const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined))
      expect(reasons.map(isUniqueViolation)).toEqual([true, true, false, false])
      expect(await emails(storage)).toEqual(['alice@example.org'])
    })

    test.each([0, 1, 2000])('inserts %i rows at once', async (count) => {
      const rows = Array.from({ length: count }, (_, number) => ({
        users_id: number,
        email: `user${number}@example.org`,
      }))
      await storage.write('normal', (tx) => storage.insertMany(tx, 'glpi_useremails', rows))
      const stored = await storage.db
        .selectFrom('glpi_useremails')
        .select(['users_id', 'email'])
        .orderBy('id')
        .execute()
      expect(stored).toEqual(rows)
    })

    it('inserts rows by the names of their columns, in whatever order they are given', async () => {
      const rows = [
        { users_id: 1, email: 'alice@example.org' },
        { email: 'bob@example.org', users_id: 2 },
      ]
      await storage.write('normal', (tx) => storage.insertMany(tx, 'glpi_useremails', rows))
      const stored = await storage.db
        .selectFrom('glpi_useremails')
        .select(['users_id', 'email'])
        .orderBy('id')
        .execute()
      expect(stored).toEqual(rows)
    })

    it('appends rows as they are, whatever stands in them', async () => {
      const texts = [`o'brien\\'; drop table x; --`, '"?" :name $x %', '📞 007', 'line\nbreak\\', '', null]
      const rows = texts.map((rio_number, index) => ({ rio_number, users_id: index + 1 }))
      await storage.append('glpi_plugin_callmanager_users', rows)
      await storage.append('glpi_plugin_callmanager_users', [])
      const stored = await storage.db
        .selectFrom('glpi_plugin_callmanager_users')
        .select(['rio_number', 'users_id'])
        .orderBy('users_id')
        .execute()
      expect(stored).toEqual(rows)
    })

    it('appends all rows or none', async () => {
      const rows = [1, 2, 1].map((id) => ({ users_id: id, rio_number: `${id}` }))
      await expect(storage.append('glpi_plugin_callmanager_users', rows)).rejects.toSatisfy(isUniqueViolation)
      const stored = await storage.db.selectFrom('glpi_plugin_callmanager_users').selectAll().execute()
      expect(stored).toEqual([])
    })

    it('lands each of 200 writes that arrive at once', async () => {
      const ids = await Promise.all(
        Array.from({ length: 200 }, (_, number) =>
          storage.write(number % 2 === 0 ? 'full' : 'normal', async (tx) => {
            const { insertId } = await tx
              .insertInto('glpi_useremails')
              .values({ users_id: number, email: `${number}` })
              .executeTakeFirstOrThrow()
            return Number(insertId)
          }),
        ),
      )
      expect(new Set(ids).size).toBe(200)
      const stored = await storage.db.selectFrom('glpi_useremails').select(['id', 'users_id']).execute()
      expect(new Map(stored.map((row) => [row.users_id, row.id]))).toEqual(
        new Map(ids.map((id, number) => [number, id])),
      )
    })

    it('lands every step of a counter that many raise at once', async () => {
      await addEmail(storage, 'counter', 0)
      await Promise.all(
        Array.from({ length: 50 }, () =>
          storage.write('normal', (tx) =>
            tx
              .updateTable('glpi_useremails')
              .set(({ eb }) => ({ users_id: eb('users_id', '+', 1) }))
              .execute(),
          ),
        ),
      )
      expect(await storage.db.selectFrom('glpi_useremails').select('users_id').execute()).toEqual([
        { users_id: 50 },
      ])
    })

    onlyOn(engine, 'mysql', 'runs a work again after a deadlock', async () => {
      await addEmail(storage, 'alice@example.org')
      await addEmail(storage, 'bob@example.org')
      const attempts = [0, 0]
      const bothHoldOne = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const cross = (me: 0 | 1, order: [string, string]) =>
        storage.write('normal', async (tx) => {
          attempts[me] = (attempts[me] ?? 0) + 1
          const lock = (email: string) =>
            tx
              .updateTable('glpi_useremails')
              .set(({ eb }) => ({ is_default: eb('is_default', '+', 1) }))
              .where('users_id', '=', 1)
              .where('email', '=', email)
              .execute()
          await lock(order[0])
          bothHoldOne[me]?.resolve()
          await bothHoldOne[1 - me]?.promise
          await lock(order[1])
        })
      await Promise.all([
        cross(0, ['alice@example.org', 'bob@example.org']),
        cross(1, ['bob@example.org', 'alice@example.org']),
      ])
      expect((attempts[0] ?? 0) + (attempts[1] ?? 0)).toBeGreaterThan(2)
      const counts = await storage.db.selectFrom('glpi_useremails').select('is_default').execute()
      expect(counts).toEqual([{ is_default: 2 }, { is_default: 2 }])
    })

    onlyOn(engine, 'mysql', 'runs a work again when MariaDB finds its snapshot outdated', async () => {
      await sql`set global innodb_snapshot_isolation = on`.execute(storage.db)
      const strict = await engine.open(url)
      try {
        await addEmail(strict, 'alice@example.org')
        let attempts = 0
        await strict.write('normal', async (tx) => {
          const before = await tx.selectFrom('glpi_useremails').select('users_id').executeTakeFirstOrThrow()
          if (++attempts === 1)
            await storage.write('normal', (other) =>
              other.updateTable('glpi_useremails').set({ users_id: 10 }).execute(),
            )
          await tx
            .updateTable('glpi_useremails')
            .set({ users_id: before.users_id + 1 })
            .execute()
        })
        expect(attempts).toBe(2)
        expect(await storage.db.selectFrom('glpi_useremails').select('users_id').execute()).toEqual([
          { users_id: 11 },
        ])
      } finally {
        await sql`set global innodb_snapshot_isolation = off`.execute(storage.db)
        await strict.close()
      }
    })

    onlyOn(engine, 'mysql', 'tells a database that is away from a defect', async () => {
      const away = await engine.open('mysql://root@localhost/nothing?socketPath=/nonexistent/socket')
      const select = away.prepare((db) => db.selectFrom('glpi_entities').select('id'))
      await expect(select({})).rejects.toMatchObject({ code: 'storage-unavailable' })
      await expect(addEmail(away, 'alice')).rejects.toMatchObject({ code: 'storage-unavailable' })
    })

    onlyOn(engine, 'mysql', 'goes on after the server has closed its connections', async () => {
      const { rows } = await sql<{ id: number }>`select id from information_schema.processlist
        where db = database() and id <> connection_id()`.execute(storage.db)
      for (const { id } of rows)
        await sql
          .raw(`kill ${id}`)
          .execute(storage.db)
          .catch(() => undefined)
      await sleep(50)
      await Promise.all(Array.from({ length: 10 }, (_, number) => addEmail(storage, `${number}`)))
      expect(await emails(storage)).toHaveLength(10)
    })

    function withOneWriter(): void {
      /** Another process's connection, in the middle of a write. */
      function lockedByAnother(): DatabaseSync {
        const other = new DatabaseSync(url.slice('file:'.length))
        onTestFinished(() => {
          if (other.isOpen) other.close()
        })
        other.exec('BEGIN IMMEDIATE')
        return other
      }

      it('syncs to disk for people’s writes, and for what shares their commit', async () => {
        const level = (durability: 'full' | 'normal') =>
          storage.write(durability, async (tx) => (await sql`pragma synchronous`.execute(tx)).rows)
        expect(await level('normal')).toEqual([{ synchronous: 1 }])
        expect(await level('full')).toEqual([{ synchronous: 2 }])
        expect(await Promise.all([level('normal'), level('full')])).toEqual([
          [{ synchronous: 2 }],
          [{ synchronous: 2 }],
        ])
        expect(await level('normal')).toEqual([{ synchronous: 1 }])
      })

      it('acknowledges nothing of a group whose commit fails, and goes on with the next', async () => {
        await sql`create table if not exists child (parent integer references glpi_entities (id) deferrable initially deferred)`.execute(
          storage.schema,
        )
        const outcomes = await Promise.allSettled([
          addEmail(storage, 'alice@example.org'),
          storage.write('full', (tx) => sql`insert into child values (404)`.execute(tx)),
        ])
        expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
        expect(await emails(storage)).toEqual([])
        await addEmail(storage, 'bob@example.org')
        expect(await emails(storage)).toEqual(['bob@example.org'])
      })

      it('waits for another process’s write, without stopping the event loop', async () => {
        const other = lockedByAnother()
        const began = performance.now()
        let turns = 0
        const ticking = setInterval(() => turns++, 5)
        const write = addEmail(storage, 'alice@example.org')
        await sleep(200)
        expect(await emails(storage)).toEqual([])
        other.exec('COMMIT')
        other.close()
        await write
        clearInterval(ticking)
        expect(performance.now() - began).toBeLessThan(2000)
        expect(turns).toBeGreaterThan(15)
        expect(await emails(storage)).toEqual(['alice@example.org'])
      })

      it('gives up after five seconds, reads on meanwhile, and writes again afterwards', async () => {
        const other = lockedByAnother()
        const began = performance.now()
        let longestTurn = 0
        let last = began
        const ticking = setInterval(() => {
          const now = performance.now()
          longestTurn = Math.max(longestTurn, now - last)
          last = now
        }, 5)
        const refused = expect(addEmail(storage, 'alice@example.org')).rejects.toMatchObject({
          code: 'storage-unavailable',
        })
        expect(await emails(storage)).toEqual([])
        await refused
        clearInterval(ticking)
        const took = performance.now() - began
        expect(took).toBeGreaterThan(4900)
        expect(took).toBeLessThan(7000)
        expect(longestTurn).toBeLessThan(1000)
        other.close()
        await addEmail(storage, 'bob@example.org')
        expect(await emails(storage)).toEqual(['bob@example.org'])
      })

      it('closes although another process holds the lock', async () => {
        const closing = await engine.open(url)
        await addEmail(closing, 'alice@example.org')
        const other = lockedByAnother()
        await expect(closing.close()).resolves.toBeUndefined()
        other.close()
      })

      it('refuses a write after it was closed, rather than keep it waiting', async () => {
        const closed = await engine.open(url)
        await closed.close()
        const outcome = await Promise.race([
          addEmail(closed, 'alice').catch(() => 'refused'),
          sleep(1000).then(() => 'waiting'),
        ])
        expect(outcome).toBe('refused')
        expect(
          await Promise.race([
            addEmail(closed, 'bob').catch(() => 'refused'),
            sleep(1000).then(() => 'waiting'),
          ]),
        ).toBe('refused')
      })
    }
    if (engine.name === 'sqlite') describe('with one writer', withOneWriter)

    describe('settings', () => {
      it('are the defaults where nothing is stored', async () => {
        expect(await createSettings(storage).read()).toEqual({
          ...DEFAULT_SETTINGS,
          entityCountries: new Map(),
          demoAccounts: new Set(),
        })
      })

      it('are kept, and seen at once by the one who set them and within a second by another', async () => {
        const [mine, theirs] = [createSettings(storage), createSettings(await engine.open(url))]
        await theirs.read()
        await mine.read()
        const began = performance.now()
        await mine.set('rio_storage_method', 'name')
        await mine.set('journal_retention_days', '30')
        await mine.set('default_country', 'BE')
        await mine.set('default_country.12', 'LU')
        await storage.write('full', (tx) => putSetting(tx, DEMO_ACCOUNTS, '3,4'))
        mine.forget()
        const expected = {
          ...DEFAULT_SETTINGS,
          rio_storage_method: 'name',
          journal_retention_days: 30,
          default_country: 'BE',
          entityCountries: new Map([[12, 'LU']]),
          demoAccounts: new Set([3, 4]),
        }
        expect(await mine.read()).toEqual(expected)
        await expect.poll(() => theirs.read(), { timeout: 1500, interval: 50 }).toEqual(expected)
        expect(performance.now() - began).toBeLessThan(1500)
      })

      test.each([
        ['rio_storage_method', 'column'],
        ['rio_storage_method', ''],
        ['rio_storage_method', 'NAME'],
        ['default_country', 'fr'],
        ['default_country', 'FRA'],
        ['default_country', ''],
        ['default_country.3', 'France'],
        ['default_country.x', 'FR'],
        ['journal_retention_days', '0'],
        ['journal_retention_days', '4000'],
        ['journal_retention_days', 'many'],
        ['journal_retention_days', '1.5'],
        ['journal_retention_days', ''],
        ['setup_code', 'x'],
        ['demo_accounts', '1'],
        ['__proto__', 'x'],
        ['no_such_setting', '1'],
      ])('refuse %s = %j, naming it, and keep what was', async (name, value) => {
        const settings = createSettings(storage)
        await expect(settings.set(name, value)).rejects.toMatchObject({ code: 'value-refused', field: name })
        expect(await storage.db.selectFrom('glpi_plugin_callmanager_configs').selectAll().execute()).toEqual(
          [],
        )
      })

      it('take the newest of doubled rows, and change them all', async () => {
        const rows = [
          { name: 'rio_storage_method', value: 'registration_number' },
          { name: 'rio_storage_method', value: 'name' },
        ]
        await storage.write('full', (tx) => storage.insertMany(tx, 'glpi_plugin_callmanager_configs', rows))
        expect(await createSettings(storage).read()).toMatchObject({ rio_storage_method: 'name' })
        const settings = createSettings(storage)
        await settings.set('rio_storage_method', 'custom_table')
        expect(await settings.read()).toMatchObject({ rio_storage_method: 'custom_table' })
        expect(await createSettings(storage).read()).toMatchObject({ rio_storage_method: 'custom_table' })
      })

      it('fall back where a row was edited into nonsense', async () => {
        const rows = [
          { name: 'rio_storage_method', value: 'DROP TABLE' },
          { name: 'journal_retention_days', value: '-5' },
          { name: 'default_country', value: null },
          { name: 'default_country.7', value: 'nonsense' },
          { name: 'default_country.8', value: null },
          { name: 'default_country.9', value: 'BE' },
          { name: 'demo_accounts', value: 'x,,4' },
        ]
        await storage.write('full', (tx) => storage.insertMany(tx, 'glpi_plugin_callmanager_configs', rows))
        const read = await createSettings(storage).read()
        expect(read).toMatchObject(DEFAULT_SETTINGS)
        expect(read.entityCountries).toEqual(new Map([[9, 'BE']]))
        expect(read.demoAccounts).toEqual(new Set([4]))
      })
    })
  })
})
