import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { API, V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'

describe.skipIf(inject('mariadbSocket') === '')('attached, long work', () => {
  const attached = useAttached()
  let ask: Awaited<ReturnType<ReturnType<typeof attached>['as']>>['ask']
  const people: number[] = []

  beforeAll(async () => {
    ask = (await attached().as('alice')).ask
    for (const [index, registrationNumber] of ['0010001', '0010002', ''].entries()) {
      people.push(await attached().addPerson({ login: `person${index}`, registrationNumber }))
    }
  })

  async function ended(location: string) {
    for (;;) {
      const job = (await ask(location)).json()
      if (job.finishedAt !== null) return job
      await sleep(50)
    }
  }

  test('imports RIOs alone into our own table, and refuses a line that could not be kept as it is', async () => {
    const payload = `login;rio\nperson0;0020001\nperson1;${'<'.repeat(100)}\nperson2;a&lt;b\nnobody;0020004\n`
    const headers = { 'content-type': 'text/csv' }
    const begun = await ask(`${V1}/imports?mode=rios&match=login`, { method: 'POST', headers, payload })
    expect(begun.statusCode).toBe(202)
    const job = await ended(String(begun.headers.location))
    expect(job).toMatchObject({ state: 'done', changed: 1, failed: 3 })
    expect((await ask(`${API}/users/0020001`)).json()).toMatchObject({ users: [{ id: people[0] }] })
  })

  test('copies registration numbers into our own table, and takes that back', async () => {
    const { settings } = attached().app.services
    await settings.set('rio_storage_method', 'registration_number')
    const change = { method: 'POST', payload: { to: 'custom_table', replaces: true } } as const
    const begun = await ask(`${V1}/storage-method/change`, change)
    expect(begun.statusCode).toBe(202)
    const job = await ended(String(begun.headers.location))
    expect(job).toMatchObject({ state: 'done', changed: 2 })
    settings.forget()
    expect((await settings.read()).rio_storage_method).toBe('custom_table')
    expect((await ask(`${API}/users/0010002`)).json()).toMatchObject({
      users: [{ id: people[1], rio: '0010002' }],
    })
    const undo = await ask(`${V1}/jobs/${job.id}/undo`, { method: 'POST' })
    await ended(String(undo.headers.location))
    settings.forget()
    expect((await settings.read()).rio_storage_method).toBe('registration_number')
  })

  test('previews a change to a column of the host, and says how that is done', async () => {
    await attached().app.services.settings.set('rio_storage_method', 'custom_table')
    const payload = { to: 'registration_number' }
    const preview = await ask(`${V1}/storage-method/preview`, { method: 'POST', payload })
    expect(await ended(String(preview.headers.location))).toMatchObject({ state: 'done', dryRun: true })
    const answer = await ask(`${V1}/storage-method/change`, { method: 'POST', payload })
    expect(answer.json()).toMatchObject({
      type: '/problems/done-by-host',
      detail: expect.stringContaining('rio_storage_method'),
    })
  })

  test('writes nothing to the host but what our account may', () => {
    expect(attached().host.calls.every(({ path }) => path === 'getFullSession')).toBe(true)
  })
})
