import { isIPv4 } from 'node:net'
import { Refusal, refusal } from './answers.ts'
import { type HostDatabase, numberOf, textOf } from './database.ts'
import type { HostRequest } from './request.ts'

/** The tokens of the active API clients that cover an address, by the host's own statement. */
async function clientTokens(db: HostDatabase, address: string): Promise<string[]> {
  const number = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
  const rows = isIPv4(address)
    ? await db.rows(
        `select app_token from glpi_apiclients where is_active = 1
         and (ipv4_range_start is null or (ipv4_range_start <= ? and ipv4_range_end >= ?))`,
        [number, number],
      )
    : await db.rows(
        'select app_token from glpi_apiclients where is_active = 1 and (ipv6 is null or ipv6 = ?)',
        [address],
      )
  return rows.map((row) => textOf(row.app_token))
}

/** What stands before every session: is the API on, is the address a client's, is the App-Token that client's. */
export async function passGate(
  db: HostDatabase,
  config: (name: string) => string,
  { address, parameters }: HostRequest,
): Promise<void> {
  const apiUrl = config('url_base_api')
  if (numberOf(config('enable_api')) === 0) throw refusal('ERROR', apiUrl)
  const tokens = await clientTokens(db, address)
  if (tokens.length === 0) {
    const words = "There isn't an active API client matching your IP address in the configuration"
    throw new Refusal('ERROR_NOT_ALLOWED_IP', `${words} (${address})`, 400)
  }
  const sent = String(parameters.get('app_token') ?? '')
  if (tokens.includes(sent)) return
  throw refusal(
    sent === '' ? 'ERROR_APP_TOKEN_PARAMETERS_MISSING' : 'ERROR_WRONG_APP_TOKEN_PARAMETER',
    apiUrl,
  )
}
