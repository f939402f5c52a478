/** What a host's own `config/config_db.php` comes to: the address of its database, or why that cannot be told. */
export type HostDatabase = { url: string } | { problem: string }

type Literal = string | number | boolean | null | readonly string[]

const INSTEAD = 'Set DATABASE_URL instead.'

/** A host writes less than one kilobyte. */
const MAX_CHARACTERS = 100_000

/**
 * Reads the class `DB` of a host's `config_db.php` (host-contract §1.0) without running it: properties that are literals.
 * The password stands there URL-encoded. No value is ever repeated in a problem.
 */
export function parseConfigDb(php: string): HostDatabase {
  if (php.length > MAX_CHARACTERS) return { problem: `it is larger than such a file. ${INSTEAD}` }
  const properties = readProperties(php)
  const type = properties.get('dbtype')
  if (type !== undefined && !/^(mysqli?|mariadb)$/i.test(String(type))) {
    return {
      problem:
        'it names a database that is neither MariaDB nor MySQL (dbtype); those hosts are not supported.',
    }
  }
  for (const name of ['dbhost', 'dbuser', 'dbpassword', 'dbdefault']) {
    if (!properties.has(name)) return { problem: `it does not hold a property $${name}. ${INSTEAD}` }
    if (properties.get(name) === undefined) {
      return { problem: `its $${name} is worked out by PHP rather than written there. ${INSTEAD}` }
    }
  }
  if (properties.has('dbssl') && !/^(0|false|null|)$/.test(String(properties.get('dbssl') ?? 'null'))) {
    return { problem: `it asks for TLS (dbssl). ${INSTEAD}` }
  }
  const hosts = properties.get('dbhost')
  // Several hosts are copies of one another, of which the host takes any.
  const [host = ''] = Array.isArray(hosts) ? hosts : [String(hosts ?? '')]
  const database = String(properties.get('dbdefault') ?? '')
  if (database === '') return { problem: `its $dbdefault, the name of the database, is empty. ${INSTEAD}` }
  const password = decodePassword(String(properties.get('dbpassword') ?? ''))
  const account = [String(properties.get('dbuser') ?? ''), password].map(encodeURIComponent).join(':')
  const url = `mysql://${account}@${addressOf(host)(encodeURIComponent(database))}`
  if (!ADDRESS.test(host) || !URL.canParse(url)) return { problem: `its $dbhost is no address. ${INSTEAD}` }
  return { url }
}

/** A host and perhaps a port, or a socket: nothing that would say something else in a URL. */
const ADDRESS = /^[^\s?#@\\/]*(:\/[^\s?#@\\]*)?$/

/** `host`, `host:port` or `host:/path/of/a/socket`. */
function addressOf(text: string): (database: string) => string {
  const socket = /^([^:]*):(\/.*)$/.exec(text)
  if (socket !== null) {
    return (database) => `localhost/${database}?socketPath=${encodeURIComponent(socket[2] ?? '')}`
  }
  // More colons than a port has are an IPv6 address, which a URL writes in brackets.
  const bare = /^[^[]*:[^[]*:/.test(text) ? `[${text}]` : text || 'localhost'
  return (database) => `${bare}/${database}`
}

/** As PHP's rawurldecode: what is no escape stays as it is. */
function decodePassword(encoded: string): string {
  return encoded.replace(/(%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}

/** Every property by name; undefined where its value is not a literal. Comments are passed over, strings are not. */
function readProperties(php: string): Map<string, Literal | undefined> {
  const found = new Map<string, Literal | undefined>()
  const tokens = tokenise(php)
  for (let at = 0; at < tokens.length; at++) {
    const [name, assigns] = [tokens[at], tokens[at + 1]]
    if (name?.startsWith('$') !== true || assigns !== '=') continue
    const end = tokens.indexOf(';', at)
    if (end < 0) break
    found.set(name.slice(1), literal(tokens.slice(at + 2, end)))
    at = end
  }
  return found
}

const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|#(?!\[)[^\n]*|'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|\$?[A-Za-z_][\w]*|=>|-?\d+(?:\.\d+)?|[^\s]/g

function tokenise(php: string): string[] {
  return (php.match(TOKEN) ?? []).filter((token) => !/^(\/\*|\/\/|#)/.test(token))
}

function literal(tokens: readonly string[]): Literal | undefined {
  const [first = '', ...rest] = tokens
  if (rest.length === 0) return scalar(first)
  const list = first.toLowerCase() === 'array' ? rest : tokens
  if (!['[', '('].includes(list[0] ?? '') || ![']', ')'].includes(list.at(-1) ?? '')) return undefined
  const items = list.slice(1, -1).filter((token) => token !== ',')
  const values = items.map(scalar)
  return values.every((value) => typeof value === 'string') ? values : undefined
}

function scalar(token: string): string | number | boolean | null | undefined {
  if (token.startsWith("'")) return token.slice(1, -1).replace(/\\(['\\])/g, '$1')
  if (token.startsWith('"')) return doubleQuoted(token.slice(1, -1))
  if (/^-?\d/.test(token)) return Number(token)
  const words: Record<string, boolean | null> = { true: true, false: false, null: null }
  return words[token.toLowerCase()]
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', v: '\v', e: '\x1b', f: '\f' }

/** Undefined where a variable is put into it, or what is no character. */
function doubleQuoted(text: string): string | undefined {
  if (/(^|[^\\])(\\\\)*(\$[A-Za-z_{]|\{\$)/.test(text)) return undefined
  const read = text.replace(
    /\\(?:([nrtvef])|([\\$"])|x([0-9A-Fa-f]{1,2})|u\{([0-9A-Fa-f]+)\}|([0-7]{1,3}))/g,
    (_, letter, sign, hex, point, octal) =>
      ESCAPES[letter] ??
      sign ??
      (point === undefined
        ? String.fromCharCode(Number.parseInt(hex ?? octal, hex === undefined ? 8 : 16) & 0xff)
        : characterOf(Number.parseInt(point, 16))),
  )
  return read.isWellFormed() ? read : undefined
}

/** Half a character where there is none of this number. */
function characterOf(point: number): string {
  return point > 0x10ffff ? '\ud800' : String.fromCodePoint(point)
}
