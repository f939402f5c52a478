import { BlockList, isIP } from 'node:net'
import { AppError } from '../domain/errors.ts'
import { remember } from '../storage/remember.ts'
import type { Storage } from '../storage/storage.ts'
import type { Caller, Helpdesk } from './helpdesk.ts'

interface ClientRow {
  ipv4_range_start: number | null
  ipv4_range_end: number | null
  ipv6: string | null
  app_token: string | null
}

function ipv4Number(address: string): number {
  return address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0)
}

/** Node tells IPv4 callers on a dual-stack socket as `::ffff:192.0.2.1`. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address
}

function sameIpv6(one: string, other: string): boolean {
  if (isIP(other) !== 6) return false
  const list = new BlockList()
  list.addAddress(other, 'ipv6')
  return list.check(one, 'ipv6')
}

function allows(client: ClientRow, address: string): boolean {
  const { ipv4_range_start: start, ipv4_range_end: end, ipv6 } = client
  const bound = ipv6 !== null && ipv6 !== ''
  if (start === null && end === null && !bound) return true
  if (isIP(address) === 4) {
    if (start === null && end === null) return false
    const number = ipv4Number(address)
    return number >= (start ?? 0) && number <= (end ?? start ?? 0)
  }
  return bound && isIP(address) === 6 && sameIpv6(address, ipv6)
}

/**
 * The host's gate for API callers, by its own rows (host-contract §4): some active client matches the address, and the
 * App-Token is a matching client's. It may be left out only where a matching client has none; a wrong one is refused even then.
 */
export function createClientGate(storage: Storage): Helpdesk['admitClient'] {
  const select = storage.prepare((db) =>
    db
      .selectFrom('glpi_apiclients')
      .select(['ipv4_range_start', 'ipv4_range_end', 'ipv6', 'app_token'])
      .where('is_active', '=', 1),
  )
  const clients = remember((): Promise<ClientRow[]> => select({}))

  return async ({ address, appToken }: Caller) => {
    const matching = (await clients()).filter((client) => allows(client, plainAddress(address)))
    if (matching.length === 0) {
      throw new AppError('client-refused', { detail: 'no active API client covers the address' })
    }
    const sent = appToken ?? ''
    if (matching.some(({ app_token: expected }) => (expected ?? '') === sent)) return
    throw new AppError('client-refused', {
      field: 'App-Token',
      detail:
        sent === '' ? 'an App-Token is required' : 'the App-Token is not the one of a matching API client',
    })
  }
}
