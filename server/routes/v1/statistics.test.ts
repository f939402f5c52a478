import { describe, expect, test } from 'vitest'
import { ALICE, API, startApp } from '../../../test/support/app.ts'
import { ATTACHED } from '../../../test/support/helpdesk.ts'
import { PROFILES } from '../../../test/support/people.ts'

const URL = '/plugins/callmanager/api/v1/statistics'
const it = await startApp()
const token = await it.logIn('alice')
const ask = (query: string) => it.askAs(token, `${URL}?${query}`)

describe('statistics', () => {
  test('count a look-up as soon as it is answered', async () => {
    await it.askAs(token, `${API}/users/1234567890`)
    await it.askAs(token, `${API}/users/no-such-rio`)
    const answer = await ask('by=agent')
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toMatchObject({
      timeZone: 'UTC',
      totals: { found: 1, none: 1, several: 0, total: 2 },
      items: [{ agent: { id: ALICE.id, name: 'alice' }, found: 1, none: 1, several: 0, total: 2 }],
    })
    const entities = (await ask('by=entity&entityId=0')).json()
    expect(entities.items).toEqual([
      { entity: { id: 0, path: expect.stringMatching(/./) }, found: 1, none: 1, several: 0, total: 2 },
    ])
  })

  test('tell each hour and each day, and when they begin and end', async () => {
    const days = (await ask('by=day&from=2026-10-25&to=2026-10-26&timeZone=Europe/Paris')).json()
    expect(days).toMatchObject({ from: '2026-10-24T22:00:00Z', to: '2026-10-26T23:00:00Z' })
    expect(days.items).toMatchObject([{ day: '2026-10-25' }, { day: '2026-10-26' }])
    const hours = (await ask('by=hour&from=2026-10-25&to=2026-10-25&timeZone=Europe/Paris')).json()
    expect(hours.items).toHaveLength(25)
    expect(hours.items[0]).toEqual({ hour: '2026-10-24T22:00:00Z', found: 0, none: 0, several: 0, total: 0 })
  })

  test.each([
    ['', 400, 'by'],
    ['by=minute', 400, 'by'],
    ['by=day&from=yesterday', 400, 'from'],
    ['by=day&to=2026-1-1', 400, 'to'],
    ['by=day&entityId=x', 400, 'entityId'],
    ['by=day&entityId=-1', 400, 'entityId'],
    ['by=day&timeZone=', 400, 'timeZone'],
    ['by=day&limit=5', 400, 'limit'],
    ['by=day&from=2026-02-30', 422, 'from'],
    ['by=day&from=2026-02-03&to=2026-02-01', 422, 'to'],
    ['by=hour&from=2026-01-01&to=2026-12-31', 422, 'from'],
    ['by=day&timeZone=Mars/Base', 422, 'timeZone'],
    ['by=day&entityId=4711', 404, undefined],
  ])('refuse %j', async (query, status, field) => {
    const answer = await ask(query)
    expect(answer.statusCode).toBe(status)
    expect(answer.json().field).toBe(field)
  })

  test('are told of one’s own entities only', async () => {
    // Which entity is active, a host's own pages say.
    if (ATTACHED) await it.people.setMemberships(ALICE.id, [{ entity: 5, profile: PROFILES.superAdmin }])
    const narrow = await it.logIn('alice')
    if (!ATTACHED) {
      await it.askAs(narrow, '/plugins/callmanager/api/v1/session', {
        method: 'PATCH',
        payload: { entityId: 5, recursive: false },
      })
    }
    expect((await it.askAs(narrow, `${URL}?by=agent`)).json()).toMatchObject({
      totals: { total: 0 },
      items: [],
    })
    expect((await it.askAs(narrow, `${URL}?by=agent&entityId=0`)).statusCode).toBe(404)
  })
})
