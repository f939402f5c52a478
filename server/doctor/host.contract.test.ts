import { beforeAll, beforeEach, expect, it } from 'vitest'
import { asHost } from '../../test/support/as-host.ts'
import { helpdeskOf } from '../../test/support/helpdesks.ts'
import { hostTimeIn, type People, PROFILES, peopleIn } from '../../test/support/people.ts'
import { emptyTables, forEachHost } from '../../test/support/storages.ts'
import { bringUpToDate } from '../identifiers/background.ts'
import { rollUp } from '../statistics/roll-up.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { type Finding, runChecks } from './finding.ts'
import { INDEX } from './index-checks.ts'
import { RECORDS } from './records.ts'

forEachHost((engine) => {
  let storage: Storage
  let people: People

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    await people.addUser({
      login: 'alice',
      memberships: [{ entity: 0, recursive: 1, profile: PROFILES.superAdmin }],
    })
    await people.addUsers(200, (number) => ({ login: `user ${number}`, rio: String(1_000_000 + number) }))
    const settings = createSettings(storage)
    await bringUpToDate({ storage, settings, ...helpdeskOf(storage, settings) })
    await rollUp(storage)
  })

  /** Every check of the records and of the index, as the account that the product has. */
  async function findings(thorough = true): Promise<Finding[]> {
    const settings = createSettings(storage)
    const helpdesk = helpdeskOf(storage, settings)
    const { entityTree, decodeText } = helpdesk
    return [
      ...(await runChecks(INDEX, { storage, settings, entityTree, decodeText, thorough })),
      ...(await runChecks(RECORDS, { storage, settings, helpdesk })),
    ]
  }
  const ills = async () =>
    (await findings()).filter(({ status }) => status !== 'ok').map(({ check, status }) => [check, status])

  it('finds a host well, within its grants', async () => {
    expect(await ills()).toEqual([])
    // Who can log in is the host's to know: it is not looked at.
    expect((await findings(false)).map(({ check }) => check)).not.toContain('accounts')
  })

  it('finds what has drifted, and what is dated in the future', async () => {
    await asHost(storage).write('normal', (tx) =>
      tx.deleteFrom('glpi_plugin_callmanager_identifiers').where('identifier_key', '=', '1000007').execute(),
    )
    await people.addUser({ login: 'bob' }, { at: hostTimeIn(7200) })
    expect(await ills()).toEqual([
      ['index rows', 'warning'],
      ['clock', 'warning'],
    ])
  })
})
