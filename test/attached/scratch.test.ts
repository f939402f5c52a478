import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runLog, V1 } from '../support/app.ts'
import { useAttached } from '../support/attached.ts'

const attached = useAttached()
test('x', async () => {
  const a = attached()
  await a.app.services.settings.set('rio_storage_method', 'registration_number')
  const zoe = await a.addPerson({ login: 'zoe', memberships: [{ entity: 1 }] })
  const bob = await a.as('bob')
  const r = await bob.ask(`${V1}/users/${zoe}/rio`, {
    method: 'PUT',
    headers: { 'if-match': '*' },
    payload: { rio: '123' },
  })
  console.log(r.body)
  const t = await bob.ask(`${V1}/tickets`, {
    method: 'POST',
    payload: { requesterId: zoe, title: 'A', description: 'Bonjour <là>', type: 'incident' },
  })
  console.log(t.body)
  const f = await bob.ask(`${V1}/tickets/${t.json().id}/followups`, {
    method: 'POST',
    payload: { content: 'x' },
  })
  console.log(f.body)
  console.log(
    readFileSync(runLog(), 'utf8')
      .split('\n')
      .filter((l) => l.includes('"level":50'))
      .join('\n'),
  )
  expect(1).toBe(1)
})
