import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Job } from '../../../contract/jobs.ts'
import { startApp, V1 } from '../../../test/support/app.ts'
import { either, embeddedOnly } from '../../../test/support/helpdesk.ts'

const it = await startApp()
const alice = await it.logIn('alice')
const address = await it.listen()
const CSV = { 'content-type': 'text/csv' }

/** People to be made; beside a host, which makes its own, RIOs of people whom nobody knows. */
const fileOf = (name: string, lines: number): string =>
  either({
    embedded: [
      'login,lastname,phone',
      ...Array.from({ length: lines }, (_, n) => `${name}.${n},${name},01 99 00 ${1000 + n}`),
    ],
    attached: ['login,rio', ...Array.from({ length: lines }, (_, n) => `${name}.${n},${1000 + n}`)],
  }).join('\n')
const IMPORTS = `${V1}/imports${either({ embedded: '', attached: '?mode=rios' })}`

async function start(file: string): Promise<Job> {
  const answer = await it.askAs(alice, IMPORTS, { method: 'POST', headers: CSV, payload: file })
  expect(answer.statusCode, answer.body).toBe(202)
  return answer.json()
}

const read = async (id: number): Promise<Job> => (await it.askAs(alice, `${V1}/jobs/${id}`)).json()

async function ended(id: number): Promise<Job> {
  for (;;) {
    const job = await read(id)
    if (job.finishedAt !== null) return job
    await sleep(20)
  }
}

interface Event {
  event: string
  job: Job
}

async function follow(
  id: number,
  token = alice,
): Promise<{ status: number; type: string | null; events: Event[] }> {
  const answer = await fetch(`${address}${V1}/jobs/${id}/events`, { headers: { 'session-token': token } })
  const events = (await answer.text()).split('\n\n').flatMap((block) => {
    const event = /^event: (.*)$/m.exec(block)?.[1]
    const data = /^data: (.*)$/m.exec(block)?.[1]
    return event === undefined || data === undefined ? [] : [{ event, job: JSON.parse(data) }]
  })
  return { status: answer.status, type: answer.headers.get('content-type'), events }
}

describe('the events of a job', () => {
  test('tell its progress and end with it', async () => {
    const { id } = await start(fileOf('jo.events', 4000))
    const { status, type, events } = await follow(id)
    expect([status, type]).toEqual([200, 'text/event-stream'])
    expect(events.length).toBeGreaterThan(1)
    expect(events.slice(0, -1).every(({ event }) => event === 'progress')).toBe(true)
    const done = events.map(({ job }) => job.done)
    expect(done).toEqual([...done].sort((one, other) => one - other))
    expect(events.at(-1)).toEqual({ event: 'end', job: await read(id) })
  })
  test('of an ended job are its end alone', async () => {
    const { id } = await start(fileOf('jo.ended', 1))
    await ended(id)
    expect((await follow(id)).events.map(({ event }) => event)).toEqual(['end'])
  })
  test('of a job that is not there are a 404', async () => {
    expect((await follow(4711)).status).toBe(404)
  })
  embeddedOnly('a host ends its sessions; an open stream is told within minutes', () => {
    test('end with the session', { timeout: 20_000 }, async () => {
      // A job that never goes on: another process holds it.
      const { id } = await start(fileOf('jo.session', 1))
      await ended(id)
      const { storage } = it.services
      await storage.write('full', (tx) =>
        tx
          .updateTable('glpi_plugin_callmanager_jobs')
          .set({
            state: 'running',
            finished_at: null,
            lease_owner: 'another',
            lease_until: Date.now() + 60_000,
          })
          .where('id', '=', id)
          .execute(),
      )
      const token = await it.logIn('alice')
      const following = follow(id, token)
      await sleep(100)
      await it.askAs(token, `${V1}/session`, { method: 'DELETE' })
      expect((await following).events.map(({ event }) => event)).toEqual(['progress'])
      await it.askAs(alice, `${V1}/jobs/${id}`, { method: 'DELETE' })
    })
  })
})

test('a job that is cancelled stops, and what it did stays', async () => {
  const { id } = await start(fileOf('jo.cancel', 20_000))
  while ((await read(id)).done === 0) await sleep(5)
  expect((await it.askAs(alice, `${V1}/jobs/${id}`, { method: 'DELETE' })).statusCode).toBe(204)
  const cancelled = await read(id)
  expect(cancelled.state).toBe('cancelled')
  await sleep(300)
  expect(await read(id)).toEqual(cancelled)
  const { db } = it.services.storage
  const people = await db.selectFrom('glpi_users').select('id').where('name', 'like', 'jo.cancel%').execute()
  expect(people).toHaveLength(cancelled.created)
  const parts = await db
    .selectFrom('glpi_plugin_callmanager_job_parts')
    .select('number')
    .where('jobs_id', '=', id)
    .execute()
  expect(parts).toEqual([])
  expect((await it.askAs(alice, `${V1}/jobs/${id}`, { method: 'DELETE' })).statusCode).toBe(409)
})

test('the same file once more, while it is being imported, is the same job', async () => {
  const file = fileOf('jo.same', 6000)
  const [one, other] = [await start(file), await start(file)]
  expect(other.id).toBe(one.id)
  await ended(one.id)
  expect((await start(file)).id).not.toBe(one.id)
})

test('jobs are listed newest first, page by page', async () => {
  for (let n = 0; n < 3; n++) await ended((await start(fileOf(`jo.list.${n}`, 1))).id)
  const all: Job[] = (await it.askAs(alice, `${V1}/jobs?limit=100`)).json().items
  expect(all.map(({ id }) => id)).toEqual([...all.map(({ id }) => id)].sort((one, other) => other - one))
  const paged: number[] = []
  for (let url: string | null = `${V1}/jobs?limit=2`; url !== null; ) {
    const page: { items: Job[]; next: string | null } = (await it.askAs(alice, url)).json()
    paged.push(...page.items.map(({ id }) => id))
    url = page.next
  }
  expect(paged).toEqual(all.map(({ id }) => id))
  expect((await it.askAs(alice, `${V1}/jobs?cursor=nonsense`)).statusCode).toBe(422)
})

test('a job that leaves nothing to take back has no undo', async () => {
  const { id } = await ended((await start(fileOf('jo.undo', 1))).id)
  expect((await it.askAs(alice, `${V1}/jobs/${id}/undo`)).statusCode).toBe(404)
  const refused = either({ embedded: '', attached: '2,login,nobody within your entities has it\n' })
  expect((await it.askAs(alice, `${V1}/jobs/${id}/report`)).body).toBe(`line,column,reason\n${refused}`)
})

test('old jobs and files that never arrived are forgotten', async () => {
  const { id } = await ended((await start(fileOf('jo.old', 1))).id)
  await it.services.jobs.purge(Date.now() + 89 * 86_400_000)
  expect((await read(id)).id).toBe(id)
  await it.services.jobs.purge(Date.now() + 91 * 86_400_000)
  expect((await it.askAs(alice, `${V1}/jobs/${id}`)).statusCode).toBe(404)
})
