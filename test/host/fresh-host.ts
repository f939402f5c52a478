import { afterAll, beforeAll, inject } from 'vitest'
import { type MariaDatabase, newMariaDatabase } from '../support/maria-database.ts'
import { type Host, type HostOptions, startHost } from './host.ts'
import { type SeededHost, type SeedOptions, seedHost } from './seed.ts'

/** A database of its own, a fresh ITSM-NG in it, and its API. */
export interface FreshHost extends SeededHost {
  databaseUrl: string
  host: Host
}

type Options = SeedOptions & Omit<HostOptions, 'databaseUrl'>

/**
 * Makes a host before the tests of the surrounding block, and takes it away after them; that fails where one of them asked
 * what no host is known to answer. The block is to be skipped where no MariaDB is installed.
 */
export function useHost(options: Options = {}): () => FreshHost {
  let database: MariaDatabase | undefined
  let fresh: FreshHost | undefined
  beforeAll(async () => {
    database = await newMariaDatabase(inject('mariadbSocket'), 'test')
    const { url } = database
    const seeded = await seedHost(url, options)
    fresh = { ...seeded, databaseUrl: url, host: await startHost({ databaseUrl: url, ...options }) }
  })
  afterAll(async () => {
    try {
      await fresh?.db.close()
      await fresh?.host.stop()
    } finally {
      await database?.remove()
    }
  })
  return () => {
    if (fresh === undefined) throw new Error('the host is made before the tests, not before the block')
    return fresh
  }
}
