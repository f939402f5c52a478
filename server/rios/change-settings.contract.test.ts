import { beforeAll, beforeEach, expect, it } from 'vitest'
import { helpdeskOf } from '../../test/support/helpdesks.ts'
import { EVERYTHING, type People, peopleIn } from '../../test/support/people.ts'
import { emptyTables, forEachEngine } from '../../test/support/storages.ts'
import { bringUpToDate } from '../identifiers/background.ts'
import { isBuilt, selectPosition } from '../identifiers/position.ts'
import { createSettings, type SettingsStore } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createSettingsWrites, type SettingsWrites } from './change-settings.ts'

forEachEngine((engine) => {
  let storage: Storage
  let settings: SettingsStore
  let people: People
  let writes: SettingsWrites

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(async () => {
    await emptyTables(storage)
    people = peopleIn(storage)
    settings = createSettings(storage)
    const helpdesk = helpdeskOf(storage, settings)
    writes = createSettingsWrites({ storage, settings, helpdesk })
    const { entityTree, decodeText } = helpdesk
    await bringUpToDate({ storage, settings, entityTree, decodeText })
  })

  const rows = () =>
    storage.db
      .selectFrom('glpi_plugin_callmanager_configs')
      .select(['name', 'value'])
      .orderBy('name')
      .execute()
  const history = async () =>
    (
      await storage.db
        .selectFrom('glpi_logs')
        .select(['new_value', 'user_name'])
        .where('itemtype', '=', 'PluginCallmanagerConfig')
        .orderBy('id')
        .execute()
    ).map(({ new_value: text, user_name: by }) => `${by}: ${text}`)
  const isWhole = async () => isBuilt(await selectPosition(storage.db, engine.name).executeTakeFirstOrThrow())

  it('lets one of many pass who have seen the same, and keeps one row', async () => {
    const { tag } = await writes.read()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        writes.change('Alice', { journalRetentionDays: 10 + index }, new Set([tag])),
      ),
    )
    const failures = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
    expect(failures).toEqual(Array(7).fill('changed-meanwhile'))
    expect(await rows()).toHaveLength(1)
    expect(await history()).toHaveLength(1)
  })

  it('starts the index anew with a country, in the same breath, and with nothing else', async () => {
    await writes.change('Alice', { journalRetentionDays: 10, sharedRios: 'refused' }, '*')
    expect(await isWhole()).toBe(true)
    await writes.change('Alice', { defaultCountry: 'BE' }, '*')
    expect(await isWhole()).toBe(false)
    expect(await settings.read()).toMatchObject({ default_country: 'BE', shared_rios: 'refused' })
  })

  it('writes nothing of a change that is refused', async () => {
    const refused = writes.change('Alice', { defaultCountry: 'BE', phoneRequestSource: 4711 }, '*')
    await expect(refused).rejects.toMatchObject({ code: 'value-refused', field: 'phoneRequestSource' })
    expect([await rows(), await history(), await isWhole()]).toEqual([[], [], true])
  })

  it('takes a country away without leaving its row', async () => {
    await people.addEntity(7, 'Elsewhere')
    await writes.change(await people.agent('all', EVERYTHING, 5), { countries: { '7': 'RE' } }, '*')
    expect(await rows()).toEqual([{ name: 'default_country.7', value: 'RE' }])
    await writes.change('Call Manager', { countries: { '7': null } }, '*')
    expect(await rows()).toEqual([])
    expect(await history()).toEqual([
      'Agent (5): default_country.7: – → RE',
      'Call Manager: default_country.7: RE → –',
    ])
  })
})
