import type { Insertable } from 'kysely'
import { beforeAll, beforeEach, expect, it, test } from 'vitest'
import { asHost } from '../../test/support/as-host.ts'
import { forEachEmbeddedEngine, forEachEngine } from '../../test/support/storages.ts'
import type { Storage } from '../storage/storage.ts'
import type { Tables } from '../storage/tables.ts'
import { createClientGate } from './clients.ts'

type Client = Partial<Insertable<Tables['glpi_apiclients']>>

const number = (address: string) => address.split('.').reduce((total, byte) => total * 256 + Number(byte), 0)
const range = (start: string, end: string): Client => ({
  ipv4_range_start: number(start),
  ipv4_range_end: number(end),
})

const ANY: Client = {}
const OFFICE = range('192.0.2.10', '192.0.2.20')
const HIGH = range('250.0.0.0', '255.255.255.255')
const IPV6: Client = { ipv6: '2001:db8::10' }
const SEED: Client = { ...range('127.0.0.1', '127.0.0.1'), ipv6: '::1' }

forEachEngine((engine) => {
  let storage: Storage

  beforeAll(async () => {
    storage = await engine.migrated()
  })
  beforeEach(() => asHost(storage).write('normal', (tx) => tx.deleteFrom('glpi_apiclients').execute()))

  async function admits(clients: Client[], address: string, appToken?: string): Promise<boolean> {
    await asHost(storage).write('normal', async (tx) => {
      for (const client of clients) {
        const row = {
          name: null,
          ipv4_range_start: null,
          ipv4_range_end: null,
          ipv6: null,
          app_token: null,
          is_active: 1,
          ...client,
        }
        await tx.insertInto('glpi_apiclients').values(row).execute()
      }
    })
    return createClientGate(storage)({ address, forwarded: false, appToken }).then(
      () => true,
      (error: unknown) => {
        expect(error).toMatchObject({ code: 'client-refused' })
        return false
      },
    )
  }

  test.each<[string, Client[], string, boolean]>([
    ['no client', [], '127.0.0.1', false],
    ['a client without a range', [ANY], '198.51.100.7', true],
    ['a client without a range, by IPv6', [ANY], '2001:db8::1', true],
    ['a client that is switched off', [{ ...ANY, is_active: 0 }], '127.0.0.1', false],
    ['the first address of a range', [OFFICE], '192.0.2.10', true],
    ['the last address of a range', [OFFICE], '192.0.2.20', true],
    ['an address before a range', [OFFICE], '192.0.2.9', false],
    ['an address behind a range', [OFFICE], '192.0.2.21', false],
    ['an address beyond 2^31', [HIGH], '251.1.2.3', true],
    ['an IPv4 address on a dual-stack socket', [OFFICE], '::ffff:192.0.2.15', true],
    ['an IPv6 address where only IPv4 is allowed', [OFFICE], '2001:db8::10', false],
    ['an IPv6 address', [IPV6], '2001:db8::10', true],
    ['the same IPv6 address written out', [IPV6], '2001:0DB8:0:0:0:0:0:0010', true],
    ['another IPv6 address', [IPV6], '2001:db8::11', false],
    ['an IPv4 address where only IPv6 is allowed', [IPV6], '192.0.2.15', false],
    [
      'a range of one address without an end',
      [{ ipv4_range_start: number('192.0.2.10') }],
      '192.0.2.10',
      true,
    ],
    ['the host’s own seed, from this machine', [SEED], '127.0.0.1', true],
    ['the host’s own seed, from this machine by IPv6', [SEED], '::1', true],
    ['the host’s own seed, from elsewhere', [SEED], '192.0.2.1', false],
    ['an IPv6 column that holds nonsense', [{ ipv6: 'nonsense' }], '2001:db8::10', false],
    ['a link-local address', [IPV6], 'fe80::1%eth0', false],
    ['no address at all', [OFFICE], '', false],
    ['one of two clients', [IPV6, OFFICE], '192.0.2.15', true],
  ])('%s: %#', async (_what, clients, address, admitted) => {
    expect(await admits(clients, address)).toBe(admitted)
  })

  const TOKEN = 'AppTokenOfTheOffice'
  const guarded: Client = { ...OFFICE, app_token: TOKEN }

  test.each<[string, Client[], string | undefined, boolean]>([
    ['the token of a matching client', [guarded], TOKEN, true],
    ['no token where it is required', [guarded], undefined, false],
    ['an empty token where it is required', [guarded], '', false],
    ['a wrong token', [guarded], 'wrong', false],
    ['a token in another letter case', [guarded], TOKEN.toLowerCase(), false],
    ['no token where a matching client has none', [guarded, ANY], undefined, true],
    ['a wrong token, refused even there', [guarded, ANY], 'wrong', false],
    ['a wrong token where no client has one', [ANY], 'wrong', false],
    [
      'the token of a client that does not match the address',
      [{ ...IPV6, app_token: TOKEN }, ANY],
      TOKEN,
      false,
    ],
    ['no token where the column is empty text', [{ ...OFFICE, app_token: '' }], undefined, true],
  ])('%s: %#', async (_what, clients, token, admitted) => {
    expect(await admits(clients, '192.0.2.15', token)).toBe(admitted)
  })
})

forEachEmbeddedEngine((engine) => {
  it('lets every address in as the embedded helpdesk is seeded, for a session is required still', async () => {
    const fresh = await engine.migrated()
    await createClientGate(fresh)({ address: '198.51.100.7', forwarded: true, appToken: undefined })
  })
})
