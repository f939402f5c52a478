import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest'
import { HOST_PROFILES } from '../host/people.ts'
import { API, V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'

const ANY = { 'if-match': '*' }

describe.skipIf(inject('mariadbSocket') === '')('attached, what an agent writes', () => {
  const attached = useAttached({ openId: true })
  let users = 0
  let zoe = 0
  let ask: Awaited<ReturnType<ReturnType<typeof attached>['as']>>['ask']

  beforeAll(async () => {
    await attached().setRight(HOST_PROFILES.technician, 'user', 1055)
    ask = (await attached().as('bob')).ask
  })
  beforeEach(async () => {
    await method('custom_table')
    zoe = await attached().addPerson({ login: `zoe${++users}`, lastname: 'Zo', memberships: [{ entity: 1 }] })
    attached().host.calls.length = 0
  })

  async function method(name: string): Promise<void> {
    const { settings } = attached().app.services
    await settings.set('rio_storage_method', name)
  }
  const putRio = (id: number, rio: string, more = {}) =>
    ask(`${V1}/users/${id}/rio`, { method: 'PUT', headers: ANY, payload: { rio, ...more } })
  const columnsOf = (id: number) =>
    attached().db.row('select name, registration_number from glpi_users where id = ?', [id])

  describe('a RIO', () => {
    test('in our own table is written by us, with a line in the history, and the host is not asked', async () => {
      const { host, db } = attached()
      expect((await putRio(zoe, '0012345')).json()).toMatchObject({ rio: '0012345', method: 'custom_table' })
      expect(host.calls.filter((call) => call.method !== 'GET')).toEqual([])
      const line = await db.row(
        "select * from glpi_logs where itemtype = 'User' and items_id = ? order by id desc",
        [zoe],
      )
      expect(line).toMatchObject({ user_name: `Tech (${attached().ids.bob})`, new_value: 'RIO: – → 0012345' })
    })

    test.each([
      ['registration_number', { registration_number: '0099887' }, {}],
      ['name', { name: '0099887' }, { changesLogin: true }],
    ])('in %s is written by the host as the agent, and found at once', async (name, stored, more) => {
      const { host, db } = attached()
      await method(name)
      expect((await putRio(zoe, '0099887', more)).statusCode).toBe(200)
      expect(host.calls).toEqual([{ method: 'PUT', path: `User/${zoe}`, status: 200 }])
      expect(await columnsOf(zoe)).toMatchObject(stored)
      const line = await db.row("select user_name from glpi_logs where itemtype = 'User' and items_id = ?", [
        zoe,
      ])
      expect(line?.user_name).toBe(`Tech (${attached().ids.bob})`)
      expect((await ask(`${API}/users/0099887`)).json()).toMatchObject({
        users: [{ id: zoe, rio: '0099887' }],
      })
      await db.run('update glpi_users set registration_number = null, name = ? where id = ?', [
        `gone${zoe}`,
        zoe,
      ])
    })

    test.each([
      ['an emoji', '👩‍💻', /four bytes/],
      ['what is too long once it is stored', '<'.repeat(100), /holds 255 characters, and this is 400/],
      ['an entity, which would be read as another character', 'a&lt;b', /read some of its characters/],
    ])('with %s is refused before the host is asked, with what to do', async (_what, rio, detail) => {
      await method('registration_number')
      const answer = await putRio(zoe, rio)
      expect(answer.statusCode).toBe(422)
      expect(answer.json()).toMatchObject({ field: 'rio', detail: expect.stringMatching(detail) })
      expect(attached().host.calls).toEqual([])
      expect(await columnsOf(zoe)).toMatchObject({ registration_number: null })
    })

    test.each(['registration_number', 'name'])(
      'of a person whom a directory owns is refused in %s',
      async (name) => {
        await method(name)
        await attached().db.run('update glpi_users set authtype = 3 where id = ?', [zoe])
        const answer = await putRio(zoe, '0011223', { changesLogin: true })
        expect(answer.json()).toMatchObject({ type: '/problems/directory-owned' })
        expect((await ask(`${V1}/users/${zoe}/rio`)).json()).toMatchObject({
          writable: false,
          reason: expect.stringMatching(/directory/),
        })
        expect(attached().host.calls).toEqual([])
      },
    )

    test('is no login for somebody whose logins an OpenID provider gives', async () => {
      await method('name')
      const { db } = attached()
      await db.run('insert into glpi_oidc_users (user_id) values (?)', [zoe])
      const answer = await putRio(zoe, '0022113', { changesLogin: true })
      expect(answer.json()).toMatchObject({ type: '/problems/directory-owned', field: 'rio' })
      expect(attached().host.calls).toEqual([])
    })

    test('that the host changes on its way is told, not taken as written', async () => {
      const { host } = attached()
      await method('registration_number')
      await host.fault('changesValues')
      try {
        const answer = await putRio(zoe, '0055443')
        expect(answer.statusCode).toBe(502)
        expect(answer.json()).toMatchObject({ type: '/problems/stored-otherwise' })
      } finally {
        await host.fault(null)
      }
    })

    test('that is the login of somebody else is a conflict, and nobody is changed', async () => {
      await method('name')
      const answer = await putRio(zoe, 'CHARLIE', { changesLogin: true })
      expect(answer.statusCode).toBe(409)
      expect(attached().host.calls).toEqual([])
    })

    test('of somebody out of scope is not to be had, whatever the method', async () => {
      const far = await attached().addPerson({ login: `far${zoe}`, memberships: [{ entity: 2 }] })
      for (const name of ['custom_table', 'registration_number']) {
        await method(name)
        expect((await putRio(far, '0033221')).statusCode).toBe(404)
      }
      expect(attached().host.calls).toEqual([])
    })

    test('whose host does not answer is an error, and nothing is written', async () => {
      const { host } = attached()
      await method('registration_number')
      await host.fault('down')
      try {
        expect((await putRio(zoe, '0077665')).statusCode).toBe(503)
      } finally {
        await host.fault(null)
      }
      expect(await columnsOf(zoe)).toMatchObject({ registration_number: null })
    })

    test.each([
      ['registration_number', {}],
      ['name', { changesLogin: true }],
    ])('in %s whose answer the host has lost is no failure where it is there', async (name, more) => {
      const { host } = attached()
      await method(name)
      await host.fault('answerLost')
      try {
        const answer = await putRio(zoe, `00${zoe}11`, more)
        expect(answer.statusCode).toBe(200)
        expect(answer.json()).toMatchObject({ rio: `00${zoe}11` })
      } finally {
        await host.fault(null)
      }
    })

    test('that is refused as shared goes to one of two who ask at the same moment', async () => {
      const { app, addPerson } = attached()
      await method('registration_number')
      await app.services.settings.set('shared_rios', 'refused')
      try {
        const yann = await addPerson({ login: `yann${zoe}`, memberships: [{ entity: 1 }] })
        const answers = await Promise.all([putRio(zoe, '0066554'), putRio(yann, '0066554')])
        expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409])
      } finally {
        await app.services.settings.set('shared_rios', 'allowed')
      }
    })

    test('that a host has given to somebody, whose answer was lost, is not free for who waits behind', async () => {
      const { app, host, db } = attached()
      await method('registration_number')
      await app.services.settings.set('shared_rios', 'refused')
      await host.fault('answerLost')
      try {
        const payload = { login: `lost${zoe}`, entityId: 1, rio: '0044556' }
        const creating = ask(`${V1}/users`, { method: 'POST', payload })
        const waiting = putRio(zoe, '0044556')
        expect([await creating, await waiting].map(({ statusCode }) => statusCode)).toContain(409)
        const holders = await db.rows("select id from glpi_users where registration_number = '0044556'", [])
        expect(holders).toHaveLength(1)
      } finally {
        await host.fault(null)
        await app.services.settings.set('shared_rios', 'allowed')
      }
    })

    test.each(['allowed', 'refused'] as const)(
      'is given by one of two who have seen the same state, with shared ones %s',
      async (shared) => {
        const { app } = attached()
        await method('registration_number')
        await app.services.settings.set('shared_rios', shared)
        try {
          const headers = { 'if-match': String((await ask(`${V1}/users/${zoe}/rio`)).headers.etag) }
          const answers = await Promise.all(
            [`00121${zoe}`, `00343${zoe}`].map((rio) =>
              ask(`${V1}/users/${zoe}/rio`, { method: 'PUT', headers, payload: { rio } }),
            ),
          )
          expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412])
        } finally {
          await app.services.settings.set('shared_rios', 'allowed')
        }
      },
    )

    test('that was on its way while RIOs moved elsewhere is told, not left behind', async () => {
      const { host } = attached()
      await method('registration_number')
      await ask(`${V1}/users/${zoe}/rio`)
      await host.fault({ slow: 500 })
      try {
        const writing = putRio(zoe, '0088776')
        await vi.waitFor(() => expect(host.calls.some((call) => call.method === 'PUT')).toBe(true))
        await method('custom_table')
        const answer = await writing
        expect(answer.statusCode).toBe(412)
        expect(answer.json()).toMatchObject({ type: '/problems/changed-meanwhile' })
      } finally {
        await host.fault(null)
      }
    })

    test('of more people at once than there are connections is written, where shared ones are refused', async () => {
      const { app, addPerson } = attached()
      await method('registration_number')
      await app.services.settings.set('shared_rios', 'refused')
      try {
        const ids = []
        for (let n = 10; n < 30; n++) {
          ids.push(await addPerson({ login: `many${n}-${zoe}`, memberships: [{ entity: 1 }] }))
        }
        const answers = await Promise.all(ids.map((id, n) => putRio(id, `00700${n + 10}`)))
        expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
      } finally {
        await app.services.settings.set('shared_rios', 'allowed')
      }
    })
  })

  describe('a person', () => {
    test('is created by the host, with a RIO, mail and profile', async () => {
      const { host, db } = attached()
      const payload = {
        login: `new${zoe}`,
        lastname: 'Nouvelle <i>',
        phone: '0102030405',
        emails: ['n@example.org'],
        entityId: 1,
        rio: '0044332',
      }
      const answer = await ask(`${V1}/users`, { method: 'POST', payload })
      expect(answer.statusCode).toBe(201)
      expect(answer.json()).toMatchObject({
        login: payload.login,
        lastname: 'Nouvelle <i>',
        emails: ['n@example.org'],
      })
      expect(host.calls).toContainEqual({ method: 'POST', path: 'User', status: 201 })
      const { id } = answer.json()
      expect(await db.row('select realname from glpi_users where id = ?', [id])).toEqual({
        realname: 'Nouvelle &lt;i&gt;',
      })
      expect((await ask(`${API}/users/0044332`)).json()).toMatchObject({ users: [{ id }] })
    })

    test.each([
      ['a login that is taken', { login: 'bob' }, 409],
      ['a password, which is the host’s', { login: 'pw', password: 'long-enough' }, 404],
      ['dates, which are the host’s', { login: 'dates', endDate: '2030-01-01T00:00:00Z' }, 422],
      ['an emoji in a name', { login: 'emo', lastname: '👩‍💻' }, 422],
      ['an entity out of scope', { login: 'out', entityId: 2 }, 422],
      [
        'a profile in entities below, where the writer has none',
        {
          login: 'below',
          profiles: [{ profileId: HOST_PROFILES.selfService, entityId: 1, recursive: true }],
        },
        422,
      ],
    ])('with %s is refused before the host is asked', async (_what, payload, status) => {
      const answer = await ask(`${V1}/users`, { method: 'POST', payload: { entityId: 1, ...payload } })
      expect(answer.statusCode).toBe(status)
      expect(attached().host.calls.filter((call) => call.method === 'POST')).toEqual([])
    })

    test('is changed by the host where the reader has seen this state, and only what differs', async () => {
      const read = await ask(`${V1}/users/${zoe}`)
      const headers = { 'if-match': String(read.headers.etag) }
      const payload = { firstname: 'Zoé', emails: ['a@example.org', 'b@example.org'] }
      const answer = await ask(`${V1}/users/${zoe}`, { method: 'PATCH', headers, payload })
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toMatchObject(payload)
      expect((await ask(`${V1}/users/${zoe}`, { method: 'PATCH', headers, payload })).statusCode).toBe(412)
    })

    test('is changed by one of two who have seen the same state', async () => {
      const headers = { 'if-match': String((await ask(`${V1}/users/${zoe}`)).headers.etag) }
      const answers = await Promise.all(
        ['Zoé', 'Zoë'].map((firstname) =>
          ask(`${V1}/users/${zoe}`, { method: 'PATCH', headers, payload: { firstname } }),
        ),
      )
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412])
    })
  })

  describe('a ticket', () => {
    const newTicket = (more = {}, headers = {}) =>
      ask(`${V1}/tickets`, {
        method: 'POST',
        headers,
        payload: {
          requesterId: zoe,
          title: `Appel ${zoe}`,
          description: 'Bonjour <là>',
          type: 'incident',
          ...more,
        },
      })
    const count = async () =>
      (await attached().db.row('select count(*) as count from glpi_tickets where name = ?', [`Appel ${zoe}`]))
        ?.count

    test('has the caller as requester, the agent as author, the source Phone and the caller’s entity', async () => {
      const answer = await newTicket()
      expect(answer.statusCode).toBe(201)
      const { id } = answer.json()
      const { bob } = attached().ids
      expect(answer.json()).toMatchObject({
        source: 'Phone',
        description: 'Bonjour <là>',
        author: { id: bob },
        requesters: [{ id: zoe }],
        entity: { id: 1, name: 'Site A' },
      })
      expect(attached().host.calls).toEqual([{ method: 'POST', path: 'Ticket', status: 201 }])
      const list = await ask(`${V1}/users/${zoe}/tickets`)
      expect(list.json()).toMatchObject({ items: [{ id }] })
    })

    test.each(['answerLost', 'answerSpoiled'] as const)(
      'is made once for a key, even with %s by the host',
      async (fault) => {
        const { host } = attached()
        const key = { 'idempotency-key': `key-${zoe}` }
        await host.fault(fault)
        const first = await newTicket({}, key)
        await host.fault(null)
        expect(first.statusCode).toBe(201)
        const second = await newTicket({}, key)
        expect(second.json().id).toBe(first.json().id)
        expect(await count()).toBe(1)
        expect((await newTicket({ title: 'Other' }, key)).statusCode).toBe(422)
      },
    )

    test('is found again where our process was killed before it knew what the host had made', async () => {
      const key = `killed-${zoe}`
      const { id } = (await newTicket({}, { 'idempotency-key': key })).json()
      const forget =
        'update glpi_plugin_callmanager_idempotency set items_id = ? where idempotency_key like ?'
      await attached().db.run(forget, [1 - id, `%${key}%`])
      const again = await newTicket({}, { 'idempotency-key': key })
      expect([again.statusCode, again.json().id]).toEqual([201, id])
      expect(await count()).toBe(1)
    })

    test('is made once by many requests of one key that arrive together', async () => {
      const key = { 'idempotency-key': `many-${zoe}` }
      const answers = await Promise.all(Array.from({ length: 8 }, () => newTicket({}, key)))
      expect(await count()).toBe(1)
      expect(answers.filter(({ statusCode }) => statusCode === 201).length).toBeGreaterThan(0)
      for (const { statusCode } of answers) expect([201, 409]).toContain(statusCode)
    })

    test('is not taken for another of the same title that was made meanwhile', async () => {
      const { host } = attached()
      const key = { 'idempotency-key': `title-${zoe}` }
      await host.fault('error500')
      expect((await newTicket({}, key)).statusCode).toBe(502)
      await host.fault(null)
      expect((await newTicket({ description: 'Something else' })).statusCode).toBe(201)
      expect((await newTicket({}, key)).json()).toMatchObject({ type: '/problems/request-under-way' })
    })

    test('that many ask for under one key while the host refuses it is an error of the host, never ours', async () => {
      const { host } = attached()
      await host.fault('maintenance')
      try {
        for (let round = 0; round < 30; round++) {
          const key = { 'idempotency-key': `refused-${zoe}-${round}` }
          const answers = await Promise.all(Array.from({ length: 8 }, () => newTicket({}, key)))
          for (const { statusCode } of answers) expect([409, 503]).toContain(statusCode)
        }
      } finally {
        await host.fault(null)
      }
    })

    test('that the host refused leaves its key free', async () => {
      const key = { 'idempotency-key': `free-${zoe}` }
      const { host } = attached()
      await host.fault('maintenance')
      expect((await newTicket({}, key)).statusCode).toBe(503)
      await host.fault(null)
      expect((await newTicket({}, key)).statusCode).toBe(201)
      expect(await count()).toBe(1)
    })

    test('of a host that did not answer is not made again while nobody knows', async () => {
      const key = { 'idempotency-key': `doubt-${zoe}` }
      const { host } = attached()
      await host.fault('error500')
      expect((await newTicket({}, key)).statusCode).toBe(502)
      await host.fault(null)
      const answer = await newTicket({}, key)
      expect(answer.statusCode).toBe(409)
      expect(answer.json()).toMatchObject({ type: '/problems/request-under-way' })
      expect(answer.headers['retry-after']).toBeDefined()
    })

    test.each([
      ['title', { title: 'half \ud800 a letter' }],
      ['description', { description: 'half \udc00 a letter' }],
    ])('whose %s no column can hold is refused before the host is asked', async (field, more) => {
      const answer = await newTicket(more)
      expect(answer.statusCode).toBe(422)
      expect(answer.json()).toMatchObject({ field })
      expect(attached().host.calls).toEqual([])
    })

    test('that is made while our own table does not answer is not made again', {
      timeout: 30_000,
    }, async () => {
      const { host, account } = attached()
      const key = `locked-${zoe}`
      // The host has confirmed the session already.
      await ask(`${V1}/session`)
      await host.fault({ slow: 1000 })
      const first = newTicket({}, { 'idempotency-key': key })
      await sleep(500)
      await host.fault(null)
      // Once the key is taken and before the host has answered.
      await account.asRoot(
        `begin; select * from glpi_plugin_callmanager_idempotency where idempotency_key like '%${key}%' for update`,
      )
      // Until who waits for the row has given up once, and no longer.
      await sleep(7000)
      await account.asRoot('commit')
      expect((await first).statusCode).toBe(503)
      expect(await count()).toBe(1)
      expect((await newTicket({}, { 'idempotency-key': key })).statusCode).toBe(201)
      expect(await count()).toBe(1)
    })

    test('without the right is refused', async () => {
      const charlie = await attached().as('charlie')
      const payload = { requesterId: zoe, title: 'x', description: 'y', type: 'incident' }
      expect((await charlie.ask(`${V1}/tickets`, { method: 'POST', payload })).statusCode).toBe(403)
    })

    test('gets a followup by the host, and one to a closed ticket is refused', async () => {
      const { id } = (await newTicket()).json()
      const payload = { content: 'Rappelé <à> 10h', private: false }
      const added = await ask(`${V1}/tickets/${id}/followups`, { method: 'POST', payload })
      expect(added.statusCode).toBe(201)
      expect(added.json()).toMatchObject(payload)
      expect(attached().host.calls.at(-1)).toEqual({ method: 'POST', path: 'ITILFollowup', status: 201 })
      await attached().db.run('update glpi_tickets set status = 6 where id = ?', [id])
      const late = await ask(`${V1}/tickets/${id}/followups`, { method: 'POST', payload })
      expect(late.json()).toMatchObject({ type: '/problems/ticket-closed' })
    })

    test('that a mail has nested too deeply is shown as far as it goes', async () => {
      const { id } = (await newTicket()).json()
      const html = `&lt;p&gt;Bonjour&lt;/p&gt;${'&lt;div&gt;'.repeat(50_000)}Zoé`
      await attached().db.run('update glpi_tickets set content = ? where id = ?', [html, id])
      const answer = await ask(`${V1}/tickets/${id}`)
      expect(answer.statusCode).toBe(200)
      expect(answer.json().description).toMatch(/^Bonjour/)
    })

    test('that was written in the host’s editor is shown as text', async () => {
      const { id } = (await newTicket()).json()
      const html =
        '&lt;p&gt;Bonjour &lt;strong&gt;Zoé&lt;/strong&gt; &amp;amp; co&lt;/p&gt;&lt;p&gt;Merci&lt;/p&gt;'
      await attached().db.run('update glpi_tickets set content = ? where id = ?', [html, id])
      expect((await ask(`${V1}/tickets/${id}`)).json()).toMatchObject({
        description: 'Bonjour Zoé &amp; co\n\nMerci',
      })
    })
  })

  test('the rights of a profile, by the host as an administrator', async () => {
    const { host } = attached()
    const alice = await attached().as('alice')
    const change = (rights: object) =>
      alice.ask(`${V1}/profiles/${HOST_PROFILES.hotliner}/rights`, {
        method: 'PUT',
        headers: ANY,
        payload: rights,
      })
    const rights = { config: { update: false }, access: { read: true, update: false } }
    const answer = await change(rights)
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({ rights })
    expect(host.calls.at(-1)).toEqual({
      method: 'PUT',
      path: `Profile/${HOST_PROFILES.hotliner}`,
      status: 200,
    })
  })

  test('the rights of a profile, by who may not change profiles there, is refused with the reason', async () => {
    const { host, setRight } = attached()
    await setRight(HOST_PROFILES.technician, 'plugin_callmanager_config', 2)
    try {
      const payload = { config: { update: true }, access: { read: true, update: true } }
      const url = `${V1}/profiles/${HOST_PROFILES.supervisor}/rights`
      host.calls.length = 0
      const answer = await ask(url, { method: 'PUT', headers: ANY, payload })
      expect(answer.statusCode).toBe(403)
      expect(answer.json()).toMatchObject({ detail: expect.stringContaining('UPDATE on profile') })
      expect(host.calls).toEqual([])
    } finally {
      await setRight(HOST_PROFILES.technician, 'plugin_callmanager_config', 0)
    }
  })

  test('people are not imported, entities not made: that is the host’s', async () => {
    const alice = await attached().as('alice')
    const csv = {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      payload: 'login;lastname\nx;y\n',
    } as const
    expect((await alice.ask(`${V1}/imports`, csv)).json()).toMatchObject({ type: '/problems/done-by-host' })
    const entity = { method: 'POST', payload: { name: 'Site C', parentId: 0 } } as const
    expect((await alice.ask(`${V1}/entities`, entity)).json()).toMatchObject({
      type: '/problems/done-by-host',
    })
  })
})
