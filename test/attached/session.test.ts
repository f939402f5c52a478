import { beforeAll, describe, expect, inject, test } from 'vitest'
import { HOST_PROFILES } from '../host/people.ts'
import { V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'

describe.skipIf(inject('mariadbSocket') === '')('attached, a session', () => {
  const attached = useAttached()
  const session = async (login: string) => (await (await attached().as(login)).ask(`${V1}/session`)).json()

  beforeAll(async () => {
    await attached().addPerson({ login: 'zoe', memberships: [{ profile: HOST_PROFILES.selfService }] })
  })

  test('names the host, and offers nothing that is done there', async () => {
    expect(await session('alice')).toMatchObject({
      helpdesk: { name: 'ITSM-NG', version: '1.4.0' },
      can: {
        lookUp: true,
        createUsers: true,
        editUsers: true,
        deleteUsers: false,
        createEntities: false,
        editEntities: false,
        createTickets: true,
        addFollowups: true,
      },
      missing: [],
      ticketForm: { target: 'quick', requestSource: 3 },
      managesAccounts: false,
    })
  })

  test('of somebody without a right, or of the simplified interface, says what is missing', async () => {
    expect(await session('charlie')).toMatchObject({
      profile: { interface: 'central' },
      can: { lookUp: false },
      missing: [{ right: 'plugin_callmanager_access', level: 'read' }],
    })
    expect(await session('zoe')).toMatchObject({
      profile: { interface: 'helpdesk' },
      can: { lookUp: false, readTickets: false },
      missing: [{ right: 'plugin_callmanager_access' }, { right: 'user' }],
    })
  })
})
