import { sql } from 'kysely'
import { beforeAll, expect, it } from 'vitest'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { fullScans, noting } from '../../test/support/explain.ts'
import { EVERYTHING, type People, peopleIn } from '../../test/support/people.ts'
import { forEachEngine } from '../../test/support/storages.ts'
import { createEmbeddedHelpdesk } from '../helpdesk/embedded/embedded.ts'
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
    const helpdesk = createEmbeddedHelpdesk({ storage: real, settings, sessionIdleMs: 60_000 })
    await bringUpToDate({ storage: real, settings, ...helpdesk })
    alice = await people.agent('all', EVERYTHING)
    const { rows } = await sql<{ name: string }>`${
      engine.name === 'sqlite'
        ? sql`select 'all' as name`
        : sql`select table_name as name from information_schema.tables where table_schema = database()`
    }`.execute(real.db)
    for (const { name } of rows) {
      await sql.raw(engine.name === 'sqlite' ? 'analyze' : `analyze table ${name}`).execute(real.schema)
    }
  })

  it.each(METHODS)('reads by indexes whatever RIOs kept in %s are read and written with', async (method) => {
    const { storage, asked } = noting(real)
    const settings = createSettings(storage)
    const helpdesk = createEmbeddedHelpdesk({ storage, settings, sessionIdleMs: 60_000 })
    const follow = createFollower({ storage, settings, ...helpdesk }, () => undefined)
    const policy = createRioPolicy({ engine: storage.engine, settings, follow })
    const rios = createRios({ storage, settings, helpdesk, policy, follow })
    await settings.set('rio_storage_method', method)
    await settings.set('shared_rios', 'refused')
    await rios.set(alice, ids[1000] ?? 0, { rio: `new ${method}`, changesLogin: true }, '*')
    await createMethodUse(storage, settings)()
    const change = createMethodChange({ storage, helpdesk })
    const rules = await readKeyRules({ storage, settings, ...helpdesk })
    for (const to of METHODS.filter((other) => other !== method)) {
      const chunk = { from: method, to, after: ids[1500] ?? 0, limit: 5, replaces: true }
      await storage.write('normal', (tx) => change.copyChunk(tx, chunk, { agent: alice, rules }))
    }
    expect(asked.length).toBeGreaterThan(20)
    for (const query of asked) {
      expect(await fullScans(real, query, SMALL), query.sql).toEqual([])
    }
  })
})
