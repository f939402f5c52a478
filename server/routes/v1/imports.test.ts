import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Job } from '../../../contract/jobs.ts'
import { ALICE, API, BOB, secret, startApp, V1 } from '../../../test/support/app.ts'
import { ATTACHED, attachedOnly, embeddedOnly } from '../../../test/support/helpdesk.ts'
import { PROFILES } from '../../../test/support/people.ts'

/** All that is imported beside a host. */
const RIOS = { query: 'mode=rios' }

const it = await startApp({ LOOKUPS_PER_MINUTE: '0' })
const alice = await it.logIn('alice')

interface Sent {
  token?: string
  query?: string
  type?: string
}

function send(file: string | Buffer, { token = alice, query = '', type = 'text/csv' }: Sent = {}) {
  const url = `${V1}/imports${query === '' ? '' : `?${query}`}`
  return it.askAs(token, url, { method: 'POST', headers: { 'content-type': type }, payload: file })
}

async function ended(id: number, token = alice): Promise<Job> {
  for (;;) {
    const job: Job = (await it.askAs(token, `${V1}/jobs/${id}`)).json()
    if (job.finishedAt !== null) return job
    await sleep(20)
  }
}

/** Imports a file to its end. */
async function imported(file: string | Buffer, sent: Sent = {}): Promise<Job> {
  const answer = await send(file, sent)
  expect(answer.statusCode, answer.body).toBe(202)
  expect(answer.headers.location).toBe(`${V1}/jobs/${answer.json().id}`)
  return ended(answer.json().id)
}

const counts = ({ done, created, changed, unchanged, failed }: Job) => ({
  done,
  created,
  changed,
  unchanged,
  failed,
})

async function reportOf(job: Job): Promise<string[]> {
  const answer = await it.askAs(alice, `${V1}/jobs/${job.id}/report`)
  expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
  return answer.body.split('\n').slice(1, -1)
}

async function byRio(rio: string) {
  return (await it.askAs(alice, `${API}/users/${encodeURIComponent(secret(rio))}`)).json().users
}

embeddedOnly('a host makes and changes its people itself', () => {
  describe('an import', () => {
    test('creates people, changes them, and changes nothing the second time', async () => {
      const file = [
        'identifiant;NOM;Prénom;N° RIO;téléphone;courriel;entité;lieu;actif',
        `im.brien;O'Brien;Zoé;7100001;'+33 1 99 00 71 01;im.brien@example.org;Préfecture du Rhône > Secrétariat général;Bâtiment A;oui`,
        'im.bold;<b>;👩‍💻;7100002;01.99.00.71.02;;Secrétariat général;;',
        '"im.quoted";"One ""and"" two";;7100003;;;;;non',
      ].join('\r\n')
      const job = await imported(file)
      expect(counts(job)).toEqual({ done: 3, created: 3, changed: 0, unchanged: 0, failed: 0 })
      expect(job).toMatchObject({
        kind: 'import',
        state: 'done',
        total: 3,
        startedBy: { id: ALICE.id },
        problem: '',
      })
      expect(await byRio('7100001')).toEqual([
        {
          id: expect.any(Number),
          phone: '+33 1 99 00 71 01',
          lastname: "O'Brien",
          firstname: 'Zoé',
          rio: '7100001',
          email: 'im.brien@example.org',
          entity: 'Secrétariat général',
          location: 'Bâtiment A',
        },
      ])
      expect(await byRio('7100002')).toMatchObject([{ lastname: '<b>', firstname: '👩‍💻' }])
      // Inactive people are nobody's callers.
      expect(await byRio('7100003')).toEqual([])

      expect(counts(await imported(file))).toMatchObject({ done: 3, created: 0, changed: 0, unchanged: 3 })
      const changed = file.replace('7100001', '7100009').replace('One', 'Two')
      expect(counts(await imported(changed))).toMatchObject({ changed: 2, unchanged: 1 })
      expect(await byRio('7100001')).toEqual([])
      expect(await byRio('7100009')).toMatchObject([{ lastname: "O'Brien" }])
    })

    test('leaves the history that the helpdesk would', async () => {
      await imported('login,lastname,rio\nim.history,One,7110001\n')
      await imported('login,lastname,rio,email\nim.history,Two,7110002,im.history@example.org\n')
      const { db } = it.services.storage
      const lines = await db
        .selectFrom('glpi_logs')
        .innerJoin('glpi_users', 'glpi_users.id', 'glpi_logs.items_id')
        .select(['linked_action', 'id_search_option', 'old_value', 'new_value', 'user_name'])
        .where('glpi_users.name', '=', 'im.history')
        .orderBy('glpi_logs.id')
        .execute()
      expect(lines).toMatchObject([
        { linked_action: 20, user_name: expect.stringContaining(`(${ALICE.id})`) },
        { linked_action: 17, new_value: 'im.history@example.org' },
        { id_search_option: 34, old_value: 'One', new_value: 'Two' },
        { linked_action: 12, new_value: 'RIO: 7110001 → 7110002' },
      ])
    })

    test('keeps the good lines and tells the bad ones by line, column and reason', async () => {
      const job = await imported(
        [
          'login;lastname;email;entity;active',
          'im.good;Good;;;',
          ';Nobody;;;',
          'im.bad;A\u0007;no address;Nowhere;perhaps',
          '',
          'im.good;Again;;;',
          '"im.lines";"two\nlines";;;',
          `${'x'.repeat(256)};Long;;;`,
          'im.last;Last;;;',
        ].join('\n'),
      )
      expect(counts(job)).toEqual({ done: 7, created: 2, changed: 0, unchanged: 0, failed: 5 })
      expect(await reportOf(job)).toEqual([
        '3,login,"it is empty, so nobody is named"',
        '4,active,it is neither yes nor no',
        '4,email,it is not a mail address',
        '4,lastname,"it contains control characters, such as a line break"',
        '6,login,an earlier line of the file has the same',
        '7,lastname,"it contains control characters, such as a line break"',
        '9,login,it is longer than 255 characters',
      ])
    })

    test('tells what cannot be resolved: entities, locations, several people', async () => {
      await it.people.addUser({ login: 'im.twin.1', emails: ['im.twin@example.org'] })
      await it.people.addUser({ login: 'im.twin.2', emails: ['IM.Twin@example.org'] })
      const job = await imported(
        [
          'mail,rio,entity,location',
          'im.twin@example.org,7120001,,',
          'im.new@example.org,7120002,None,Nor this',
        ].join('\n'),
        { query: 'match=email' },
      )
      expect(await reportOf(job)).toEqual([
        '2,mail,several people have it',
        '3,entity,there is none of this name',
        '3,location,there is none of this name',
        '3,login,somebody new needs a login',
      ])
    })

    test.each([
      ['UTF-8', Buffer.from('login,lastname\nim.enc.1,Lefèvre\n')],
      ['UTF-8 with a byte order mark', Buffer.from('\uFEFFlogin,lastname\nim.enc.2,Lefèvre\n')],
      ['Windows-1252', Buffer.from('login;lastname\r\nim.enc.3;Lef\xe8vre \x80\x9c\r\n', 'latin1')],
      ['tabs', Buffer.from('login\tlastname\nim.enc.4\tLefèvre\n')],
      ['old Mac line ends', Buffer.from('login,lastname\rim.enc.5,Lefèvre\r')],
      ['no line end at the end', Buffer.from('login,lastname\nim.enc.6,Lefèvre')],
    ])('reads %s', async (_name, file) => {
      const job = await imported(file)
      expect(counts(job)).toMatchObject({ created: 1, failed: 0 })
      const login = /im\.enc\.\d/.exec(file.toString('latin1'))?.[0] ?? ''
      const user = await it.services.storage.db
        .selectFrom('glpi_users')
        .select('realname')
        .where('name', '=', login)
        .executeTakeFirstOrThrow()
      expect(user.realname).toMatch(/^Lefèvre/)
      if (login === 'im.enc.3') expect(user.realname).toBe('Lefèvre €œ')
    })

    test('of a dry run writes nothing', async () => {
      const job = await imported('login,rio\nim.dry,7140001\n', { query: 'dryRun=true' })
      expect(job).toMatchObject({ dryRun: true, created: 1 })
      expect(await byRio('7140001')).toEqual([])
    })

    test('empties a field only when it is told to', async () => {
      await imported('login,phone,rio\nim.clear,01 99 00 71 50,7150001\n')
      await imported('login,phone,rio\nim.clear,,\n')
      expect(await byRio('7150001')).toMatchObject([{ phone: '01 99 00 71 50' }])
      expect(
        counts(await imported('login,phone,rio\nim.clear,,\n', { query: 'clearEmpty=true' })),
      ).toMatchObject({ changed: 1 })
      expect(await byRio('7150001')).toEqual([])
    })

    test('moves who belongs to an entity by the default profile alone', async () => {
      await imported('login,entity\nim.moving,Service informatique\n')
      await imported('login,entity\nim.moving,Sous-préfecture de Villefranche\n')
      const memberships = await it.services.storage.db
        .selectFrom('glpi_profiles_users')
        .innerJoin('glpi_users', 'glpi_users.id', 'glpi_profiles_users.users_id')
        .select(['glpi_profiles_users.entities_id', 'glpi_users.entities_id as own'])
        .where('glpi_users.name', '=', 'im.moving')
        .execute()
      expect(memberships).toEqual([{ entities_id: 5, own: 5 }])
    })

    test('names the columns that it ignored', async () => {
      const job = await imported('login,shoe size,rio\nim.shoes,43,7160001\n')
      expect(job.notes).toEqual(['Columns that are not known were ignored: shoe size.'])
    })

    test('whose quotation mark is never closed fails, and says where', async () => {
      const job = await imported(`login,lastname\nim.open.1,One\nim.open.2,"Two\n${'im.x,y\n'.repeat(20)}`)
      expect(job).toMatchObject({ state: 'failed', problem: expect.stringMatching(/quotation mark/) })
      expect(counts(job)).toMatchObject({ created: 0 })
    })
  })
})

embeddedOnly('a login is a column of the host', () => {
  describe('where RIOs are logins', () => {
    test('a login is changed only by an import that may', async () => {
      await it.people.addUser({ login: 'im.login', realname: 'Login', registration_number: 'IM-9' })
      await it.people.addUser({ login: 'im.ldap', registration_number: 'IM-10', authtype: 3 })
      await it.services.settings.set('rio_storage_method', 'name')
      try {
        const file = 'matricule,rio\nIM-9,7170001\nIM-10,7170002\n'
        const refused = await imported(file, { query: 'mode=rios' })
        expect(await reportOf(refused)).toEqual([
          '2,rio,"it would change the login, which this import may not"',
          '3,rio,"it would change the login, which this import may not"',
        ])
        const allowed = await imported(file, { query: 'mode=rios&changeLogins=true' })
        expect(await reportOf(allowed)).toEqual(['3,rio,a directory owns the account and its login'])
        expect(await byRio('7170001')).toMatchObject([{ lastname: 'Login' }])
        const taken = await imported('matricule,rio\nIM-9,alice\n', { query: 'mode=rios&changeLogins=true' })
        expect(await reportOf(taken)).toEqual(['2,rio,the login is in use'])
      } finally {
        await it.services.settings.set('rio_storage_method', 'custom_table')
      }
    })
  })
})

embeddedOnly('a host makes and changes its people itself', () => {
  describe('the rules of the helpdesk hold for each line', () => {
    test('nobody takes over the powerful, locks themselves out, or changes what a directory owns', async () => {
      await it.people.addUser({ login: 'im.directory', realname: 'LDAP', authtype: 3 })
      const job = await imported(
        'login,lastname,actif,rio\nim.directory,Changed,,7180001\nalice,,non,\nim.directory,,,7180002\n',
      )
      expect(await reportOf(job)).toEqual([
        expect.stringMatching(/^2,lastname,/),
        '3,actif,you would lock yourself out',
        '4,login,an earlier line of the file has the same',
      ])
      expect(await byRio('7180001')).toEqual([])
      expect(counts(await imported('login,rio\nim.directory,7180002\n'))).toMatchObject({ changed: 1 })
    })

    test('a dry run tells the same as the real one', async () => {
      const file = 'login,lastname,actif,mail\nalice,Alice,non,\nim.dry.new,New,,d@example.org\n'
      const dry = await imported(file, { query: 'dryRun=true' })
      const real = await imported(file)
      expect(counts(dry)).toEqual(counts(real))
      expect(await reportOf(dry)).toEqual(await reportOf(real))
    })
  })
})

describe('an import of RIOs alone', () => {
  test.each([
    ['login', 'login', 'im.match', ''],
    ['registration number', 'matricule', 'IM-4711', ''],
    ['mail, whatever its letter case', 'mail', 'Im.Match@Example.org', ''],
  ])('recognises people by %s', async (_name, column, value) => {
    const { db } = it.services.storage
    const known = await db
      .selectFrom('glpi_users')
      .select('id')
      .where('name', '=', 'im.match')
      .executeTakeFirst()
    if (known === undefined) {
      await it.people.addUser({
        login: 'im.match',
        realname: 'Match',
        registration_number: 'IM-4711',
        emails: ['im.match@example.org'],
      })
    }
    const rio = `713000${column.length}`
    const job = await imported(`${column},rio,lastname\n${value},${rio},Changed\nim.nobody@x,1,x\n`, {
      query: 'mode=rios',
    })
    expect(counts(job)).toMatchObject({ changed: 1, failed: 1 })
    expect(await reportOf(job)).toEqual([`3,${column},nobody within your entities has it`])
    expect(await byRio(rio)).toMatchObject([{ lastname: 'Match' }])
  })

  test('changes them, changes nothing the second time, and leaves the history that it should', async () => {
    const id = await it.people.addUser({ login: 'im.rio', rio: secret('7190001') })
    const file = 'login,rio\nim.rio,7190002\n'
    expect(counts(await imported(file, RIOS))).toMatchObject({ changed: 1, unchanged: 0, failed: 0 })
    expect(counts(await imported(file, RIOS))).toMatchObject({ changed: 0, unchanged: 1, failed: 0 })
    expect(await byRio('7190001')).toEqual([])
    expect(await byRio('7190002')).toMatchObject([{ id }])
    const lines = await it.services.storage.db
      .selectFrom('glpi_logs')
      .select(['linked_action', 'new_value', 'user_name'])
      .where('itemtype', '=', 'User')
      .where('items_id', '=', id)
      .where('linked_action', '=', 12)
      .execute()
    expect(lines).toEqual([
      { linked_action: 12, new_value: 'RIO: 7190001 → 7190002', user_name: expect.stringContaining('(101)') },
    ])
  })

  test('of a dry run writes nothing', async () => {
    const id = await it.people.addUser({ login: 'im.kept', rio: secret('7191001') })
    const dry = await imported('login,rio\nim.kept,7191002\n', { query: 'mode=rios&dryRun=true' })
    expect(dry).toMatchObject({ dryRun: true, changed: 1 })
    expect(await byRio('7191001')).toMatchObject([{ id }])
  })

  test('empties a RIO only when it is told to', async () => {
    const id = await it.people.addUser({ login: 'im.emptied', rio: secret('7193001') })
    await imported('login,rio\nim.emptied,\n', RIOS)
    expect(await byRio('7193001')).toMatchObject([{ id }])
    await imported('login,rio\nim.emptied,\n', { query: 'mode=rios&clearEmpty=true' })
    expect(await byRio('7193001')).toEqual([])
  })

  attachedOnly(() => {
    test.each([
      ['people', 'mode=people', 'custom_table'],
      ['logins', 'mode=rios', 'name'],
    ])('is all that there is: %s are the host’s', async (_, query, method) => {
      await it.services.settings.set('rio_storage_method', method)
      const answer = await send('login,rio\nthierry.roux,1\n', { query })
      await it.services.settings.set('rio_storage_method', 'custom_table')
      expect([answer.statusCode, answer.json().type]).toEqual([404, '/problems/done-by-host'])
    })
  })
})

describe('a file that can be no import is refused before anything is kept', () => {
  test.each([
    ['an empty file', '', 'file', /empty/],
    ['nothing but empty lines', '\n\n\n', 'file', /empty lines/],
    ['no column that is known', 'a,b\n1,2\n', 'file', /names none/],
    ['nobody to recognise', 'lastname,rio\nx,1\n', 'file', /recognised/],
    ['the same column twice', 'login,identifiant\nx,y\n', 'file', /mean the same/],
    ['UTF-16', Buffer.from('\uFEFFlogin,rio\n', 'utf16le'), 'file', /UTF-16/],
    ['no text', Buffer.from([1, 2, 0, 4, 10]), 'file', /no text file/],
    ['an endless first line', 'x'.repeat(200_000), 'file', /header row/],
  ])('%s', async (_name, file, field, detail) => {
    const answer = await send(file, ATTACHED ? RIOS : {})
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ field, detail: expect.stringMatching(detail) })
  })
  test('a column to recognise people by that is not there', async () => {
    const answer = await send('login,rio\nx,1\n', { query: 'mode=rios&match=email' })
    expect([answer.statusCode, answer.json().field]).toEqual([422, 'match'])
  })
  test('no column for the RIO, where only RIOs are imported', async () => {
    expect((await send('login\nx\n', { query: 'mode=rios' })).statusCode).toBe(422)
  })
  test('an entity that is not there', async () => {
    const answer = await send('login,rio\nx,1\n', { query: 'mode=rios&entityId=4711' })
    expect([answer.statusCode, answer.json().field]).toEqual([422, 'entityId'])
  })
  test.each(['mode=all', 'match=name', 'dryRun=perhaps', 'unknown=1'])(
    'an option that there is not: %s',
    async (query) => {
      expect((await send('login\nx\n', { query })).statusCode).toBe(400)
    },
  )
  test('another media type', async () => {
    expect((await send('{}', { type: 'application/json' })).statusCode).toBe(415)
  })
  test('leaves no job', async () => {
    const kept = await it.services.storage.db
      .selectFrom('glpi_plugin_callmanager_jobs')
      .select('state')
      .where('state', '=', 'receiving')
      .execute()
    expect(kept).toEqual([])
  })
})

test('a refusal is answered while the file is still arriving', async () => {
  const { port } = new URL(await it.listen())
  const socket = connect(Number(port), '127.0.0.1')
  const head = `POST ${V1}/imports?mode=rios HTTP/1.1\r\nHost: test\r\nSession-Token: ${alice}\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\nno,column\n`
  socket.write(head)
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 422 /)
  socket.destroy()
})

test('a file that does not arrive whole leaves nothing', async () => {
  const { port } = new URL(await it.listen())
  const socket = connect(Number(port), '127.0.0.1')
  const lines = 'im.cut,7100\n'.repeat(60_000)
  const head = `POST ${V1}/imports?mode=rios HTTP/1.1\r\nHost: test\r\nSession-Token: ${alice}\r\nContent-Type: text/csv\r\nContent-Length: 9000000\r\n\r\n`
  socket.write(`${head}login,rio\n${lines}`)
  const rows = () =>
    it.services.storage.db
      .selectFrom('glpi_plugin_callmanager_jobs')
      .select('id')
      .where('state', '=', 'receiving')
      .execute()
  while ((await rows()).length === 0) await sleep(10)
  socket.destroy()
  while ((await rows()).length > 0) await sleep(10)
})

describe('rights', () => {
  test('that are withdrawn meanwhile end the import', async () => {
    const { storage } = it.services
    const lines = Array.from({ length: 3000 }, (_, n) => `im.withdrawn.${n},${n}`)
    const { id } = (await send(['login,rio', ...lines].join('\n'), RIOS)).json()
    const set = (rights: number) => it.people.setRight(4, 'plugin_callmanager_config', rights)
    const { rights } = await storage.db
      .selectFrom('glpi_profilerights')
      .select('rights')
      .where('profiles_id', '=', 4)
      .where('name', '=', 'plugin_callmanager_config')
      .executeTakeFirstOrThrow()
    await set(0)
    const row = () =>
      storage.db
        .selectFrom('glpi_plugin_callmanager_jobs')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirstOrThrow()
    while ((await row()).finished_at === null) await sleep(20)
    await set(rights)
    expect(await row()).toMatchObject({
      state: 'failed',
      problem: expect.stringMatching(/Right missing.*config/),
    })
  })

  embeddedOnly('a host makes and changes its people itself', () => {
    test('reach as far as the entities do', async () => {
      // An administrator of Villefranche alone.
      await it.people.setMemberships(BOB.id, [{ entity: 5, profile: PROFILES.superAdmin }])
      const bob = await it.logIn('bob')
      const answer = await send(
        'login,entity,lastname\nim.bob.1,,In\nim.bob.2,Service informatique,Out\njohn.doe,,Changed\n',
        { token: bob },
      )
      const job = await ended(answer.json().id, bob)
      expect(counts(job)).toMatchObject({ created: 1, failed: 2 })
      // Jobs of others are seen by whoever sees every entity.
      expect(await reportOf(job)).toEqual([
        '3,entity,there is none of this name',
        '4,login,the login is in use',
      ])
      const ofAlice = await imported('login\nim.alice\n')
      expect((await it.askAs(bob, `${V1}/jobs/${ofAlice.id}`)).statusCode).toBe(404)
      expect((await it.askAs(bob, `${V1}/jobs/${ofAlice.id}/report`)).statusCode).toBe(404)
      const { items } = (await it.askAs(bob, `${V1}/jobs`)).json()
      expect(items.map(({ id }: Job) => id)).toEqual([job.id])
    })
  })

  test('reach as far as the entities do, for RIOs alone too', async () => {
    await it.people.setMemberships(BOB.id, [{ entity: 5, profile: PROFILES.superAdmin }])
    const bob = await it.logIn('bob')
    const { id } = (
      await send('login,rio\nthierry.roux,7192001\njohn.doe,7192002\n', { ...RIOS, token: bob })
    ).json()
    const job = await ended(id, bob)
    expect(counts(job)).toMatchObject({ changed: 1, failed: 1 })
    expect(await reportOf(job)).toEqual(['3,login,nobody within your entities has it'])
    const ofAlice = await imported('login,rio\nim.nobody,1\n', RIOS)
    expect((await it.askAs(bob, `${V1}/jobs/${ofAlice.id}`)).statusCode).toBe(404)
    expect((await it.askAs(bob, `${V1}/jobs/${ofAlice.id}/report`)).statusCode).toBe(404)
    const { items } = (await it.askAs(bob, `${V1}/jobs`)).json()
    expect(items[0].id).toBe(job.id)
    expect(new Set(items.map(({ startedBy }: Job) => startedBy?.id))).toEqual(new Set([BOB.id]))
  })
})
