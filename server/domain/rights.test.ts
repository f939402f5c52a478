import { describe, expect, test } from 'vitest'
import { AppError } from './errors.ts'
import {
  CREATE,
  demandRight,
  missingForAccess,
  missingForConfig,
  missingForFollowup,
  missingForLookup,
  missingForTicketCreate,
  missingForTicketRead,
  missingForUserWrite,
  NO_RIGHTS,
  RIGHT_NAMES,
  type Rights,
  UPDATE,
} from './rights.ts'

const rights = (some: Partial<Rights>): Rights => ({ ...NO_RIGHTS, ...some })

test.each<[string, (rights: Rights) => string | null, Partial<Rights>, string | null]>([
  ['access', missingForAccess, {}, 'READ on plugin_callmanager_access'],
  ['access', missingForAccess, { access: 1 }, null],
  ['access by UPDATE without READ', missingForAccess, { access: 2 }, 'READ on plugin_callmanager_access'],
  ['a look-up', missingForLookup, { user: 1 }, 'READ on plugin_callmanager_access'],
  ['a look-up', missingForLookup, { access: 1 }, 'READ on user'],
  ['a look-up', missingForLookup, { access: 1, user: 1024 }, 'READ on user'],
  ['a look-up', missingForLookup, { access: 1, user: 1 }, null],
  ['settings', missingForConfig, { config: 1 }, 'UPDATE on plugin_callmanager_config'],
  ['settings', missingForConfig, { config: 2 }, null],
  [
    'changing a user',
    (r) => missingForUserWrite(r, UPDATE),
    { access: 1, user: 2 },
    'READ and UPDATE on plugin_callmanager_access',
  ],
  [
    'changing a user',
    (r) => missingForUserWrite(r, UPDATE),
    { access: 2, user: 2 },
    'READ and UPDATE on plugin_callmanager_access',
  ],
  ['changing a user', (r) => missingForUserWrite(r, UPDATE), { access: 3, user: 5 }, 'UPDATE on user'],
  ['changing a user', (r) => missingForUserWrite(r, UPDATE), { access: 3, user: 2 }, null],
  ['creating a user', (r) => missingForUserWrite(r, CREATE), { access: 3, user: 3 }, 'CREATE on user'],
  ['creating a user', (r) => missingForUserWrite(r, CREATE), { access: 3, user: 4 }, null],
  ['seeing tickets', missingForTicketRead, { ticket: 1 }, 'READ on plugin_callmanager_access'],
  ['seeing tickets', missingForTicketRead, { access: 1, ticket: 2 + 8192 }, 'READ on ticket'],
  ['seeing tickets of one’s own', missingForTicketRead, { access: 1, ticket: 1 }, null],
  ['seeing all tickets', missingForTicketRead, { access: 1, ticket: 1024 }, null],
  ['seeing tickets of one’s groups', missingForTicketRead, { access: 1, ticket: 2048 }, null],
  ['seeing tickets one is assigned to', missingForTicketRead, { access: 1, ticket: 4096 }, null],
  ['seeing tickets one owns', missingForTicketRead, { access: 1, ticket: 32_768 }, null],
  ['seeing requests one approves', (r) => missingForTicketRead(r, 4096), { access: 1 }, null],
  ['seeing incidents one approves', (r) => missingForTicketRead(r, 8192), { access: 1 }, null],
  ['having tickets approved', (r) => missingForTicketRead(r, 1024 + 2048), { access: 1 }, 'READ on ticket'],
  ['opening a ticket', missingForTicketCreate, { ticket: 4 }, 'READ on plugin_callmanager_access'],
  ['opening a ticket', missingForTicketCreate, { access: 1, ticket: 1 }, 'CREATE on ticket'],
  ['opening a ticket', missingForTicketCreate, { access: 1, ticket: 4 }, null],
  ['a followup', (r) => missingForFollowup(r, false), { followup: 4 }, 'READ on plugin_callmanager_access'],
  ['a followup', (r) => missingForFollowup(r, false), { access: 1, followup: 8195 }, 'CREATE on followup'],
  ['a followup to mine', (r) => missingForFollowup(r, false), { access: 1, followup: 4 }, null],
  ['a followup to my group’s', (r) => missingForFollowup(r, false), { access: 1, followup: 2048 }, null],
  ['a followup to all', (r) => missingForFollowup(r, false), { access: 1, followup: 4096 }, null],
  ['a followup to assigned', (r) => missingForFollowup(r, false), { access: 1, followup: 16_384 }, null],
  ['a private followup', (r) => missingForFollowup(r, true), { access: 1, followup: 5 }, '"see private"'],
  ['a private followup', (r) => missingForFollowup(r, true), { access: 1, followup: 8196 }, null],
])('%s %#', (_, missing, some, expected) => {
  const sentence = missing(rights(some))
  if (expected === null) expect(sentence).toBeNull()
  else expect(sentence).toContain(expected)
})

describe('demandRight', () => {
  test('passes where nothing is missing', () => {
    expect(() => demandRight(null)).not.toThrow()
  })

  test('throws what is missing', () => {
    expect(() => demandRight('the profile lacks READ on user')).toThrow(
      new AppError('right-missing', { detail: 'the profile lacks READ on user' }),
    )
  })
})

test('rights bear the names of the host’s table', () => {
  expect(RIGHT_NAMES).toMatchObject({
    access: 'plugin_callmanager_access',
    config: 'plugin_callmanager_config',
    user: 'user',
    ticket: 'ticket',
    followup: 'followup',
  })
})
