import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { SystemHealth } from '../../../contract/health.ts'
import { startApp, type TestApp, V1 } from '../../../test/support/app.ts'
import { either } from '../../../test/support/helpdesk.ts'

const read = async (app: TestApp, token: string): Promise<SystemHealth> =>
  (await app.askAs(token, `${V1}/health`)).json()

/** Asks until what is being looked at has been. */
async function examined(app: TestApp, token: string): Promise<SystemHealth> {
  for (;;) {
    const health = await read(app, token)
    if (!health.examining) return health
    await sleep(100)
  }
}

describe('health', () => {
  test('answers at once, and a moment later with what the checks have found', async () => {
    const app = await startApp()
    const alice = await app.logIn('alice')
    const first = await read(app, alice)
    expect(first).toEqual({
      index: {
        state: 'whole',
        progress: 1,
        working: false,
        sweptAt: expect.stringMatching(/Z$/),
        current: expect.any(Boolean),
        followedTo: expect.stringMatching(/Z$/),
        changedAt: expect.stringMatching(/Z$/),
      },
      examination: null,
      examining: true,
    })
    const { examination } = await examined(app, alice)
    expect(examination).toMatchObject({
      drift: { people: expect.any(Number), missing: 0, surplus: 0 },
      rios: { people: expect.any(Number), holders: expect.any(Number) },
      ownTable: { rows: expect.any(Number), purged: 0 },
    })
    const ids = examination?.checks.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining(['runtime', 'database', 'release', 'index', 'settings', 'jobs']),
    )
    // It reads the whole file.
    expect(ids).not.toContain('store')
  })

  test('counts what is shared, in the bin and gone, whatever the asker’s entities are', async () => {
    const app = await startApp({}, false)
    const { people, services } = app
    const ids = await people.addUsers(6, (number) => ({
      login: `person ${number}`,
      rio: number < 3 ? '1234567' : `765432${number}`,
      is_active: 1,
      is_deleted: number === 4 ? 1 : 0,
      memberships: [{ entity: 0, profile: 4 }],
    }))
    await people.setRio(4711, '1111111')
    await services.lookups.follow()
    let health = await services.readHealth()
    while (health.examining) {
      await sleep(100)
      health = await services.readHealth()
    }
    expect(ids).toHaveLength(6)
    expect(health.examination).toMatchObject({
      state: either({ embedded: 'problem', attached: 'warning' }),
      rios: { people: 6, holders: 6, shared: 1, sharing: 3 },
      ownTable: { rows: 7, empty: 0, purged: 1, binned: 1 },
    })
    const { checks } = health.examination ?? { checks: [] }
    expect(checks.find(({ id }) => id === 'shared rios')?.what).toContain('1 RIOs are shared, by 3 people')
    // Nobody has a password here; beside a host, none is ours to give.
    const accounts = { id: 'accounts', remedy: expect.stringContaining('user add') }
    expect(checks.filter(({ state }) => state === 'problem')).toMatchObject(
      either({ embedded: [accounts], attached: [] }),
    )
  })

  test('is looked at once for all who ask meanwhile, and not again for a while', async () => {
    const app = await startApp()
    const alice = await app.logIn('alice')
    await Promise.all(Array.from({ length: 20 }, () => read(app, alice)))
    const { examination } = await examined(app, alice)
    const again = await read(app, alice)
    expect(again).toMatchObject({ examining: false, examination: { at: examination?.at } })
  })

  test('tells how far an index is that is being built, or compared', async () => {
    const app = await startApp()
    const alice = await app.logIn('alice')
    const set = (state: { rebuild_after: number | null; rebuilt_at?: number }) =>
      app.services.storage.write('normal', (tx) =>
        tx.updateTable('glpi_plugin_callmanager_index').set(state).where('id', '=', 1).execute(),
      )
    await set({ rebuild_after: 51 })
    const { index } = await read(app, alice)
    expect(index).toMatchObject({ state: 'comparing', working: false })
    expect(index.progress).toBeCloseTo(51 / 103)
    await set({ rebuild_after: 0, rebuilt_at: 0 })
    expect((await read(app, alice)).index).toMatchObject({ state: 'building', progress: 0, sweptAt: null })
  })

  test('lets look-ups be answered meanwhile', async () => {
    const app = await startApp()
    const alice = await app.logIn('alice')
    await read(app, alice)
    for (let health = await read(app, alice); health.examining; health = await read(app, alice)) {
      const answer = await app.askAs(alice, '/plugins/callmanager/api.php/users/1234567890')
      expect(answer.json().users).toHaveLength(1)
      await sleep(10)
    }
  })
})

describe('shared RIOs', () => {
  test('are listed with the people of each, page by page', async () => {
    const app = await startApp()
    const alice = await app.logIn('alice')
    await app.people.addUsers(4, (number) => ({
      login: `person ${number}`,
      rio: number < 2 ? '0099001' : '0099002',
      is_active: 1,
    }))
    const answer = await app.askAs(alice, `${V1}/rios/shared?limit=1`)
    expect(answer.statusCode, answer.body).toBe(200)
    const first = answer.json()
    expect(first.items).toMatchObject([
      { rio: '0099001', people: 2, first: [{ login: 'person 0' }, { login: 'person 1' }] },
    ])
    const second = (await app.askAs(alice, first.next)).json()
    expect(second.items).toMatchObject([{ rio: '0099002', people: 2 }])
  })

  test('are told nobody who may not configure', async () => {
    const app = await startApp()
    const answer = await app.askAs(await app.logIn('bob'), `${V1}/rios/shared`)
    expect(answer.statusCode).toBe(403)
    expect(answer.json().detail).toContain('plugin_callmanager_config')
  })
})
