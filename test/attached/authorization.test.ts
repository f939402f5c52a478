import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { fillDemo } from '../../server/helpdesk/embedded/demo.ts'
import { createSettings } from '../../server/storage/settings.ts'
import { openStorage } from '../../server/storage/storage.ts'
import { HOST_PROFILES } from '../host/people.ts'
import { startApp, V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'
import { askEveryOperation, operationsOf } from '../support/authorization.ts'
import { MATRIX, type Row } from '../support/authorization-matrix.ts'

/** What is done in the host itself is not there, for anybody with a session. */
const HOSTS_OWN = [
  'PATCH /plugins/callmanager/api/v1/session',
  'DELETE /plugins/callmanager/api/v1/session',
  'DELETE /plugins/callmanager/api/v1/users/{id}',
  'PUT /plugins/callmanager/api/v1/users/{id}/password',
  'PUT /plugins/callmanager/api/v1/users/{id}/profiles',
  'POST /plugins/callmanager/api/v1/entities',
  'PATCH /plugins/callmanager/api/v1/entities/{id}',
  'DELETE /plugins/callmanager/api/v1/entities/{id}',
  'POST /plugins/callmanager/api/v1/locations',
  'PATCH /plugins/callmanager/api/v1/locations/{id}',
  'DELETE /plugins/callmanager/api/v1/locations/{id}',
]

const ATTACHED: Record<string, Row> = { ...MATRIX }
for (const name of HOSTS_OWN) {
  ATTACHED[name] = { ...(MATRIX[name] ?? { url: V1 }), statuses: [401, 404, 404, 404] }
}

// Which operations there are does not depend on the host, and has to be known before there is one.
const alone = await startApp({ FAILED_LOGINS_PER_MINUTE: '0' })
/** Logging in is the host's, and so are the accounts of a first start. */
const LOGGING_IN = /\/apirest\.php\/|POST .*\/v1\/(setup|session)$/
const operations = operationsOf(alone).filter(({ name }) => !LOGGING_IN.test(name))

describe.skipIf(inject('mariadbSocket') === '')('attached, with the same people', () => {
  const attached = useAttached({ people: false })

  beforeAll(async () => {
    const { account, addPerson, addMembership, db, setRight } = attached()
    // The demo's people have letters that tables of three bytes a letter cannot hold.
    await account.asRoot('alter table glpi_users convert to character set utf8mb4 collate utf8mb4_unicode_ci')
    const storage = await openStorage(account.rootUrl)
    await fillDemo(storage, createSettings(storage))
    await storage.close()
    await setRight(HOST_PROFILES.technician, 'plugin_callmanager_access', 1)
    const bob = await addPerson({ login: 'bob', memberships: [] })
    await addMembership(bob, { profile: HOST_PROFILES.technician, entity: 5 })
    await db.run('update glpi_users set entities_id = 5 where id = ?', [bob])
    await addPerson({ login: 'charlie', memberships: [{ profile: HOST_PROFILES.observer, recursive: 1 }] })
    // The app may have read the tree of entities before, and keeps it for a second.
    await sleep(1100)
  })

  test('there are the same operations, but for logging in', () => {
    const names = operationsOf(attached().app).map(({ name }) => name)
    expect(names.sort()).toEqual(operations.map(({ name }) => name).sort())
  })

  askEveryOperation(operations, ATTACHED, {
    app: () => attached().app,
    logIn: (login) => attached().host.logIn(login),
  })
})
