import type { KyselyPlugin } from 'kysely'
import type { Storage } from '../../server/storage/storage.ts'

/**
 * The storage of a process that is killed before its statement number `allowed + 1`, counted over migrations and
 * transactions alike.
 */
export function killedAfter(storage: Storage, allowed: number): Storage {
  let left = allowed
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      if (left-- === 0) throw new Error('killed')
      return node
    },
    transformResult: async ({ result }) => result,
  }
  return {
    ...storage,
    schema: storage.schema.withPlugin(plugin),
    write: (durability, work) => storage.write(durability, (tx) => work(tx.withPlugin(plugin))),
  }
}
