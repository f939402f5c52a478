import { createConnection } from 'mysql2/promise'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { openStorage } from '../../server/storage/storage.ts'
import { undoMigrations } from '../../server/storage/undo-migrations.ts'
import { startHost } from '../host/host.ts'
import { HOST_PROFILES } from '../host/people.ts'
import { seedHost } from '../host/seed.ts'
import { API, startApp, V1 } from '../support/app.ts'
import { asAdministrator } from '../support/attached.ts'
import { createOldPlugin } from '../support/old-plugin.ts'
import { newRestrictedAccount } from '../support/restricted-account.ts'

const PEOPLE = 100_000
const FIRST = 10_001
const LAST = FIRST + PEOPLE - 1
/** Rows of whom the old plugin leaves behind, of nobody any more. */
const PURGED = LAST + 1

/** A host whose 100,000 people have got their RIOs by the PHP plugin, without ours. */
async function hostWithOldPlugin() {
  const account = await newRestrictedAccount(inject('mariadbSocket'))
  onTestFinished(account.remove)
  const seeded = await seedHost(account.rootUrl)
  onTestFinished(() => seeded.db.close())
  const host = await startHost({ databaseUrl: account.rootUrl })
  onTestFinished(host.stop)
  const connection = await createConnection(account.rootUrl)
  onTestFinished(() => connection.end())
  await seeded.addPerson({
    login: 'alice',
    memberships: [{ profile: HOST_PROFILES.superAdmin, recursive: 1 }],
  })
  await account.asRoot(`
    insert into glpi_users (id, name, entities_id, is_active, date_mod)
      select seq, concat('agent.', seq), 0, 1, '2020-01-01 00:00:00' from seq_${FIRST}_to_${LAST};
    insert into glpi_profiles_users (users_id, profiles_id, entities_id, is_recursive)
      select seq, 1, 0, 0 from seq_${FIRST}_to_${LAST};
    insert into glpi_plugin_callmanager_users (users_id, rio_number, date_creation, date_mod)
      select seq, 7000000 + seq, '2020-01-01 00:00:00', '2020-01-01 00:00:00' from seq_${FIRST}_to_${LAST};
    insert into glpi_plugin_callmanager_configs (name, value) values ('rio_storage_method', 'custom_table'), ('formcreator_form_id', '0')`)
  await seeded.setRight(HOST_PROFILES.hotliner, 'plugin_callmanager_access', 1)
  return { account, host, db: seeded.db, old: await createOldPlugin(connection) }
}

describe.skipIf(inject('mariadbSocket') === '')('switching over and back', () => {
  test('loses no RIO, setting or right of 100,000 people, with an edit on each side', {
    timeout: 300_000,
  }, async () => {
    const { account, host, db, old } = await hostWithOldPlugin()
    const root = await openStorage(account.rootUrl)
    onTestFinished(() => root.close())

    /** What each person is to have; '' is a row without a RIO. */
    const rios = new Map(
      Array.from({ length: PEOPLE }, (_, at) => [FIRST + at, String(7_000_000 + FIRST + at)]),
    )
    async function oldWrites(id: number, rio: string): Promise<void> {
      await old.writes(id, rio)
      rios.set(id, rio)
    }
    /** Rows that are not as they should be, of all that there are. */
    async function lost(): Promise<unknown> {
      const rows = await db.rows(
        'select users_id, rio_number from glpi_plugin_callmanager_users order by users_id',
      )
      const there = new Map(rows.map((row) => [Number(row.users_id), row.rio_number]))
      expect(rows).toHaveLength(there.size)
      return [...new Set([...rios.keys(), ...there.keys()])]
        .filter((id) => rios.get(id) !== there.get(id))
        .map((id) => [id, rios.get(id), there.get(id)])
    }
    const settings = () => db.rows('select name, value from glpi_plugin_callmanager_configs order by id')
    const hotliners = () =>
      db.row(
        "select rights from glpi_profilerights where profiles_id = ? and name = 'plugin_callmanager_access'",
        [HOST_PROFILES.hotliner],
      )
    const before = [await settings(), await hotliners()]
    const kept = async () => [await lost(), await settings(), await hotliners()]

    /** Ours, as an administrator brings it in; Alice asks. */
    async function switchToOurs() {
      await asAdministrator(account)
      const app = await startApp({ DATABASE_URL: account.url, HELPDESK_URL: host.url }, false)
      const token = await host.logIn('alice')
      return {
        close: app.close,
        async finds(rio: string): Promise<number[]> {
          const answer = await app.askAs(token, `${API}/users/${encodeURIComponent(rio)}`)
          return answer.json().users.map(({ id }: { id: number }) => id)
        },
        async writes(id: number, rio: string): Promise<void> {
          const headers = { 'if-match': '*' }
          const answer = await app.askAs(token, `${V1}/users/${id}/rio`, {
            method: 'PUT',
            headers,
            payload: { rio },
          })
          expect(answer.statusCode).toBe(200)
          rios.set(id, rio)
        },
      }
    }

    await oldWrites(FIRST + 1, '')
    await oldWrites(FIRST + 2, 'Étage-7')
    await oldWrites(FIRST + 3, 'held by two')
    await oldWrites(FIRST + 4, 'held by two')
    await oldWrites(PURGED, '9999999')

    let ours = await switchToOurs()
    expect(await kept()).toEqual([[], ...before])
    expect(await ours.finds('7060000')).toEqual([60_000])
    expect(await ours.finds('Étage-7')).toEqual([FIRST + 2])
    expect(await ours.finds('held by two')).toEqual([FIRST + 3, FIRST + 4])
    await ours.writes(FIRST, '8000001')
    await oldWrites(LAST, '8000002')
    expect([await ours.finds('8000001'), await ours.finds('8000002')]).toEqual([[FIRST], [LAST]])
    expect(await ours.finds(String(7_000_000 + FIRST))).toEqual([])

    await ours.close()
    await undoMigrations(root)
    expect(await kept()).toEqual([[], ...before])
    expect([await old.finds('8000001'), await old.finds('8000002')]).toEqual([
      [{ id: FIRST }],
      [{ id: LAST }],
    ])
    await oldWrites(60_000, '8000003')
    await oldWrites(FIRST + 2, '')
    await oldWrites(FIRST + 1, '8000004')

    ours = await switchToOurs()
    expect(await kept()).toEqual([[], ...before])
    const asked = ['8000001', '8000002', '8000003', '8000004', '7060000', 'Étage-7', '7010006']
    const found: number[][] = []
    for (const rio of asked) found.push(await ours.finds(rio))
    expect(found).toEqual([[FIRST], [LAST], [60_000], [FIRST + 1], [], [], [FIRST + 5]])
    await ours.close()
  })
})
