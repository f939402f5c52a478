import { AppError, ERRORS, type ErrorCode } from '../domain/errors.ts'
import type { HostRest } from '../helpdesk/itsmng/rest.ts'
import type { Storage } from '../storage/storage.ts'
import { type Check, type Outcome, ok, problem, warning } from './finding.ts'

/** A helpdesk that we are attached to. */
export interface Attached {
  storage: Storage
  rest: HostRest
  /** HELPDESK_URL and BASE_PATH. */
  url: string
  basePath: string
}

/** The host's gates in the order in which it asks them, with what it means to be turned away there. */
const GATES: readonly { check: string; well: string; failures: readonly ErrorCode[] }[] = [
  {
    check: 'reached',
    well: 'The web server of the helpdesk answers.',
    failures: ['helpdesk-down', 'helpdesk-slow', 'helpdesk-maintenance', 'helpdesk-ill'],
  },
  { check: 'api', well: 'Its REST API is switched on.', failures: ['helpdesk-api-off'] },
  {
    check: 'address',
    well: 'An API client of it allows the address of this machine.',
    failures: ['helpdesk-address-refused'],
  },
  { check: 'app token', well: 'It takes the App-Token, or asks for none.', failures: ['helpdesk-app-token'] },
]

export const HOST_API: readonly Check<Attached>[] = [
  {
    name: 'host api',
    // Without a session: whoever gets as far as being asked for one has passed every gate.
    run: async ({ rest, url }) => gates(await failureOf(rest), url),
  },
  {
    name: 'host log-in',
    async run({ storage }) {
      const values = await configValues(storage, [
        'enable_api_login_credentials',
        'enable_api_login_external_token',
      ])
      const [password, userToken] = [
        values.get('enable_api_login_credentials'),
        values.get('enable_api_login_external_token'),
      ]
      if (password === '1' || userToken === '1') {
        const by = [password === '1' && 'login and password', userToken === '1' && 'user tokens'].filter(
          Boolean,
        )
        return [ok(`Telephone systems can log in to its API by ${by.join(' and by ')}.`)]
      }
      return [
        warning(
          'Nobody can log in to its API, so that telephone systems get no session.',
          'In ITSM-NG: Setup > General > API, switch on "Enable login with external token" (or with credentials).',
        ),
      ]
    },
  },
  {
    name: 'host url',
    async run({ url, basePath }) {
      const path = new URL(url).pathname.replace(/\/$/, '')
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

async function failureOf(rest: HostRest): Promise<AppError | null> {
  try {
    await rest.get('getFullSession', '')
    return null
  } catch (error) {
    if (error instanceof AppError) return error.code === 'session-invalid' ? null : error
    throw error
  }
}

/** A finding for each gate up to the one that turns us away. */
function gates(failure: AppError | null, url: string): Outcome[] {
  const outcomes: Outcome[] = []
  for (const { well, failures } of GATES) {
    if (failure === null || !failures.includes(failure.code)) {
      outcomes.push(ok(well))
      continue
    }
    const { title, remedy } = ERRORS[failure.code]
    const cause = failure.detail ?? (failure.cause instanceof Error ? failure.cause.message : '')
    outcomes.push(problem(`${title}${cause === '' ? '' : ` (${cause})`}: ${url}`, remedy))
    return outcomes
  }
  return outcomes
}

/** Settings of the host's by name. */
export async function configValues({ db }: Storage, names: readonly string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('glpi_configs')
    .select(['name', 'value'])
    .where('context', '=', 'core')
    .where('name', 'in', names)
    .execute()
  return new Map(rows.map(({ name, value }) => [name ?? '', value ?? '']))
}
