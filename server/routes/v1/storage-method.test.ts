import { expect, test } from 'vitest'
import { startApp } from '../../../test/support/app.ts'

const URL = '/plugins/callmanager/api/v1/storage-method'

test('the method is told with what each place holds', async () => {
  const it = await startApp({}, false)
  const { services } = it
  const id = await services.helpdesk.logins?.addAccount(
    { login: 'admin', password: 'long enough' },
    'Super-Admin',
  )
  await it.people.addUser({ login: 'anne', rio: '1', registration_number: '' })
  await it.people.addUser({ login: 'bert', rio: '', registration_number: '2' })
  await it.people.addUser({ login: 'carl', rio: null, registration_number: '3' })
  // More than one chunk.
  await it.people.addUsers(2100, (number) => ({ login: `user ${number}`, rio: `r${number}` }))
  await services.settings.set('rio_storage_method', 'registration_number')
  const token = await services.helpdesk.logins?.byPassword('admin', 'long enough', {
    address: '127.0.0.1',
    forwarded: false,
    appToken: undefined,
  })
  const answers = await Promise.all([it.askAs(token ?? '', URL), it.askAs(token ?? '', URL)])
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
  expect(id).toBeGreaterThan(0)
})
