import { codeOf } from '../domain/error-code.ts'
import { AppError, ERRORS, type ErrorCode } from '../domain/errors.ts'
import { createHostRest } from '../helpdesk/itsmng/rest.ts'
import { type Check, type Outcome, ok, problem } from './finding.ts'
import type { Machine } from './machine.ts'

/** What the host's REST API says to somebody without a session. */
export interface AtTheGate {
  config: Machine['config']
  /** `session-invalid` where every gate was passed. */
  answer: AppError
}

/** The host's gates in the order in which it asks them, with what it means to be turned away there. */
interface Gate {
  name: string
  well: string
  refusals: Partial<Record<ErrorCode, (asked: AtTheGate) => Outcome>>
}

const SETUP = 'In ITSM-NG: Setup > General > API'

const GATES: readonly Gate[] = [
  {
    name: 'host reached',
    well: 'The web server of the helpdesk answers.',
    refusals: {
      'helpdesk-down': ({ answer, config }) =>
        problem(
          `The helpdesk cannot be reached at ${config.HELPDESK_URL}${reasonOf(answer)}.`,
          remedyFor(codeOf(answer.cause)),
        ),
      'helpdesk-slow': ({ config }) =>
        problem(
          `The helpdesk has given no answer within ${config.HELPDESK_TIMEOUT_SECONDS} s.`,
          'Look at the load of ITSM-NG and its PHP, or raise HELPDESK_TIMEOUT_SECONDS.',
        ),
      'helpdesk-maintenance': () =>
        problem(
          'It answers a page instead of JSON: it is in maintenance, or waits for its own update, or HELPDESK_URL is the address of something else.',
          'In ITSM-NG: Setup > General > System ends the maintenance mode, and a log-in as an administrator tells of an update that is due. Else correct HELPDESK_URL.',
        ),
      'helpdesk-ill': ({ answer }) =>
        problem(
          `The helpdesk does not answer as an ITSM-NG does${reasonOf(answer)}.`,
          "HELPDESK_URL is to be ITSM-NG's own address, sub-directory included. If it is, see that its web server hands what follows apirest.php to PHP (PATH_INFO), and look at its logs for an error.",
        ),
    },
  },
  {
    name: 'host api',
    well: 'Its REST API is switched on.',
    refusals: {
      'helpdesk-api-off': () =>
        problem(
          'The REST API of the helpdesk is switched off, as it is by default.',
          `${SETUP}, set "Enable Rest API" to Yes and save.`,
        ),
    },
  },
  {
    name: 'host address',
    well: 'An API client of it allows the address of this machine.',
    refusals: {
      'helpdesk-address-refused': ({ answer }) => {
        const seen = addressIn(answer)
        const address = seen === '' ? 'the address of this machine' : seen
        return problem(
          `The helpdesk sees this machine as ${address}, and no active API client of it holds that address.`,
          `${SETUP}, add an API client: Active Yes, ${address} in "IPv4 address range" (both fields) or "IPv6 address", and let it make an App-Token.`,
        )
      },
    },
  },
  {
    name: 'host app-token',
    well: 'It takes the App-Token, or asks for none.',
    refusals: {
      'helpdesk-app-token': ({ config }) =>
        config.HELPDESK_APP_TOKEN === ''
          ? problem(
              'The API client of this machine has an App-Token, and HELPDESK_APP_TOKEN is empty.',
              `Set HELPDESK_APP_TOKEN to the one that stands in ITSM-NG: Setup > General > API, the API client, "Application token (app_token)".`,
            )
          : problem(
              'HELPDESK_APP_TOKEN is not the App-Token of an API client that holds the address of this machine.',
              `Copy it anew from ITSM-NG: Setup > General > API, the API client, "Application token (app_token)". Leave it empty where that client has none.`,
            ),
    },
  },
]

export const HOST_API: readonly Check<AtTheGate>[] = GATES.map(({ name, well, refusals }, at) => ({
  name,
  async run(asked) {
    const refused = GATES.findIndex(({ refusals }) => refusals[asked.answer.code] !== undefined)
    // Behind the gate that turns one away there is nothing to be seen.
    if (refused >= 0 && refused < at) return []
    return [refusals[asked.answer.code]?.(asked) ?? ok(well)]
  },
}))

/** Asks without a session: whoever gets as far as being asked for one has passed every gate. */
export async function askAtTheGate(config: Machine['config']): Promise<AtTheGate> {
  const { HELPDESK_URL: url, HELPDESK_APP_TOKEN: appToken, HELPDESK_TIMEOUT_SECONDS: seconds } = config
  const rest = createHostRest({ url, appToken, timeoutMs: seconds * 1000 })
  const answer = await rest.get('getFullSession', '').then(
    () => new AppError('helpdesk-ill', { detail: 'it asks for no session' }),
    (error: unknown) => {
      if (!(error instanceof AppError)) throw error
      const known = error.code === 'session-invalid' || GATES.some(({ refusals }) => error.code in refusals)
      return known
        ? error
        : new AppError('helpdesk-ill', { detail: ERRORS[error.code].title, cause: error.cause })
    },
  )
  return { config, answer }
}

/** What to do about a web server that cannot be reached, by the system's or OpenSSL's word for it. */
function remedyFor(code: string): string {
  if (/CERT|SELF_SIGNED|UNABLE_TO/.test(code))
    return 'Let Node trust the authority of its certificate: NODE_EXTRA_CA_CERTS=/path/of/the/authority.pem in the environment of Call Manager.'
  if (/SSL|EPROTO/.test(code))
    return 'No TLS is spoken there: correct the port in HELPDESK_URL, or write http:// in place of https://.'
  return 'Start the web server of ITSM-NG, or correct HELPDESK_URL; look for a firewall between the two machines.'
}

function reasonOf({ detail, cause }: AppError): string {
  const reason = detail ?? (codeOf(cause) || (cause instanceof Error ? cause.message : ''))
  return reason === '' ? '' : ` (${reason})`
}

/** Its message is translated, but names the address as it sees it in brackets. */
function addressIn({ cause }: AppError): string {
  return cause instanceof Error ? (/\(([0-9a-f.:]+)\)/i.exec(cause.message)?.[1] ?? '') : ''
}
