import { beforeAll, expect, it } from 'vitest'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { fullScans, noting } from '../../test/support/explain.ts'
import { helpdeskOf } from '../../test/support/helpdesks.ts'
import { EVERYTHING, type People, peopleIn } from '../../test/support/people.ts'
import { analyse, forEachEngine } from '../../test/support/storages.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { bringUpToDate } from '../identifiers/background.ts'
import { createFollower } from '../identifiers/follow.ts'
import { readKeyRules } from '../identifiers/refresh.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { createMethodChange } from './method-change.ts'
import { createMethodUse } from './method-use.ts'
import { createRioPolicy } from './policy.ts'
import { createRios } from './rios.ts'

/** Read whole on purpose: they are small. */
const SMALL = [
  'glpi_entities',
  'entity',
  'location',
  'profile',
  'held',
  'glpi_plugin_callmanager_configs',
  'state',
  'glpi_plugin_callmanager_index',
]
const METHODS: RioStorageMethod[] = ['custom_table', 'name', 'registration_number']

forEachEngine((engine) => {
  let real: Storage
  let people: People
  let alice: Agent
  let ids: number[]

  beforeAll(async () => {
    real = await engine.migrated()
    people = peopleIn(real)
    ids = await people.addUsers(2000, (number) => ({
      login: `login ${number}`,
      registration_number: `R${number}`,
      rio: String(2_000_000 + number),
    }))
    const settings = createSettings(real)
    const helpdesk = helpdeskOf(real, settings)
    await bringUpToDate({ storage: real, settings, ...helpdesk })
    alice = await people.agent('all', EVERYTHING)
    await analyse(real)
  })

  it.each(METHODS)('reads by indexes whatever RIOs kept in %s are read and written with', async (method) => {
    const { storage, asked } = noting(real)
    const settings = createSettings(storage)
    const helpdesk = helpdeskOf(storage, settings)
    const follow = createFollower({ storage, settings, ...helpdesk }, () => undefined)
    const policy = createRioPolicy({ engine: storage.engine, settings, follow })
    const rios = createRios({ storage, settings, helpdesk, policy, follow })
    await settings.set('rio_storage_method', method)
    await settings.set('shared_rios', 'refused')
    const writable = engine.writesUsers || method === 'custom_table'
    if (writable) await rios.set(alice, ids[1000] ?? 0, { rio: `new ${method}`, changesLogin: true }, '*')
    await rios.read(alice, ids[1000] ?? 0)
    await createMethodUse(storage)()
    const change = createMethodChange({ storage, helpdesk })
    const rules = await readKeyRules({ storage, settings, ...helpdesk })
    for (const to of METHODS.filter((other) => other !== method)) {
      const chunk = { from: method, to, after: ids[1500] ?? 0, limit: 5, replaces: true }
      const copies = engine.writesUsers || to === 'custom_table' ? 'copyChunk' : 'previewChunk'
      await storage.write('normal', (tx) => change[copies](tx, chunk, { agent: alice, rules }))
    }
    expect(asked.length).toBeGreaterThan(12)
    for (const query of asked) {
      expect(await fullScans(real, query, SMALL), query.sql).toEqual([])
    }
  })
})
