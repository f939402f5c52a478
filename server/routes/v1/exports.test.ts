import { Readable } from 'node:stream'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { BOB, startApp, type TestApp, V1 } from '../../../test/support/app.ts'
import { embeddedOnly } from '../../../test/support/helpdesk.ts'
import { PROFILES } from '../../../test/support/people.ts'
import { OPERATOR } from '../../jobs/jobs.ts'
import { takeJob } from '../../jobs/lease.ts'
import { operator } from '../../jobs/operator.ts'
import { runJob } from '../../jobs/run.ts'

const it = await startApp()
const alice = await it.logIn('alice')

const exported = (query = '', { askAs }: Pick<TestApp, 'askAs'> = it, token = alice) =>
  askAs(token, `${V1}/exports/users.csv${query}`)

const rowsOf = (body: string, delimiter = ';'): Record<string, string>[] =>
  parse(body, { bom: true, columns: true, delimiter })

describe('an export', () => {
  test('holds everybody who is not in the bin, as a file for a spreadsheet', async () => {
    const answer = await exported()
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="users.csv"',
    })
    expect(answer.body.startsWith('\uFEFFlogin;lastname;firstname;rio;')).toBe(true)
    const rows = rowsOf(answer.body)
    const { db } = it.services.storage
    const people = await db
      .selectFrom('glpi_users')
      .select('name')
      .where('is_deleted', '=', 0)
      .orderBy('id')
      .execute()
    expect(rows.map(({ login }) => login)).toEqual(people.map(({ name }) => name))
    expect(rows[0]).toMatchObject({
      login: 'john.doe',
      rio: '1234567890',
      // No spreadsheet makes a sum of it.
      phone: "'+1234567890",
      entity: 'Root entity > Préfecture du Rhône',
      active: 'yes',
    })
  })

  test('defuses what a spreadsheet would compute', async () => {
    await it.people.addUser({
      login: 'ex.formula',
      realname: '=HYPERLINK("x")',
      firstname: '@sum',
      phone: '-1',
    })
    const row = rowsOf((await exported()).body).find(({ login }) => login === 'ex.formula')
    expect(row).toMatchObject({ lastname: '\'=HYPERLINK("x")', firstname: "'@sum", phone: "'-1" })
  })

  test('of RIOs, of an entity, with commas and without a mark', async () => {
    const { body } = await exported('?mode=rios&entityId=5&separator=comma&bom=false')
    expect(body.startsWith('login,rio\r\n')).toBe(true)
    const rows = rowsOf(body, ',')
    expect(rows.length).toBeGreaterThan(0)
    const { db } = it.services.storage
    const people = await db
      .selectFrom('glpi_users')
      .select('name')
      .where('entities_id', 'in', [5, 6])
      .where('is_deleted', '=', 0)
      .orderBy('id')
      .execute()
    expect(rows.map(({ login }) => login)).toEqual(people.map(({ name }) => name))
  })

  test('keeps to the entities of who asks', async () => {
    await it.people.setMemberships(BOB.id, [{ entity: 5, profile: PROFILES.superAdmin }])
    const bob = await it.logIn('bob')
    const rows = rowsOf((await exported('', it, bob)).body)
    expect(rows.map(({ login }) => login)).toContain('bob')
    expect(rows.map(({ login }) => login)).not.toContain('john.doe')
    expect((await exported('?entityId=1', it, bob)).statusCode).toBe(404)
  })

  embeddedOnly('people are imported into the host by itself', () => {
    test('is what import takes: an empty store filled with it exports the same', async () => {
      await it.people.addUser({
        login: "ex.o'brien",
        realname: `"O'Brien"; <b>`,
        firstname: '👩‍💻',
        phone: '+33 1 99 00 12 34 / 01 99 00 12 35',
        phone2: "'=1",
        registration_number: 'x'.repeat(255),
        rio: '0012',
        emails: ['ex@example.org'],
      })
      const { body } = await exported()
      const other = await startApp({}, false)
      const { storage, settings, helpdesk, jobs } = other.services
      await copyPlaces(it, other)
      const id = await other.services.startImport(
        await operator(storage, await helpdesk.entityTree()),
        {},
        Readable.from([Buffer.from(body)]),
      )
      const job = await takeJob(storage, 'the test', id)
      if (job === undefined) throw new Error('the job waits')
      await runJob(job, { storage, settings, helpdesk, owner: 'the test' })
      const report: string[] = []
      for await (const part of await jobs.report(OPERATOR, id)) report.push(part)
      expect(report).toEqual(['line,column,reason\n'])
      let again = ''
      for await (const part of await other.services.exportUsers(
        await operator(storage, await helpdesk.entityTree()),
        {},
      ))
        again += part
      expect(again).toBe(body)
    })
  })
})

/** An import makes people, not places. */
async function copyPlaces(from: TestApp, to: TestApp): Promise<void> {
  const { db } = from.services.storage
  const entities = await db.selectFrom('glpi_entities').selectAll().where('id', '<>', 0).execute()
  const locations = await db.selectFrom('glpi_locations').selectAll().execute()
  const { storage } = to.services
  await storage.write('normal', async (tx) => {
    await storage.insertMany(tx, 'glpi_entities', entities)
    await storage.insertMany(tx, 'glpi_locations', locations)
  })
  // The tree is remembered for a second.
  await new Promise((resolve) => setTimeout(resolve, 1100))
}
