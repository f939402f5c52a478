import { beforeAll, beforeEach, expect, it, test } from 'vitest'
import type { ImportQuery } from '../../contract/imports.ts'
import { jobsOn } from '../../test/support/jobs.ts'
import type { People } from '../../test/support/people.ts'
import { forEachEngine, forEachHost, type TestEngine } from '../../test/support/storages.ts'
import type { Storage } from '../storage/storage.ts'
import { exportUsers } from './export-users.ts'
import { type createJobs, OPERATOR } from './jobs.ts'
import type { JobTools } from './kinds.ts'
import { takeJob } from './lease.ts'
import { operator } from './operator.ts'
import { runJob } from './run.ts'
import { startImport } from './start-import.ts'

/** Imports of RIOs into our own table and exports: what is done the same beside any helpdesk. */
function useJobs(engine: TestEngine) {
  let storage: Storage
  let tools: JobTools
  let jobs: ReturnType<typeof createJobs>
  let people: People

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    const fresh = await jobsOn(storage)
    tools = fresh.tools
    jobs = fresh.jobs
    people = fresh.people
  })
  const asOperator = async () => operator(storage, await tools.helpdesk.entityTree())

  return {
    people: () => people,
    async imported(file: string, query: ImportQuery) {
      const source = (async function* () {
        yield Buffer.from(file)
      })()
      const id = await startImport(storage, await asOperator(), query, source)
      const job = await takeJob(storage, 'one', id)
      if (job === undefined) throw new Error('nobody else works here')
      await runJob(job, tools)
      const { state, created, changed, unchanged, failed, problem } = await jobs.read(OPERATOR, id)
      let report = ''
      for await (const part of await jobs.report(OPERATOR, id)) report += part
      return {
        state,
        problem,
        counts: [created, changed, unchanged, failed],
        report: report.split('\n').slice(1, -1),
      }
    },
    async exported(): Promise<string> {
      let file = ''
      for await (const part of await exportUsers(tools, await asOperator(), { mode: 'rios', bom: false })) {
        file += part
      }
      return file
    },
    kept: () =>
      storage.db
        .selectFrom('glpi_plugin_callmanager_users')
        .select(['users_id', 'rio_number'])
        .orderBy('users_id')
        .execute(),
  }
}

forEachEngine((engine) => {
  const { people, imported, exported, kept } = useJobs(engine)

  test.each([
    ['login', 'login'],
    ['mail', 'email'],
    ['matricule', 'registrationNumber'],
  ] as const)('RIOs alone are imported to people known by %s', async (column, match) => {
    const known = { emails: ['Alice@x.org'], registration_number: 'alice@X.org' }
    const alice = await people().addUser({ login: 'alice@x.org', ...known, rio: 'old' })
    const bob = await people().addUser({ login: 'bob' })
    const file = `${column},rio\nALICE@x.org,0012345\nnobody@x.org,7\n📞@x.org,8\n`
    const name = { login: 'login', email: 'mail', registrationNumber: 'matricule' }[match]
    expect(await imported(file, { mode: 'rios', match })).toEqual({
      state: 'done',
      problem: '',
      counts: [0, 1, 0, 2],
      report: [3, 4].map((line) => `${line},${name},nobody within your entities has it`),
    })
    expect(await kept()).toEqual([{ users_id: alice, rio_number: '0012345' }])
    expect(bob).toBeGreaterThan(alice)
  })

  it('what was exported is imported without a change, every letter of it', async () => {
    const rios = ['0012345', "O'Brien", '=1+1', '<b>"a";b', '👩‍💻', 'é'.repeat(255)]
    for (const [number, rio] of rios.entries()) await people().addUser({ login: `login ${number}`, rio })
    const before = await kept()
    const file = await exported()
    expect(file.split('\r\n')[1]).toBe('login 0;0012345')
    expect(await imported(file, { mode: 'rios' })).toMatchObject({ counts: [0, 0, rios.length, 0] })
    expect(await imported(file.replace('0012345', '54321'), { mode: 'rios' })).toMatchObject({
      state: 'done',
      counts: [0, 1, rios.length - 1, 0],
    })
    expect(await kept()).toEqual(
      before.map((row) => (row.rio_number === '0012345' ? { ...row, rio_number: '54321' } : row)),
    )
  })
})

forEachHost((engine) => {
  const { people, imported, kept } = useJobs(engine)

  it('an import of people says that the host does this itself, and keeps nothing', async () => {
    await people().addUser({ login: 'alice' })
    const outcome = await imported('login,lastname,rio\nalice,Martin,1\n', {})
    expect(outcome).toMatchObject({ state: 'failed', problem: expect.stringMatching(/ITSM-NG/) })
    expect(await kept()).toEqual([])
  })
})
