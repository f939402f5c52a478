import { expect, test } from 'vitest'
import { missingForDesk, powersOf, type Standing } from './powers.ts'
import { NO_RIGHTS } from './rights.ts'

const EVERYTHING: Standing = {
  rights: { access: 3, config: 2, user: 31, ticket: 1024 + 4, followup: 4096 + 8192 },
  profile: { entity: 31 },
  keepsAccounts: true,
  keepsPlaces: true,
}
const EVERY_POWER = [
  'addFollowups',
  'addPrivateFollowups',
  'configure',
  'createEntities',
  'createTickets',
  'createUsers',
  'deleteUsers',
  'editEntities',
  'editUsers',
  'lookUp',
  'purgeUsers',
  'readTickets',
  'writeRio',
]

/** What of everything goes with this change. */
function lostBy(change: Partial<Standing>): string[] {
  return Object.entries(powersOf({ ...EVERYTHING, ...change }))
    .filter(([, may]) => !may)
    .map(([power]) => power)
    .sort()
}
const rights = (some: Partial<Standing['rights']>) => ({ rights: { ...EVERYTHING.rights, ...some } })

test.each<[string, Partial<Standing>, string[]]>([
  ['nothing is missing', {}, []],
  ['no right is given', { rights: NO_RIGHTS, profile: {} }, EVERY_POWER],
  ['there is no access', rights({ access: 0 }), EVERY_POWER.filter((power) => power !== 'configure')],
  [
    'access is to read alone',
    rights({ access: 1 }),
    ['createUsers', 'deleteUsers', 'editUsers', 'purgeUsers', 'writeRio'],
  ],
  ['settings are somebody else’s', rights({ config: 0 }), ['configure']],
  [
    'users are read alone',
    rights({ user: 1 }),
    ['createUsers', 'deleteUsers', 'editUsers', 'purgeUsers', 'writeRio'],
  ],
  ['users are changed alone', rights({ user: 3 }), ['createUsers', 'deleteUsers', 'purgeUsers']],
  ['users go no further than the bin', rights({ user: 15 }), ['purgeUsers']],
  ['users are not read', rights({ user: 30 }), ['lookUp']],
  ['tickets are not seen', rights({ ticket: 4 }), ['addFollowups', 'addPrivateFollowups', 'readTickets']],
  [
    'tickets are seen by who approves them',
    { ...rights({ ticket: 0 }), profile: { entity: 31, ticketvalidation: 4096 } },
    ['createTickets'],
  ],
  ['followups are public', rights({ followup: 4 }), ['addPrivateFollowups']],
  ['followups are read alone', rights({ followup: 8193 }), ['addFollowups', 'addPrivateFollowups']],
  ['entities are renamed alone', { profile: { entity: 3 } }, ['createEntities']],
  ['entities are read alone', { profile: { entity: 1 } }, ['createEntities', 'editEntities']],
  [
    'accounts and places are a host’s',
    { keepsAccounts: false, keepsPlaces: false },
    ['createEntities', 'deleteUsers', 'editEntities', 'purgeUsers'],
  ],
])('where %s, what needs more is not offered', (_, change, lost) => {
  expect(lostBy(change)).toEqual(lost)
})

test.each([
  [{ access: 1, user: 1 }, []],
  [{ access: 2, user: 1 }, ['plugin_callmanager_access']],
  [{ access: 1 }, ['user']],
  [{}, ['plugin_callmanager_access', 'user']],
])('of %j, every right is named that keeps from the desk', (some, names) => {
  const missing = missingForDesk({ ...NO_RIGHTS, ...some })
  expect(missing.map(({ right, level }) => [right, level])).toEqual(names.map((name) => [name, 'read']))
})
