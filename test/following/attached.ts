import { inject } from 'vitest'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { createEntityTree } from '../../server/helpdesk/entity-tree.ts'
import type { Agent } from '../../server/helpdesk/helpdesk.ts'
import { createHostText } from '../../server/helpdesk/itsmng/host-text.ts'
import { createFollower } from '../../server/identifiers/follow.ts'
import { createJournal } from '../../server/identifiers/journal.ts'
import { createLookups } from '../../server/identifiers/lookup.ts'
import { createSearch } from '../../server/identifiers/search.ts'
import { migrateOwnTables } from '../../server/storage/migrate.ts'
import { createSettings } from '../../server/storage/settings.ts'
import { openStorage, type Storage } from '../../server/storage/storage.ts'
import { closeAfterFile } from '../support/after-file.ts'
import { createHostTables } from '../support/host-tables.ts'
import { newMariaDatabase } from '../support/maria-database.ts'
import { LOCAL } from '../support/people.ts'
import { type Host, openHost } from './host.ts'

export interface Attached {
  url: string
  storage: Storage
  host: Host
}

/** A new database with a real host's tables and ours, and the host that writes to it; gone after the test file. */
export async function attach(): Promise<Attached> {
  const { url, remove } = await newMariaDatabase(inject('mariadbSocket'), 'follow')
  const storage = await openStorage(url)
  const host = await openHost(url)
  closeAfterFile(async () => {
    await host.close()
    await storage.close()
    await remove()
  })
  await createHostTables(storage)
  await migrateOwnTables(storage)
  await host.query(
    "insert into glpi_entities (id, entities_id, name, level) values (0, -1, 'Root entity', 1)",
  )
  return { url, storage, host }
}

/** What is asked: a RIO by each storage method, numbers, and what is typed into the search field. */
export type Asked = Partial<Record<RioStorageMethod | 'phone' | 'extension' | 'search', string>>

/** One process beside the database, with what it remembers between look-ups. */
export function processOn(storage: Storage, startBackground: () => void = () => undefined) {
  const settings = createSettings(storage)
  const dependencies = {
    storage,
    settings,
    entityTree: createEntityTree(storage),
    decodeText: createHostText('named').decode,
  }
  const follow = createFollower(dependencies, startBackground)
  const journal = createJournal(storage)
  const onAnswer = () => undefined
  const lookupsBy = (method: RioStorageMethod) =>
    createLookups({
      storage,
      follow: Object.assign(async () => ({ ...(await follow()), method }), {
        keeping: async () => ({ ...(await follow.keeping()), method }),
        judge: follow.judge,
      }),
      journal,
      onAnswer,
    })
  const lookups = {
    custom_table: lookupsBy('custom_table'),
    name: lookupsBy('name'),
    registration_number: lookupsBy('registration_number'),
  }
  const search = createSearch({ storage, journal, onAnswer })

  const answerTo = async (agent: Agent, typed: string) =>
    search(agent, LOCAL, { typed, limit: 50 }, await follow())

  async function idsOf(agent: Agent, kind: keyof Asked, typed: string): Promise<number[]> {
    if (kind === 'search') {
      const { items } = await answerTo(agent, typed)
      return items.map(({ user }) => user.id).sort((one, other) => one - other)
    }
    const users =
      kind === 'phone' || kind === 'extension'
        ? await lookups.custom_table.byNumber(agent, LOCAL, { kind, key: typed }, typed)
        : await lookups[kind].byRio(agent, LOCAL, typed)
    return users.map(({ id }) => id)
  }

  return {
    storage,
    settings,
    dependencies,
    follow,
    search: answerTo,
    /** The ids of those who are found, by what was asked; one look-up after another. */
    async who(agent: Agent, questions: Asked): Promise<Record<string, number[]>> {
      const found: Record<string, number[]> = {}
      for (const [kind, typed] of Object.entries(questions)) {
        found[kind] = await idsOf(agent, kind as keyof Asked, typed)
      }
      return found
    },
  }
}

export type Process = ReturnType<typeof processOn>
