import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import type { Storage } from '../../server/storage/storage.ts'
import type { ServerProcess } from '../kill/server-process.ts'
import { errorsIn } from '../kill/servers.ts'
import { type Filling, fillDatabase } from '../kill/store.ts'
import { within } from '../kill/within.ts'
import { ask, newDatabase, spawnServers } from './together.ts'

const LINES = 1500
const WRITERS = 6
/** What an administrator changes is seen everywhere within a second; the rest is the machine's. */
const SEEN_WITHIN_MS = 2000

describe.skipIf(inject('mariadbSocket') === '')('two servers on one database', () => {
  let storage: Storage
  let filling: Filling
  let servers: ServerProcess[]
  let one: Ask
  let other: Ask
  type Ask = (
    ...question: Parameters<typeof ask> extends [string, string, ...infer Rest] ? Rest : never
  ) => ReturnType<typeof ask>

  beforeAll(async () => {
    const made = await newDatabase()
    storage = made.storage
    filling = await fillDatabase(made.url)
    servers = await spawnServers(made.url, 2)
    const [first = '', second = ''] = await Promise.all(servers.map((server) => server.start()))
    const { token } = filling.writer
    one = (...question) => ask(first, token, ...question)
    other = (...question) => ask(second, token, ...question)
    await within('building the index', indexWhole(first))
  })

  async function indexWhole(address: string): Promise<void> {
    for (;;) {
      const readiness = (await (await fetch(`${address}/readyz`)).json()) as { index: string }
      if (readiness.index === 'whole') return
      await sleep(100)
    }
  }

  async function ended(asked: Ask, id: unknown) {
    for (;;) {
      const { body } = await asked(`api/v1/jobs/${id}`)
      if (body.finishedAt !== null) return body
      await sleep(50)
    }
  }

  it('see within a second what is set in the other', async () => {
    const phone = '+41 21 345 67 89'
    expect(
      await one('api/v1/users', {
        method: 'POST',
        body: JSON.stringify({ login: 'geneva', phone, entityId: 0 }),
      }),
    ).toMatchObject({ status: 201 })
    const search = () => other(`api/v1/search?q=${encodeURIComponent('021 345 67 89')}`)
    expect(await search()).toMatchObject({ body: { items: [] } })
    const country = JSON.stringify({ defaultCountry: 'CH' })
    const changed = await one('api/v1/settings', { method: 'PATCH', body: country, 'if-match': '*' })
    expect(changed).toMatchObject({ status: 200 })
    const since = performance.now()
    let found: unknown[] = []
    while (found.length === 0 && performance.now() - since < SEEN_WITHIN_MS) {
      found = (await search()).body.items as unknown[]
    }
    expect(found).toHaveLength(1)
  })

  /** Writes RIOs of some people by the other server, without pause, until it is stopped; then answers the last of each. */
  function startWriting(): () => Promise<Map<number, string>> {
    const acknowledged = new Map<number, string>()
    let writing = true
    async function write(id: number): Promise<void> {
      for (let number = 0; writing; number++) {
        const rio = `W${id}-${number}`
        const body = JSON.stringify({ rio })
        const answer = await other(`api/v1/users/${id}/rio`, { method: 'PUT', body, 'if-match': '*' })
        // Of two who know the place of then only, one comes too late and is told so.
        if (answer.status === 412) continue
        expect(answer).toMatchObject({ status: 200, body: { rio } })
        acknowledged.set(id, rio)
      }
    }
    const writers = Promise.all(filling.people.slice(0, WRITERS).map(({ id }) => write(id)))
    writers.catch(() => undefined)
    return async () => {
      await sleep(300)
      writing = false
      await writers
      return acknowledged
    }
  }

  async function done(started: Awaited<ReturnType<Ask>>) {
    expect(started).toMatchObject({ status: 202 })
    const job = await ended(one, started.body.id)
    expect(job).toMatchObject({ state: 'done', problem: '' })
  }

  it('lose no RIO that one writes while the other changes where they are kept', async () => {
    const stop = startWriting()
    await sleep(300)
    const body = JSON.stringify({ to: 'registration_number', replaces: true })
    await done(await one('api/v1/storage-method/change', { method: 'POST', body }))
    const acknowledged = await stop()
    expect(acknowledged.size).toBe(WRITERS)
    // Settings are remembered for a second, and where RIOs are kept is one of them.
    await sleep(1100)
    for (const [id, rio] of acknowledged) {
      for (const asked of [one, other]) {
        expect(await asked(`api.php/users/${rio}`)).toMatchObject({ body: { users: [{ id, rio }] } })
      }
    }
  }, 180_000)

  it('take a change back while RIOs are written', async () => {
    const { body } = await one('api/v1/jobs')
    const [newest] = body.items as { id: number }[]
    const stop = startWriting()
    await done(await one(`api/v1/jobs/${newest?.id}/undo`, { method: 'POST' }))
    await stop()
    expect((await other('api/v1/storage-method')).body).toMatchObject({ method: 'custom_table' })
  }, 120_000)

  it('import at the same time, and nothing twice', async () => {
    const line = (n: number) => `both-${n},Nom ${n},B${8_000_000 + n}`
    const numbers = Array.from({ length: LINES }, (_, n) => n)
    const head = 'login,lastname,rio'
    const forth = [head, ...numbers.map(line)].join('\n')
    // The other way round, so that they meet in the middle.
    const back = [head, ...numbers.map((n) => line(n + 500)).reverse()].join('\n')
    const post = (asked: Ask, body: string) =>
      asked('api/v1/imports', { method: 'POST', body, type: 'text/csv' })
    const started = await Promise.all([post(one, forth), post(other, back), post(other, forth)])
    expect(started.map(({ status }) => status)).toEqual([202, 202, 202])
    const jobs = await within(
      'importing',
      Promise.all(started.map(({ body }, number) => ended(number === 0 ? one : other, body.id))),
    )
    for (const job of jobs) expect(job).toMatchObject({ state: 'done', failed: 0, done: LINES })
    const distinct = new Map(jobs.map((job) => [job.id, Number(job.created)]))
    expect([...distinct.values()].reduce((sum, created) => sum + created, 0)).toBe(LINES + 500)

    const people = await storage.db
      .selectFrom('glpi_users as user')
      .leftJoin('glpi_plugin_callmanager_users as kept', 'kept.users_id', 'user.id')
      .select(['user.name', 'kept.rio_number'])
      .where('user.name', 'like', 'both-%')
      .execute()
    expect(people.map(({ name, rio_number: rio }) => `${name} ${rio}`).sort()).toEqual(
      Array.from({ length: LINES + 500 }, (_, n) => `both-${n} B${8_000_000 + n}`).sort(),
    )
  }, 120_000)

  it('have written no errors', () => {
    expect(servers.flatMap(errorsIn)).toEqual([])
  })
})
