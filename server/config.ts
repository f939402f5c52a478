import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { Static } from 'typebox'
import Value from 'typebox/value'
import { ConfigSchema, type Manual } from './config-schema.ts'
import { parseConfigDb } from './helpdesk/itsmng/config-db.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface Config extends Readonly<Omit<Static<typeof ConfigSchema>, 'TRUSTED_PROXIES'>> {
  readonly TRUSTED_PROXIES: readonly string[]
  /** DATABASE_URL is the host's own account, which may do everything, read from HELPDESK_CONFIG_DB. */
  readonly databaseFromHost: boolean
}

/** A start that cannot succeed, with the sentence that says what is wrong and what to do about it. */
export class StartError extends Error {}

/** Defaults that a command knows better, such as `demo`'s folder. */
export type ConfigDefaults = Partial<Record<keyof typeof ConfigSchema.properties, string>>

/**
 * Reads and checks the settings, once; the only reader of the process's environment. Relative paths start at the working
 * folder. Throws {@link StartError}.
 */
export function readConfig(defaults: ConfigDefaults = {}, environment: Environment = process.env): Config {
  const data: Record<string, unknown> = { ...defaults }
  for (const [name, schema] of Object.entries(ConfigSchema.properties)) {
    const value = schema.secret ? (readSecretFile(name, environment) ?? environment[name]) : environment[name]
    if (value !== undefined && value !== '') data[name] = value
  }
  if (/^postgres(ql)?:/.test(String(data.DATABASE_URL ?? ''))) {
    throw new StartError(
      'DATABASE_URL names a PostgreSQL database, which Call Manager does not work with: it attaches to helpdesks on MariaDB or MySQL. For example: DATABASE_URL=mysql://callmanager:secret@127.0.0.1:3306/itsmng',
    )
  }
  const values = parse(data)
  if (values.HELPDESK_URL !== '' && !URL.canParse(values.HELPDESK_URL)) {
    throw refused('HELPDESK_URL', formOf('HELPDESK_URL'))
  }
  const proxies = values.TRUSTED_PROXIES.split(',')
    .map((proxy) => proxy.trim())
    .filter(Boolean)
  for (const proxy of proxies) checkNetwork(proxy)
  const databaseFromHost = values.HELPDESK_CONFIG_DB !== ''
  const databaseUrl = databaseFromHost ? readConfigDb(values) : values.DATABASE_URL
  checkDatabaseUrl(databaseUrl)
  if (values.HELPDESK_URL !== '' && !/^(mysql|mariadb):/.test(databaseUrl)) {
    throw new StartError(
      "HELPDESK_URL is set, so DATABASE_URL must name that helpdesk's database, which is MariaDB or MySQL. For example: DATABASE_URL=mysql://callmanager:secret@127.0.0.1:3306/itsmng",
    )
  }
  const dataDir = resolve(values.DATA_DIR)
  return Object.freeze({
    ...values,
    TRUSTED_PROXIES: Object.freeze(proxies),
    HELPDESK_URL: values.HELPDESK_URL.replace(/\/+$/, ''),
    DATA_DIR: dataDir,
    DATABASE_URL: databaseUrl.replace(/^mariadb:/, 'mysql:') || `file:${resolve(dataDir, 'callmanager.db')}`,
    databaseFromHost,
  })
}

/** The address of the database in the host's own settings. */
function readConfigDb({ HELPDESK_CONFIG_DB: path, HELPDESK_URL, DATABASE_URL }: Static<typeof ConfigSchema>) {
  if (DATABASE_URL !== '') {
    throw new StartError('DATABASE_URL and HELPDESK_CONFIG_DB are both set; keep one of them.')
  }
  if (HELPDESK_URL === '') {
    throw new StartError('HELPDESK_CONFIG_DB is set, so HELPDESK_URL must name the helpdesk it belongs to.')
  }
  const parsed = parseConfigDb(readText('HELPDESK_CONFIG_DB', path))
  if ('url' in parsed) return parsed.url
  throw new StartError(`HELPDESK_CONFIG_DB names ${path}, but ${parsed.problem}`)
}

function parse(data: Record<string, unknown>): Static<typeof ConfigSchema> {
  const values = Value.Default(ConfigSchema, Object.fromEntries(Object.entries(data).map(asNumber)))
  if (Value.Check(ConfigSchema, values)) return values
  const [problem] = Value.Errors(ConfigSchema, values)
  const name = problem?.instancePath.slice(1) ?? ''
  // A pattern tells an operator nothing.
  throw refused(name, problem?.keyword === 'pattern' ? formOf(name) : (problem?.message ?? 'is wrong'))
}

function formOf(name: string): string {
  const schema = Object.entries(ConfigSchema.properties).find(([key]) => key === name)?.[1]
  return `is not of the expected form${schema !== undefined && 'form' in schema ? `: ${schema.form}` : ''}`
}

/**
 * An address of a server that cannot be read would end in an error that shows it, password and all; one whose password ends
 * the address too early, as after digits, which then pass for a port, would lead to another server.
 */
function checkDatabaseUrl(url: string): void {
  if (!/^(mysql|mariadb):/.test(url)) return
  if (!isWhole(url)) {
    throw refused(
      'DATABASE_URL',
      'cannot be read as an address: write / # ? % and @ in its password as %2F %23 %3F %25 and %40, and @ after the ? as %40',
    )
  }
  // The driver takes whatever else stands there for an option of its own.
  for (const [name, value] of new URL(url).searchParams) {
    if (name === 'socketPath' || (name === 'ssl' && isJsonObject(value))) continue
    throw refused(
      'DATABASE_URL',
      'may have socketPath and ssl after the ? and nothing else, ssl as JSON: ?ssl={"rejectUnauthorized":true}',
    )
  }
}

function isJsonObject(text: string): boolean {
  try {
    return JSON.parse(text).constructor === Object
  } catch {
    return false
  }
}

function isWhole(url: string): boolean {
  try {
    const { username, password, pathname, search, hash } = new URL(url)
    for (const part of [username, password, pathname]) decodeURIComponent(part)
    return hash === '' && !/[/@]/.test(pathname.slice(1)) && !search.includes('@')
  } catch {
    return false
  }
}

/** A number is digits and nothing else: no fraction is cut off, and no white space is a 0. */
function asNumber([name, value]: [string, unknown]): [string, unknown] {
  const schema = Object.entries(ConfigSchema.properties).find(([key]) => key === name)?.[1]
  const isNumber = schema?.type === 'integer' && typeof value === 'string' && /^-?[0-9]+$/.test(value)
  return [name, isNumber ? Number(value) : value]
}

/** The value itself is not repeated: it may hold a password. */
function refused(name: string, reason: string): StartError {
  const schema: Manual | undefined = Object.entries(ConfigSchema.properties).find(
    ([key]) => key === name,
  )?.[1]
  if (schema === undefined) return new StartError(`${name} ${reason}.`)
  return new StartError(`${name} ${reason}. ${schema.description} For example: ${name}=${schema.example}`)
}

function readSecretFile(name: string, environment: Environment): string | undefined {
  const path = environment[`${name}_FILE`]
  if (path === undefined || path === '') return undefined
  if (environment[name]) throw new StartError(`${name} and ${name}_FILE are both set; keep one of them.`)
  return readText(`${name}_FILE`, path).trim()
}

function readText(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `${name} names a file that cannot be read (${reason}). Correct the path or its permissions.`,
    )
  }
}

function checkNetwork(text: string): void {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  const widest = version === 4 ? 32 : 128
  // No digits are no width: `10.0.0.0/` must not be read as the whole world.
  const fits = bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= widest)
  if (version !== 0 && fits && rest.length === 0) return
  throw refused('TRUSTED_PROXIES', `holds "${text}", which is neither an address nor a network`)
}
