import { randomUUID } from 'node:crypto'
import { afterAll, inject } from 'vitest'
import { openStorage, type Storage } from '../../server/storage/storage.ts'
import type { ServerProcess } from '../kill/server-process.ts'
import { newStore, spawnOn } from '../kill/servers.ts'
import { newMariaDatabase } from '../support/maria-database.ts'

const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A new, empty database, and a look into it; gone after the `describe`. */
export async function newDatabase(): Promise<{ url: string; storage: Storage }> {
  const { url, remove } = await newMariaDatabase(inject('mariadbSocket'), 'together')
  const storage = await openStorage(url)
  closing.push(async () => {
    await storage.close()
    await remove()
  })
  return { url, storage }
}

/** Servers on this database that have loaded their modules, each with a folder of its own, and wait to be started. */
export function spawnServers(url: string, count: number): Promise<ServerProcess[]> {
  return Promise.all(
    Array.from({ length: count }, () => spawnOn(newStore(randomUUID()).dataDir, { DATABASE_URL: url })),
  )
}

/** Asks a server as who has this session; answers its status and what it says. */
export async function ask(
  address: string,
  token: string,
  path: string,
  { method = 'GET', body, type = 'application/json', ...headers }: Record<string, string> = {},
): Promise<{ status: number; body: Record<string, unknown>; etag: string }> {
  const answer = await fetch(`${address}/plugins/callmanager/${path}`, {
    method,
    headers: { 'session-token': token, ...(body !== undefined && { 'content-type': type }), ...headers },
    ...(body !== undefined && { body }),
  })
  const said = (await answer.json()) as Record<string, unknown>
  return { status: answer.status, body: said, etag: answer.headers.get('etag') ?? '' }
}
