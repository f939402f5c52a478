import { encodePhp, type PhpValue, phpList, phpMap } from './php-json.ts'

export interface HostAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

export const JSON_TYPE = 'application/json; charset=UTF-8'

/** An answer of `apirest.php`; without a value the body is empty. */
export function answer(value?: PhpValue, status = 200, headers: Record<string, string> = {}): HostAnswer {
  return {
    status,
    headers: { 'Content-Type': JSON_TYPE, ...headers },
    body: value === undefined ? '' : encodePhp(value),
  }
}

/** What is left of a PHP that died. */
export const CRASHED: HostAnswer = {
  status: 500,
  headers: { 'Content-Type': 'text/html; charset=UTF-8' },
  body: '',
}

/** An item has been changed or removed, or so the host believes. */
export function written(id: number, message = ''): HostAnswer {
  return answer(phpList([phpMap({ [id]: true, message })]))
}

/** Ends a request with the host's `[CODE, message]`. */
export class Refusal extends Error {
  readonly answer: HostAnswer

  constructor(code: string, message: string | null, status: number) {
    super(code)
    this.answer = answer(phpList([code, message]), status)
  }
}

/** The words of a real ITSM-NG 1.4.0 in English. */
const REFUSALS = {
  ERROR: [400, 'API disabled'],
  ERROR_APP_TOKEN_PARAMETERS_MISSING: [400, 'missing parameter app_token', 'documented'],
  ERROR_WRONG_APP_TOKEN_PARAMETER: [400, 'parameter app_token seems wrong', 'documented'],
  ERROR_SESSION_TOKEN_MISSING: [400, 'parameter session_token is missing or empty', 'documented'],
  ERROR_SESSION_TOKEN_INVALID: [401, 'session_token seems invalid'],
  ERROR_LOGIN_PARAMETERS_MISSING: [
    400,
    'parameter(s) login, password or user_token are missing',
    'documented',
  ],
  ERROR_LOGIN_WITH_CREDENTIALS_DISABLED: [400, 'usage of initSession resource with credentials is disabled'],
  ERROR_GLPI_LOGIN_USER_TOKEN: [401, 'parameter user_token seems invalid'],
  ERROR_RESOURCE_NOT_FOUND_NOR_COMMONDBTM: [
    400,
    'resource not found or not an instance of CommonDBTM',
    'documented',
  ],
  ERROR_JSON_PAYLOAD_INVALID: [400, 'JSON payload seems not valid'],
  ERROR_JSON_PAYLOAD_FORBIDDEN: [400, 'GET Request should not have json payload (http body)', 'documented'],
  ERROR_BAD_ARRAY: [400, 'input parameter must be an array of objects', 'documented'],
  ERROR_RIGHT_MISSING: [403, "You don't have permission to perform this action."],
  ERROR_ITEM_NOT_FOUND: [404, 'Item not found'],
  ERROR_METHOD_NOT_ALLOWED: [405, 'Method Not Allowed', 'documented'],
} as const satisfies Record<string, readonly [number, string, 'documented'?]>

/** Refuses with the host's own words; `apiUrl` is the address that it names its documentation by. */
export function refusal(code: keyof typeof REFUSALS, apiUrl: string): Refusal {
  const [status, message, documented] = REFUSALS[code]
  return new Refusal(
    code,
    documented === undefined
      ? message
      : `${message}; view documentation in your browser at ${apiUrl}/#${code}`,
    status,
  )
}
