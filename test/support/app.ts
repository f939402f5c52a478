import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { inject, onTestFinished, TestRunner } from 'vitest'
import { buildApp } from '../../server/app.ts'
import { type Config, readConfig } from '../../server/config.ts'
import { DEMO_LOGINS, fillDemo } from '../../server/helpdesk/embedded/demo.ts'
import { hashPassword } from '../../server/helpdesk/embedded/passwords.ts'
import { createLog } from '../../server/log.ts'
import { openServices, type Services } from '../../server/services.ts'
import type { Host } from '../host/host.ts'
import { closeAfterFile } from './after-file.ts'
import { setHostSide } from './as-host.ts'
import { startBesideHost } from './beside-host.ts'
import { EMBEDDED } from './embedded.ts'
import { ATTACHED } from './helpdesk.ts'
import { createHostCopies } from './host-copies.ts'
import { CANARY, keepOutOfLogs, logFile } from './log-check.ts'
import { LOCAL, type People, PROFILES, peopleIn } from './people.ts'

export const API = '/plugins/callmanager/api.php'
export const V1 = '/plugins/callmanager/api/v1'
export const DOCUMENTED_RIO = '1234567890'

/** The three whom the tests tell of, beside the demo's people. */
export const ALICE = { id: 101, login: 'alice', password: 'alice-has-every-right' }
/** Technician of Villefranche alone (entity 5), without what lies below it. */
export const BOB = { id: 102, login: 'bob', password: 'bob-stays-in-villefranche' }
/** Observer everywhere, and no right of ours. */
const CHARLIE = { id: 103, login: 'charlie', password: 'charlie-may-not-look-up' }
const OBSERVER = 2
const VILLEFRANCHE = 5

type Settings = Partial<Record<keyof Config, string>>

export interface RawRequest {
  method?: string
  path: string
  headers?: Record<string, string>
  body?: string | null
}

interface RawAnswer {
  status: number
  headers: Headers
  body: string
}

export interface TestApp {
  app: FastifyInstance
  config: Config
  services: Services
  people: People
  /** The host that it is attached to, where it is. */
  host: Host | undefined
  /** Asks without a network; what is sent and what identifies people in the answer is kept out of the log. */
  ask(url: string, options?: Omit<InjectOptions, 'url'>): Promise<LightMyRequestResponse>
  /** Asks with a session of somebody; `token` as {@link logIn} gave it. */
  askAs(token: string, url: string, options?: Omit<InjectOptions, 'url'>): Promise<LightMyRequestResponse>
  /** Asks over a socket, byte for byte as given: no client tidies the address up. */
  askRaw(request: RawRequest): Promise<RawAnswer>
  /** A session of one of the people; beside a host, as their browser has it there. */
  logIn(login: string): Promise<string>
  /** Listens on a free port; answers the address. */
  listen(): Promise<string>
  /** Stops it now rather than after the test file. */
  close(): Promise<void>
}

/** Of this process, and removed with the run's. */
const folder = mkdtempSync(join(inject('runFolder'), 'stores-'))
let stores = 0

/** Nothing of this may be found in a log at the end of the run. */
export function secret<Text extends string>(text: Text): Text {
  keepOutOfLogs(inject('runFolder'), [text])
  return text
}

/** The run's log; whoever has lines that no logger wrote (a child process) adds them here. */
export const runLog = () => logFile(inject('runFolder'))

export const basic = (login: string, password: string) =>
  `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`

const quiet = { info: () => {}, error: () => {} }

async function makeTemplate(): Promise<string> {
  const path = join(folder, 'template.db')
  const services = await openServices({ ...EMBEDDED, DATABASE_URL: `file:${path}` }, quiet)
  await fillDemo(services.storage, services.settings)
  const { addUser } = peopleIn(services.storage)
  const everywhere = { entity: 0, recursive: 1 } as const
  const three = [
    [ALICE, { ...everywhere, profile: PROFILES.superAdmin }],
    [BOB, { entity: VILLEFRANCHE, profile: PROFILES.technician }],
    [CHARLIE, { ...everywhere, profile: OBSERVER }],
  ] as const
  for (const [{ id, login, password }, membership] of three) {
    const account = { id, login, password: await hashPassword(password), entities_id: membership.entity }
    await addUser({ ...account, memberships: [membership] })
  }
  await services.ensureIndexed()
  await services.close()
  return path
}
let template: Promise<string> | undefined
function demandTemplate(): Promise<string> {
  template ??= makeTemplate()
  return template
}
const copies = createHostCopies(inject('mariadbSocket'), demandTemplate)

/** What names somebody in an answer, wherever it stands: RIOs, numbers, addresses. */
const IDENTIFYING = new Set([
  'rio',
  'phone',
  'phone2',
  'mobile',
  'registrationNumber',
  'email',
  'emails',
  'session_token',
])

function identifiersIn(answer: LightMyRequestResponse): string[] {
  if (!String(answer.headers['content-type']).startsWith('application/json') || answer.body === '') return []
  const found: string[] = []
  const search = (value: unknown, identifies: boolean): void => {
    if (typeof value === 'string' && identifies) found.push(value)
    if (typeof value !== 'object' || value === null) return
    if ('kind' in value && 'key' in value) search(value.key, true)
    if ('action' in value && 'old' in value && 'new' in value) search([value.old, value.new], true)
    for (const [name, part] of Object.entries(value)) {
      search(part, Array.isArray(value) ? identifies : IDENTIFYING.has(name))
    }
  }
  search(answer.json(), false)
  return found
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function identifiersOf(path: string, headers: object): string[] {
  const rio = /\/api\.php\/users\/([^?]*)/.exec(path)?.[1] ?? ''
  const tokens = Object.entries(headers)
    .filter(([name]) =>
      ['session-token', 'app-token', 'authorization', 'cookie'].includes(name.toLowerCase()),
    )
    .flatMap(([, value]) => String(value).split(/[;,\s]+/))
    // The name of a cookie is no secret.
    .map((token) => token.replace(/^glpi_\w+=/, ''))
    .filter((token) => !/^(basic|user_token)$/i.test(token))
  const passwords = tokens.map((token) =>
    Buffer.from(token, 'base64').toString('utf8').split(':').slice(1).join(':'),
  )
  return [rio, decoded(rio), ...tokens, ...passwords.filter((password) => /^[ -~]+$/.test(password))]
}

async function newStore(filled: boolean): Promise<string> {
  const own = join(folder, String(++stores))
  mkdirSync(own)
  closeAfterFile(() => rmSync(own, { recursive: true, force: true }))
  const path = join(own, 'callmanager.db')
  if (filled) copyFileSync(await demandTemplate(), path)
  return `file:${path}`
}

/**
 * The real app on a store of its own: the demo's people with Alice, Bob and Charlie, or an empty one; beside a host that has
 * the same people where the run is of attached servers. Settings are given as the environment does; the log is written in
 * full. Closed after the test that starts it, or else after the test file.
 */
export async function startApp(settings: Settings = {}, filled = true): Promise<TestApp> {
  const beside = ATTACHED ? await startBesideHost(copies, filled) : undefined
  const database = beside?.settings ?? { DATABASE_URL: await newStore(filled) }
  const environment = { ...database, LOG_LEVEL: 'trace', ...settings }
  const config = readConfig({}, environment as Record<string, string>)
  const log = createLog(config.LOG_LEVEL, pino.destination({ dest: runLog(), append: true, sync: true }))
  log.debug(CANARY)
  const services = await openServices(config, log)
  if (beside !== undefined) setHostSide(services.storage, beside.storage)
  await services.ensureIndexed()
  const app = await buildApp(config, { ...services, log })
  await app.ready()
  // On a busy machine building it took so long that it would turn the first requests away.
  do await sleep(0)
  while (app.isUnderPressure())
  let closed = false
  async function close(): Promise<void> {
    if (closed) return
    closed = true
    await app.close()
    await services.close().catch(() => undefined)
    await beside?.remove()
  }
  if (TestRunner.getCurrentTest() === undefined) closeAfterFile(close)
  else onTestFinished(close)
  const keepOut = (texts: string[]) => keepOutOfLogs(inject('runFolder'), texts)

  async function ask(url: string, options: Omit<InjectOptions, 'url'> = {}): Promise<LightMyRequestResponse> {
    keepOut(identifiersOf(url, options.headers ?? {}))
    const answer = await app.inject({ method: 'GET', ...options, url })
    keepOut(identifiersIn(answer))
    return answer
  }

  let address: Promise<string> | undefined
  const listen = () => {
    address ??= app.listen({ host: '127.0.0.1', port: 0 })
    return address
  }

  return {
    app,
    config,
    services,
    people: peopleIn(services.storage),
    host: beside?.host,
    ask,
    askAs: (token, url, options = {}) =>
      ask(url, { ...options, headers: { 'session-token': token, ...options.headers } }),
    async askRaw({ method = 'GET', path: raw, headers = {}, body }) {
      keepOut(identifiersOf(raw, headers))
      const { port } = new URL(await listen())
      const lines = Object.entries({ Host: 'test', Connection: 'close', ...headers })
      if (body) lines.push(['Content-Length', String(Buffer.byteLength(body))])
      const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
      const socket = connect(Number(port), '127.0.0.1')
      socket.write(Buffer.from(`${method} ${raw} HTTP/1.1\r\n${head}\r\n${body ?? ''}`, 'utf8'))
      const chunks: Buffer[] = []
      for await (const chunk of socket) chunks.push(chunk)
      const answer = Buffer.concat(chunks).toString('utf8')
      const [start = '', ...rest] = answer.split('\r\n\r\n', 1)[0]?.split('\r\n') ?? []
      const pairs = rest.map((line): [string, string] => {
        const colon = line.indexOf(':')
        return [line.slice(0, colon), line.slice(colon + 1).trim()]
      })
      return {
        status: Number(start.split(' ')[1]),
        headers: new Headers(pairs),
        body: answer.slice(answer.indexOf('\r\n\r\n') + 4),
      }
    },
    async logIn(login) {
      if (beside !== undefined) return secret(await beside.host.logIn(login))
      const known = [ALICE, BOB, CHARLIE, ...DEMO_LOGINS].find((one) => one.login === login)
      if (known === undefined) throw new Error(`nobody logs in as ${login}`)
      const token = await services.helpdesk.logins?.byPassword(login, known.password, LOCAL)
      return secret(token ?? '')
    },
    listen,
    close,
  }
}
