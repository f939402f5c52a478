import { sql } from 'kysely'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ImportQuery } from '../../contract/imports.ts'
import { EMBEDDED } from '../../test/support/embedded.ts'
import { peopleIn } from '../../test/support/people.ts'
import { emptyTables, forEachEmbeddedEngine } from '../../test/support/storages.ts'
import { migrate, openHelpdesk } from '../helpdesk/open.ts'
import { isCurrent, selectPosition } from '../identifiers/position.ts'
import { continueRebuild, startRebuild } from '../identifiers/rebuild.ts'
import { foldedColumn } from '../storage/dialect.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createJobs, OPERATOR } from './jobs.ts'
import type { JobTools } from './kinds.ts'
import { takeJob } from './lease.ts'
import { operator } from './operator.ts'
import { receiveFile } from './receive.ts'
import { runJob } from './run.ts'
import { startImport } from './start-import.ts'

forEachEmbeddedEngine((engine) => {
  let storage: Storage
  let tools: JobTools
  let jobs: ReturnType<typeof createJobs>

  beforeAll(async () => {
    storage = await engine.open(await engine.newDatabase())
    await migrate(storage, EMBEDDED)
  })
  beforeEach(async () => {
    await emptyTables(storage)
    const settings = createSettings(storage)
    const helpdesk = await openHelpdesk(EMBEDDED, storage, settings)
    tools = { storage, settings, helpdesk, owner: 'one' }
    jobs = createJobs(storage, helpdesk.decodeText)
  })

  async function keep(file: string, query: ImportQuery = {}): Promise<number> {
    const agent = await operator(storage, await tools.helpdesk.entityTree())
    return startImport(
      storage,
      agent,
      query,
      (async function* () {
        yield Buffer.from(file)
      })(),
    )
  }

  async function imported(file: string, query: ImportQuery = {}) {
    const id = await keep(file, query)
    const job = await takeJob(storage, 'one', id)
    if (job === undefined) throw new Error('nobody else works here')
    await runJob(job, tools)
    const { created, changed, unchanged, failed, state } = await jobs.read(OPERATOR, id)
    let report = ''
    for await (const part of await jobs.report(OPERATOR, id)) report += part
    return { state, counts: [created, changed, unchanged, failed], report: report.split('\n').slice(1, -1) }
  }

  /** How many index rows a rebuild would correct. */
  async function drift(): Promise<number> {
    const { settings, helpdesk } = tools
    const { entityTree, decodeText } = helpdesk
    let corrected = -1
    await startRebuild(storage)
    await continueRebuild({ storage, settings, entityTree, decodeText }, (progress) => {
      corrected = progress.corrected
    })
    return corrected
  }

  const people = (count: number, more = ''): string =>
    [
      'login,lastname,rio,phone,email',
      ...Array.from(
        { length: count },
        (_, n) => `p${n},Nom${more},${7_000_000 + n},01 99 00 ${1000 + n},p${n}@x.org`,
      ),
    ].join('\n')

  it('creates, changes and leaves alone, with the index in step', async () => {
    expect(await imported(people(300))).toEqual({ state: 'done', counts: [300, 0, 0, 0], report: [] })
    expect(isCurrent(await selectPosition(storage.db, storage.engine).executeTakeFirstOrThrow())).toBe(true)
    expect(await drift()).toBe(0)
    expect((await imported(people(300))).counts).toEqual([0, 0, 300, 0])
    expect((await imported(people(300, ' neu'))).counts).toEqual([0, 300, 0, 0])
    expect(await drift()).toBe(0)
    const { count } = await storage.db
      .selectFrom('glpi_logs')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBe(600)
  })

  it('recognises by registration number and by mail whatever the letter case', async () => {
    const { addUser } = peopleIn(storage)
    await addUser({ login: 'a', registration_number: 'AB-1', emails: ['Alice@X.org'] })
    expect((await imported('matricule,rio\nab-1,1\n', { mode: 'rios' })).counts).toEqual([0, 1, 0, 0])
    expect((await imported('mail,rio\nALICE@x.org,1\n', { mode: 'rios' })).counts).toEqual([0, 0, 1, 0])
  })

  it('refuses what the engine takes for the same login, and keeps the others', async () => {
    // MariaDB's collation knows no accents; SQLite's does.
    const { counts, report } = await imported('login,lastname\nrene,One\nx,Two\nrené,Three\ny,Four\n')
    expect(counts).toEqual(storage.engine === 'mysql' ? [3, 0, 0, 1] : [4, 0, 0, 0])
    expect(report).toEqual(storage.engine === 'mysql' ? ['4,login,the login is in use'] : [])
    const rows = await storage.db.selectFrom('glpi_profiles_users').select('id').execute()
    expect(rows).toHaveLength(counts[0] ?? 0)
    expect((await imported('login,lastname\nRENE,Other\n')).counts).toEqual([0, 1, 0, 0])
  })

  it('tells of many unknown columns in a few words', async () => {
    const unknown = Array.from({ length: 6000 }, (_, n) => `中文${n}`).join(',')
    expect(await imported(`login,${unknown}\np1,x\n`)).toMatchObject({ state: 'done', counts: [1, 0, 0, 0] })
    const { items } = await jobs.list(OPERATOR, {})
    expect(items[0]?.notes).toEqual([expect.stringMatching(/^Columns .*中文0, 中文1, .* and 5990 more\.$/)])
    expect(items[0]?.notes.join('').length).toBeLessThan(1000)
  })

  it.each([['WyJhIl0'], ['W251bGxd']])('refuses a cursor of something else: %s', async (cursor) => {
    await expect(jobs.list(OPERATOR, { cursor })).rejects.toMatchObject({ code: 'value-refused' })
  })

  it('looks at the beginning of a file a few times, however small the pieces it comes in', async () => {
    let looks = 0
    const inspect = (head: Buffer): boolean => {
      looks++
      return head.length > 3000
    }
    const job = { kind: 'import' as const, usersId: 0, options: {}, inspect, complete: () => ({}) }
    await receiveFile(
      storage,
      job,
      (async function* () {
        for (let byte = 0; byte < 4000; byte++) yield Buffer.from('x')
      })(),
    )
    expect(looks).toBeLessThan(20)
  })

  it('is done by one process at a time, and taken over from one that is gone', async () => {
    const id = await keep(people(50))
    const [one, other] = await Promise.all([takeJob(storage, 'one', id), takeJob(storage, 'other', id)])
    expect([one, other].filter((job) => job !== undefined)).toHaveLength(1)
    const taken = one ?? other
    if (taken === undefined) throw new Error('one of them has it')
    const owner = one === undefined ? 'other' : 'one'
    const successor = owner === 'one' ? 'other' : 'one'
    expect(await takeJob(storage, successor)).toBeUndefined()
    // Its own name takes it up at once: a server that was killed and started again.
    expect((await takeJob(storage, owner))?.id).toBe(id)
    await storage.write('normal', (tx) =>
      tx
        .updateTable('glpi_plugin_callmanager_jobs')
        .set({ lease_until: Date.now() - 1 })
        .where('id', '=', id)
        .execute(),
    )
    const resumed = await takeJob(storage, successor)
    if (resumed === undefined) throw new Error('its lease is over')
    // The one that was thought dead wakes up, and finds that it has nothing more to say.
    await runJob(taken, { ...tools, owner })
    expect(await jobs.read(OPERATOR, id)).toMatchObject({ state: 'running', done: 0 })
    await runJob(resumed, { ...tools, owner: successor })
    expect(await jobs.read(OPERATOR, id)).toMatchObject({ state: 'done', created: 50 })
  })

  it('stops between two chunks when it is told to, and goes on from there', async () => {
    const id = await keep(people(400))
    let chunks = 0
    const first = await takeJob(storage, 'one', id)
    if (first === undefined) throw new Error('it waits')
    await runJob(first, tools, () => ++chunks < 3)
    const { done, created, state } = await jobs.read(OPERATOR, id)
    expect([state, done > 0, done < 400, created]).toEqual(['running', true, true, done])
    const again = await takeJob(storage, 'other', id)
    if (again === undefined) throw new Error('it was released')
    await runJob(again, { ...tools, owner: 'other' })
    expect(await jobs.read(OPERATOR, id)).toMatchObject({ state: 'done', created: 400, done: 400 })
  })

  describe('reads by an index', () => {
    it('people by mail', async () => {
      const query = storage.db
        .selectFrom('glpi_useremails')
        .select('users_id')
        .where(foldedColumn(storage.engine, 'email'), 'in', ['a@x.org', 'b@x.org'])
        .compile()
      const explain = storage.engine === 'mysql' ? sql`explain ` : sql`explain query plan `
      const { rows } = await sql`${explain}${sql.raw(query.sql.replaceAll('?', "'a@x.org'"))}`.execute(
        storage.db,
      )
      expect(JSON.stringify(rows)).toContain('glpi_useremails_email')
    })
  })
})
