import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Job } from '../../../contract/jobs.ts'
import { ALICE, API, DOCUMENTED_RIO, startApp } from '../../../test/support/app.ts'
import { either, embeddedOnly } from '../../../test/support/helpdesk.ts'
import { PROFILES } from '../../../test/support/people.ts'
import { hashPassword } from '../../helpdesk/embedded/passwords.ts'

const URL = '/plugins/callmanager/api/v1/storage-method'

test('the method is told with what each place holds', async () => {
  const it = await startApp({}, false)
  const { services } = it
  const { superAdmin } = PROFILES
  const password = await hashPassword(ALICE.password)
  await it.people.addUser({
    ...ALICE,
    password,
    memberships: [{ entity: 0, recursive: 1, profile: superAdmin }],
  })
  await it.people.addUser({ login: 'anne', rio: '1', registration_number: '' })
  await it.people.addUser({ login: 'bert', rio: '', registration_number: '2' })
  await it.people.addUser({ login: 'carl', rio: null, registration_number: '3' })
  // More than one chunk.
  await it.people.addUsers(2100, (number) => ({ login: `user ${number}`, rio: `r${number}` }))
  await services.settings.set('rio_storage_method', 'registration_number')
  const token = await it.logIn('alice')
  const answers = await Promise.all([it.askAs(token, URL), it.askAs(token, URL)])
  for (const answer of answers) {
    expect(answer.json()).toEqual({
      method: 'registration_number',
      people: 2104,
      places: [
        { method: 'custom_table', people: 2101 },
        { method: 'name', people: 2104 },
        { method: 'registration_number', people: 2 },
      ],
    })
  }
})

describe('a change', () => {
  const V1 = '/plugins/callmanager/api/v1'

  async function begin() {
    const it = await startApp()
    const alice = await it.logIn('alice')
    const post = (url: string, body?: object) =>
      it.askAs(alice, url, { method: 'POST', ...(body !== undefined && { payload: body }) })
    async function ended(answer: Awaited<ReturnType<typeof post>>): Promise<Job> {
      expect(answer.statusCode, answer.body).toBe(202)
      expect(answer.headers.location).toBe(`${V1}/jobs/${answer.json().id}`)
      for (;;) {
        const job: Job = (await it.askAs(alice, `${V1}/jobs/${answer.json().id}`)).json()
        if (job.finishedAt !== null) return job
        await sleep(20)
      }
    }
    const get = (url: string) => it.askAs(alice, url)
    return { it, post, get, ended }
  }

  embeddedOnly('a host’s columns are filled there; `test/attached/jobs.test.ts` fills our own table', () => {
    test('is previewed, made and taken back', async () => {
      const { it, post, get, ended } = await begin()
      const bob = await it.logIn('bob')
      const found = async () => (await get(`${API}/users/${DOCUMENTED_RIO}`)).json().users[0].id
      const before = await found()

      const preview = await ended(await post(`${URL}/preview`, { to: 'name' }))
      expect(preview).toMatchObject({ kind: 'method_change', state: 'done', dryRun: true })
      expect(preview.details?.copied).toBeGreaterThan(0)
      expect(preview.details?.logins).toBe(preview.details?.copied)
      expect((await get(URL)).json().method).toBe('custom_table')

      const job = await ended(await post(`${URL}/change`, { to: 'registration_number', replaces: true }))
      expect(job).toMatchObject({ state: 'done', dryRun: false, failed: 0 })
      it.services.settings.forget()
      expect((await get(URL)).json().method).toBe('registration_number')
      expect(await found()).toBe(before)
      const undo = await get(`${V1}/jobs/${job.id}/undo`)
      expect(undo.headers['content-type']).toBe('text/csv; charset=utf-8')
      expect(undo.body.split('\n')).toHaveLength(job.changed + 2)

      expect((await it.askAs(bob, `${V1}/jobs/${job.id}/undo`, { method: 'POST' })).statusCode).toBe(403)
      expect((await post(`${V1}/jobs/4711/undo`)).statusCode).toBe(404)
      expect((await post(`${V1}/jobs/${preview.id}/undo`)).statusCode).toBe(409)
      const back = await ended(await post(`${V1}/jobs/${job.id}/undo`))
      expect(back).toMatchObject({ kind: 'method_undo', state: 'done', changed: job.changed, failed: 0 })
      it.services.settings.forget()
      expect((await get(URL)).json().method).toBe('custom_table')
      expect(await found()).toBe(before)
    })
  })

  test('is refused where it is none, or would change logins unasked', async () => {
    const { post } = await begin()
    const refused = async (path: string, body: object) => {
      const answer = await post(`${URL}/${path}`, body)
      return [answer.statusCode, answer.json().field]
    }
    for (const path of ['preview', 'change']) {
      expect(await refused(path, { to: 'custom_table' })).toEqual([422, 'to'])
      expect(await refused(path, { to: 'elsewhere' })).toEqual([400, 'to'])
      expect((await refused(path, {}))[0]).toBe(400)
      expect(await refused(path, { to: 'name', replaces: 'perhaps' })).toEqual([400, 'replaces'])
    }
    const unasked = either({ embedded: [422, 'changesLogins'], attached: [404, undefined] })
    expect(await refused('change', { to: 'name' })).toEqual(unasked)
    expect(await refused('change', { to: 'name', changesLogins: false })).toEqual(unasked)
    expect((await refused('preview', { to: 'name', changesLogins: true }))[0]).toBe(400)
  })

  test('is not begun while another is under way', async () => {
    const { it, post } = await begin()
    const { storage } = it.services
    const answer = await post(`${URL}/preview`, { to: 'name' })
    // Another process holds it.
    await storage.write('full', (tx) =>
      tx
        .updateTable('glpi_plugin_callmanager_jobs')
        .set({ state: 'running', lease_owner: 'another', lease_until: Date.now() + 60_000 })
        .where('id', '=', answer.json().id)
        .execute(),
    )
    // A change to a column of the host is refused as such.
    const path = either({ embedded: 'change', attached: 'preview' })
    const second = await post(`${URL}/${path}`, { to: 'registration_number' })
    expect([second.statusCode, second.json().type]).toEqual([409, '/problems/job-running'])
  })
})
