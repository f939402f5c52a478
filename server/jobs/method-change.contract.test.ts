import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import type { Job } from '../../contract/jobs.ts'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { jobsOn } from '../../test/support/jobs.ts'
import { EVERYTHING, type People, PROFILES } from '../../test/support/people.ts'
import { forEachEngine } from '../../test/support/storages.ts'
import { AppError } from '../domain/errors.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { bringUpToDate } from '../identifiers/background.ts'
import { continueRebuild, startRebuild } from '../identifiers/rebuild.ts'
import type { Storage } from '../storage/storage.ts'
import { type createJobs, OPERATOR } from './jobs.ts'
import type { JobTools } from './kinds.ts'
import { takeJob } from './lease.ts'
import { operator } from './operator.ts'
import { runJob } from './run.ts'
import { startMethodChange, startMethodUndo } from './start-method-change.ts'

const METHODS: RioStorageMethod[] = ['custom_table', 'name', 'registration_number']
const WAYS = METHODS.flatMap((from) => METHODS.filter((to) => to !== from).map((to) => [from, to] as const))
/** More than one chunk of any size that a job begins with. */
const PEOPLE = 70

forEachEngine((engine) => {
  /** To our own table beside any helpdesk; the other places are the host's. */
  const ways = WAYS.filter(([, to]) => to === 'custom_table' || engine.writesUsers)
  let storage: Storage
  let tools: JobTools
  let people: People
  let jobs: ReturnType<typeof createJobs>

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    const fresh = await jobsOn(storage)
    tools = fresh.tools
    jobs = fresh.jobs
    people = fresh.people
  })

  /** People with a RIO in this place alone. */
  async function fill(from: RioStorageMethod): Promise<number[]> {
    const ids = await people.addUsers(PEOPLE, (n) => ({
      login: from === 'name' ? rio(n) : `login ${n}`,
      rio: from === 'custom_table' ? rio(n) : null,
      registration_number: from === 'registration_number' ? rio(n) : null,
    }))
    await tools.settings.set('rio_storage_method', from)
    const { settings, helpdesk } = tools
    await bringUpToDate({
      storage,
      settings,
      entityTree: helpdesk.entityTree,
      decodeText: helpdesk.decodeText,
    })
    return ids
  }
  const rio = (n: number): string => String(7_000_000 + n)

  const asOperator = async () => operator(storage, await tools.helpdesk.entityTree())
  const start = async (to: RioStorageMethod, more: { replaces?: boolean; dryRun?: boolean } = {}) =>
    startMethodChange(storage, await asOperator(), { to, changesLogins: true, dryRun: false, ...more })

  /** Works on the job to its end, a chunk at a time, each by another process; `between` is told how many there were. */
  async function finish(
    id: number,
    between: (chunks: number) => Promise<void> = async () => {},
  ): Promise<Job> {
    for (let chunks = 1; ; chunks++) {
      const job = await takeJob(storage, `process ${chunks}`, id)
      if (job === undefined) return jobs.read(OPERATOR, id)
      await runJob(job, { ...tools, owner: `process ${chunks}` }, () => false)
      await between(chunks)
    }
  }
  const ended = async (id: number): Promise<Job> => {
    const job = await takeJob(storage, 'one', id)
    if (job !== undefined) await runJob(job, tools)
    return jobs.read(OPERATOR, id)
  }

  async function column(method: RioStorageMethod): Promise<string[]> {
    const rows = await storage.db
      .selectFrom('glpi_users as user')
      .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
      .select(['user.name', 'user.registration_number', 'kept.rio_number as custom_table'])
      .orderBy('user.id')
      .execute()
    return rows.map((row) => row[method] ?? '')
  }
  const method = async () => {
    tools.settings.forget()
    return (await tools.settings.read()).rio_storage_method
  }
  async function textOf(parts: AsyncIterable<Uint8Array | string>): Promise<string[]> {
    let text = ''
    for await (const part of parts) text += Buffer.from(part).toString()
    return text.trimEnd().split('\n')
  }
  const undoOf = async (id: number) => textOf(await jobs.undo(OPERATOR, id))
  const reportOf = async (id: number) => (await textOf(await jobs.report(OPERATOR, id))).slice(1)

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

  describe.each(ways)('from %s to %s', (from, to) => {
    it('previews, copies in as many processes as there are chunks, and is taken back', async () => {
      const ids = await fill(from)
      const [old, before] = [await column(from), await column(to)]
      const details = {
        copied: PEOPLE,
        same: 0,
        empty: 0,
        logins: to === 'name' ? PEOPLE : 0,
        problems: {},
      }
      const preview = await ended(await start(to, { dryRun: true }))
      expect(preview).toMatchObject({ state: 'done', dryRun: true, total: PEOPLE, done: PEOPLE, details })
      expect([await column(to), await method()]).toEqual([before, from])
      await expect(jobs.undo(OPERATOR, preview.id)).rejects.toThrow('nothing to take back')

      const id = await start(to)
      let chunks = 0
      const job = await finish(id, async (number) => {
        chunks = number
      })
      expect(chunks).toBeGreaterThan(3)
      const counts = { total: PEOPLE, done: PEOPLE, changed: PEOPLE, failed: 0, unchanged: 0 }
      expect(job).toMatchObject({ kind: 'method_change', state: 'done', ...counts, details })
      expect([await column(from), await column(to)]).toEqual([old, old])
      expect(await method()).toBe(to)
      expect(await undoOf(id)).toEqual([
        'users_id,before,after',
        ...ids.map((usersId, n) => `${usersId},${before[n]},${rio(n)}`),
      ])
      const lines = await storage.db
        .selectFrom('glpi_logs')
        .select('new_value')
        .where('itemtype', '=', 'PluginCallmanagerConfig')
        .execute()
      expect(lines).toEqual([{ new_value: `rio_storage_method: ${from} → ${to}` }])
      expect(await drift()).toBe(0)

      const undo = await finish(await startMethodUndo(storage, await asOperator(), id))
      expect(undo).toMatchObject({ kind: 'method_undo', state: 'done', ...counts })
      expect([await column(from), await column(to), await method()]).toEqual([old, before, from])
      expect(await drift()).toBe(0)
    })

    it('takes along what is written to the old place meanwhile', async () => {
      const ids = await fill(from)
      const [first = 0] = ids
      const id = await start(to)
      const write = (usersId: number, value: string) =>
        from === 'custom_table'
          ? people.setRio(usersId, value)
          : people.changeUser(usersId, from === 'name' ? { name: value } : { registration_number: value })
      let added = 0
      const job = await finish(id, async (chunks) => {
        // Everybody of the first chunk has been left behind by now; the second has been looked at by the end.
        if (chunks === 1) await write(first, '8000001')
        if (chunks === 3) {
          await write(first, '8000002')
          const newcomer = {
            login: from === 'name' ? '8000003' : 'newcomer',
            registration_number: from === 'registration_number' ? '8000003' : null,
            rio: from === 'custom_table' ? '8000003' : null,
          }
          added = await people.addUser(newcomer)
        }
      })
      expect(added).toBeGreaterThan(0)
      expect(await column(to)).toEqual(await column(from))
      expect((await column(to)).slice(0, 1)).toEqual(['8000002'])
      expect(job).toMatchObject({
        state: 'done',
        done: PEOPLE + 1,
        changed: PEOPLE + 1,
        failed: 0,
        unchanged: 0,
        details: { copied: PEOPLE + 1, same: 0, empty: 0, problems: {} },
      })
      expect(await drift()).toBe(0)
      await ended(await startMethodUndo(storage, await asOperator(), id))
      expect((await column(to))[0]).toBe(to === 'name' ? 'login 0' : '')
    })
  })

  it('keeps odd text in the undo file, which no spreadsheet computes', async () => {
    const odd = ["O'Brien", '=1+1', `'=x`, '<b>"a",\n', '👩‍💻', 'é'.repeat(255)]
    await tools.settings.set('rio_storage_method', 'registration_number')
    for (const [n, value] of odd.entries()) {
      await people.addUser({ login: `login ${n}`, rio: value, registration_number: String(n) })
    }
    const before = await column('custom_table')
    const id = await start('custom_table', { replaces: true })
    expect(await ended(id)).toMatchObject({ state: 'done', changed: odd.length })
    expect((await undoOf(id)).join('\n')).toContain(`,'=1+1,1`)
    await ended(await startMethodUndo(storage, await asOperator(), id))
    expect(await column('custom_table')).toEqual(before)
  })

  // The other places are the host's to write.
  if (!engine.writesUsers) return

  it('is stopped half-way: the setting and what was copied stay, and it can be taken back', async () => {
    await fill('custom_table')
    const id = await start('registration_number')
    const job = await finish(id, async (chunks) => {
      if (chunks === 2) await jobs.cancel(OPERATOR, id)
    })
    expect(job.state).toBe('cancelled')
    expect(job.changed).toBeGreaterThan(0)
    expect(job.changed).toBeLessThan(PEOPLE)
    expect((await column('registration_number')).filter(Boolean)).toHaveLength(job.changed)
    expect(await undoOf(id)).toHaveLength(job.changed + 1)
    expect(await method()).toBe('custom_table')
    await ended(await startMethodUndo(storage, await asOperator(), id))
    expect((await column('registration_number')).filter(Boolean)).toEqual([])
    expect(await method()).toBe('custom_table')
  })

  it('ends when the rights of whoever began it are withdrawn', async () => {
    await fill('custom_table')
    const alice = await people.addUser({
      login: 'alice',
      memberships: [{ entity: 0, recursive: 1, profile: PROFILES.superAdmin }],
    })
    const agent: Agent = {
      ...(await people.agent('all', EVERYTHING)),
      id: alice,
      profileId: PROFILES.superAdmin,
    }
    const id = await startMethodChange(storage, agent, { to: 'registration_number', dryRun: false })
    const job = await finish(id, async (chunks) => {
      if (chunks === 1) await people.changeUser(alice, { is_active: 0 })
    })
    expect(job).toMatchObject({ state: 'failed', problem: expect.stringMatching(/./) })
    expect(job.done).toBeLessThan(PEOPLE)
    expect(await method()).toBe('custom_table')
  })

  it('ends when somebody sets another method meanwhile', async () => {
    await fill('custom_table')
    const id = await start('registration_number')
    const job = await finish(id, async (chunks) => {
      if (chunks === 1) await tools.settings.set('rio_storage_method', 'name')
    })
    expect(job).toMatchObject({ state: 'failed', problem: expect.stringMatching(/set to another one/) })
    expect(await method()).toBe('name')
  })

  it('tells what stands in the way, by reason and by person, and no longer what was mended meanwhile', async () => {
    const [one = 0, other = 0] = await fill('custom_table')
    for (const id of [one, other]) await people.changeUser(id, { registration_number: 'x' })
    const preview = await ended(await start('registration_number', { dryRun: true }))
    expect(preview).toMatchObject({ failed: 2, details: { copied: PEOPLE - 2, problems: { occupied: 2 } } })
    const id = await start('registration_number')
    const job = await finish(id, async (chunks) => {
      if (chunks === 2) await people.changeUser(other, { registration_number: '' })
    })
    expect(job).toMatchObject({
      failed: 1,
      changed: PEOPLE - 1,
      unchanged: 0,
      details: { copied: PEOPLE - 1, empty: 0, same: 0, problems: { occupied: 1 } },
    })
    expect(await reportOf(id)).toEqual([
      `${one},registration_number,"the place holds another value, and replacing was not asked for"`,
    ])
    expect((await ended(await start('custom_table', { dryRun: true }))).details).toEqual({
      copied: 0,
      same: PEOPLE - 1,
      empty: 0,
      logins: 0,
      problems: { occupied: 1 },
    })
  })

  it('does not put back what somebody has changed since, and says so', async () => {
    const [one = 0] = await fill('custom_table')
    const id = await start('registration_number')
    await ended(id)
    await people.changeUser(one, { registration_number: 'mine' })
    const undo = await ended(await startMethodUndo(storage, await asOperator(), id))
    expect(undo).toMatchObject({ done: PEOPLE, changed: PEOPLE - 1, failed: 1 })
    expect(await reportOf(undo.id)).toEqual([
      `${one},registration_number,the value has been changed since it was copied`,
    ])
    expect((await column('registration_number')).filter(Boolean)).toEqual(['mine'])
  })

  test('one at a time; the operator who asks for the same again goes on with it', async () => {
    await fill('custom_table')
    const asked = await Promise.allSettled([start('name'), start('registration_number'), start('name')])
    const ids = new Set(asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])))
    expect(ids.size).toBe(1)
    const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    expect(refused.length).toBeGreaterThan(0)
    for (const error of refused) expect(error).toMatchObject({ code: 'job-running' })
    const [id = 0] = ids
    await expect(startMethodUndo(storage, await asOperator(), id)).rejects.toThrow(AppError)
    await jobs.cancel(OPERATOR, id)
    expect(await start('name')).not.toBe(id)
  })

  test('what changed the method twice since is not taken back', async () => {
    await fill('custom_table')
    const id = await start('registration_number')
    await ended(id)
    await tools.settings.set('rio_storage_method', 'name')
    await expect(startMethodUndo(storage, await asOperator(), id)).rejects.toThrow('changed again since')
  })
})
