import { beforeAll, describe, expect, inject, test } from 'vitest'
import { ask } from './ask.ts'
import { useHost } from './fresh-host.ts'
import { HOST_PROFILES } from './people.ts'
import { encodePhp, phpList, phpMap } from './php-json.ts'

const { superAdmin, technician, selfService } = HOST_PROFILES

test('an array is a list only while its keys are 0, 1, 2 in this order', () => {
  const keyed = (...keys: number[]) => new Map(keys.map((key) => [key, key]))
  expect(encodePhp(keyed())).toBe('[]')
  expect(encodePhp(keyed(0, 1, 2))).toBe('[0,1,2]')
  expect(encodePhp(keyed(1))).toBe('{"1":1}')
  expect(encodePhp(keyed(0, 2, 1))).toBe('{"0":0,"2":2,"1":1}')
  expect(encodePhp(phpMap({ path: '/é', list: phpList([null, true, '1']) }))).toBe(
    '{"path":"/é","list":[null,true,"1"]}',
  )
})

describe.skipIf(inject('mariadbSocket') === '')('a full session', () => {
  const fresh = useHost()

  beforeAll(async () => {
    const { addEntity, addPerson, addGroup } = fresh()
    const paris = await addEntity('Paris')
    const attic = await addEntity('Attic')
    await addEntity('North', paris)
    await addPerson({ login: 'alice', memberships: [{ profile: superAdmin, recursive: 1 }] })
    await addPerson({
      login: 'bob',
      lastname: 'Durand',
      defaultEntity: paris,
      memberships: [
        { profile: technician, entity: paris },
        { profile: selfService, entity: attic },
      ],
      columns: { profiles_id: technician },
    })
    const charlie = await addPerson({ login: 'charlie', memberships: [{ profile: selfService }] })
    await addPerson({
      login: 'dora',
      defaultEntity: 3,
      memberships: [{ profile: technician, entity: paris, recursive: 1 }],
    })
    await addGroup('Readers', [charlie])
  })

  async function sessionOf(login: string) {
    const token = await fresh().host.logIn(login)
    const { text, body } = await ask(fresh().host, token, 'getFullSession')
    return { token, text, session: body.session }
  }

  test('wobbles between list and map: whoever is at the root gets maps too, once names are out of order', async () => {
    const alice = await sessionOf('alice')
    // Attic (2) comes before Paris (1).
    expect(alice.text).toContain('"glpiactiveentities":{"0":0,"2":2,"1":1,"3":3}')
    expect(alice.session.glpiactiveprofile.entities).toEqual([
      { id: 0, name: 'Root entity', is_recursive: 1 },
    ])
    expect(alice.session.glpishowallentities).toBe(1)

    const bob = await sessionOf('bob')
    expect(bob.session).toMatchObject({
      glpiactiveentities: { 1: 1 },
      glpiparententities: [0],
      glpiparententities_string: '0',
      glpilist_limit: '15',
      glpiactive_entity_name: 'Root entity &gt; Paris',
      glpishowallentities: 0,
    })
    expect(Object.keys(bob.session.glpiprofiles)).toEqual(['1', '6'])
    expect(bob.session.glpiactiveprofile).toMatchObject({ id: technician, user: 1055 })
  })

  test('lands in a default entity below the one that the profile is held in', async () => {
    const { session } = await sessionOf('dora')
    expect(session).toMatchObject({
      glpiactive_entity: 3,
      glpiactive_entity_recursive: true,
      glpiactiveentities: { 3: 3 },
      glpiparententities: [0, 1],
      glpiactive_entity_name: 'Root entity &gt; Paris &gt; North (tree structure)',
    })
  })

  test('of the helpdesk interface keeps few rights', async () => {
    const { session } = await sessionOf('charlie')
    expect(session.glpiactiveprofile).toMatchObject({ interface: 'helpdesk', ticket: 5, followup: 5 })
    expect(session.glpiactiveprofile).not.toHaveProperty('user')
    expect(session.glpigroups).toEqual([1])
  })

  test("of a browser holds its forms' secrets, and who acts as its user", async () => {
    const { token, session } = await sessionOf('bob')
    expect(Object.keys(session.glpicsrftokens)[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(session).not.toHaveProperty('impersonator_id')
    fresh().host.impersonate(token, 2)
    const { body } = await ask(fresh().host, token, 'getFullSession')
    expect(body.session.impersonator_id).toBe(2)
  })
})
