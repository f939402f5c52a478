import { readHost } from '../helpdesk/itsmng/host.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, ok, problem, warning } from './finding.ts'
import type { AtTheGate } from './host-api.ts'
import { coreConfig } from './host-config.ts'
import { subDirectoryOf } from './sub-directory.ts'

type Patient = AtTheGate & { storage: Storage }

/** The newest GLPI that has been tried; every ITSM-NG so far is one of 9.5. */
const NEWEST_GLPI = 10

const LAST_IPV4 = 2 ** 32 - 1

/** What the host's own rows say of its version, its API and its plugins. */
export const HOST_SETTINGS: readonly Check<Patient>[] = [
  {
    name: 'host',
    async run({ storage }) {
      const { product, version } = await readHost(storage.db)
      const what = `The database is that of ${product} ${version}.`
      if (product === 'ITSM-NG' || Number.parseInt(version, 10) <= NEWEST_GLPI) return [ok(what)]
      return [
        warning(
          `${what} Call Manager has been tried up to GLPI ${NEWEST_GLPI}.`,
          'Try it on a copy of that helpdesk first, or ask whether a newer release of Call Manager knows it.',
        ),
      ]
    },
  },
  {
    name: 'one helpdesk',
    async run({ storage, answer }) {
      // Its API tells nothing of itself before a log-in, but whether it is on.
      const isOn = (await coreConfig(storage, ['enable_api'])).get('enable_api') === '1'
      const answersOn = ['helpdesk-address-refused', 'helpdesk-app-token', 'session-invalid'].includes(
        answer.code,
      )
      const answersOff = answer.code === 'helpdesk-api-off'
      if (isOn ? !answersOff : !answersOn) return [ok('HELPDESK_URL and DATABASE_URL go together.')]
      return [
        problem(
          `The REST API at HELPDESK_URL is ${answersOn ? 'on' : 'off'}, while the database of DATABASE_URL says that it is ${isOn ? 'on' : 'off'}: they belong to two helpdesks.`,
          "Correct the one or the other. The name of ITSM-NG's database stands in its config/config_db.php.",
        ),
      ]
    },
  },
  {
    name: 'host log-in',
    async run({ storage }) {
      const values = await coreConfig(storage, [
        'enable_api_login_credentials',
        'enable_api_login_external_token',
      ])
      const ways = [
        ...(values.get('enable_api_login_credentials') === '1' ? ['by login and password'] : []),
        ...(values.get('enable_api_login_external_token') === '1' ? ['by user tokens'] : []),
      ]
      if (ways.length > 0) return [ok(`Telephone systems can log in to its API ${ways.join(' and ')}.`)]
      return [
        warning(
          'Nobody can log in to its API, so that telephone systems get no session. People who are logged in to its pages can work.',
          'In ITSM-NG: Setup > General > API, set "Enable login with external token" to Yes and save.',
        ),
      ]
    },
  },
  {
    name: 'host clients',
    async run({ storage }) {
      const clients = await storage.db
        .selectFrom('glpi_apiclients')
        .select(['ipv4_range_start', 'ipv4_range_end', 'ipv6', 'app_token'])
        .where('is_active', '=', 1)
        .execute()
      const open = clients.filter(
        ({ app_token, ipv4_range_start: start, ipv4_range_end: end, ipv6 }) =>
          // The host takes NULL for any address of the kind.
          !app_token && (ipv6 === null || start === null || (start === 0 && (end ?? 0) >= LAST_IPV4)),
      )
      if (open.length === 0) return [ok('No API client of it lets everybody in.')]
      return [
        warning(
          `${open.length} of its ${clients.length} active API clients ask for no App-Token and leave the IPv4 range or the IPv6 address empty, which is every address: whoever knows a password or a user token can use its REST API from anywhere, look-ups included.`,
          'In ITSM-NG: Setup > General > API, the API client: have it make an App-Token ("Regenerate"), or fill in both kinds of addresses (::1 for no other machine by IPv6).',
        ),
      ]
    },
  },
  {
    name: 'host url',
    async run({ config: { HELPDESK_URL, BASE_PATH: basePath } }) {
      const path = subDirectoryOf(HELPDESK_URL)
      if (path === basePath) return [ok(`Its pages and ours start at ${basePath === '' ? '/' : basePath}.`)]
      return [
        warning(
          `HELPDESK_URL has the path "${path}", and BASE_PATH is "${basePath}": links between the two lead nowhere, unless a proxy changes paths.`,
          `Set BASE_PATH=${path}`,
        ),
      ]
    },
  },
]
