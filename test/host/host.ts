import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HostAnswer, Refusal } from './answers.ts'
import type { NestedInput, TakenLogins } from './call.ts'
import { readConfigs } from './configs.ts'
import { isDatabaseIll, openHostDatabase } from './database.ts'
import { answerInstead, type Fault, NO_DATABASE } from './faults.ts'
import { passGate } from './gate.ts'
import { openSession } from './log-in.ts'
import { readRequest } from './request.ts'
import { createRoutes } from './routes.ts'
import { createSessions } from './sessions.ts'
import { sanitiserOf } from './text.ts'

export interface HostOptions {
  /** The database that holds the host's tables; its owner's account. */
  databaseUrl: string
  /** Such as `/itsm`. */
  subDirectory?: string
  /** 0 (any free one) where missing. */
  port?: number
  /**
   * What happens when a user is given a login that another has. `refused` (the default): `ERROR_GLPI_UPDATE`, as a host
   * with a rule of unicity answers. ITSM-NG by itself leaves it to the database: `ignored` answers `true` with the
   * database's complaint as its message, changes nothing but `date_mod`, and yet writes the history of a change. `crashed`:
   * the same where PHP 8.1 or later throws and nobody catches, 500 without a body.
   */
  takenLogins?: TakenLogins
  /**
   * What becomes of an object inside the input of a `PUT`, such as `_useremails` by id: `heeded` on PHP 7; `crashed` on PHP
   * 8, where the sanitiser, which knows arrays and text only, ends in 500 without a body. Lists are heeded on both.
   */
  nestedInput?: NestedInput
}

interface HostCall {
  method: string
  /** Behind `apirest.php/`, without the query. */
  path: string
  /** 0 where no answer was given. */
  status: number
}

/** Breaks the connection: there is no answer. */
const BROKEN = Symbol('broken')
/** The same, after words that no client understands. */
const SPOILED = Symbol('spoiled')

/** Answers undefined where it is the database that is ill. */
function demandDatabase(error: unknown): undefined {
  if (!isDatabaseIll(error)) throw error
}

/**
 * Plays an ITSM-NG 1.4.0's `apirest.php` before a database that holds the host's tables. It answers as one was recorded
 * (`test/recorded/host-rest.json`) and as host-contract §4 describes; whatever else is asked is noted, and `stop` throws.
 */
export async function startHost(options: HostOptions) {
  const {
    databaseUrl,
    subDirectory = '',
    port = 0,
    takenLogins = 'refused',
    nestedInput = 'heeded',
  } = options
  const db = openHostDatabase(databaseUrl)
  const sessions = createSessions()
  const route = createRoutes(sessions)
  const calls: HostCall[] = []
  const unexpected: string[] = []
  const base = `${subDirectory}/apirest.php/`
  let fault: Fault | null = null

  async function answerTo(message: IncomingMessage): Promise<HostAnswer | typeof BROKEN | typeof SPOILED> {
    const active = fault
    const url = new URL(message.url ?? '/', 'http://host')
    const what = `${message.method} ${url.pathname}`
    if (!url.pathname.startsWith(base)) {
      unexpected.push(`${what}: outside ${base}`)
      return { status: 404, headers: { 'Content-Type': 'text/html' }, body: 'File not found.\n' }
    }
    if (active === 'reset') return BROKEN
    if (active === 'hang') {
      await once(message.socket, 'close')
      return BROKEN
    }
    if (typeof active === 'object' && active !== null) await sleep(active.slow)
    const instead = answerInstead(active)
    if (instead !== undefined) return instead
    const config = await readConfigs(db).catch(demandDatabase)
    if (config === undefined) return NO_DATABASE
    try {
      const apiUrl = config('url_base_api')
      const request = await readRequest(message, url.pathname.slice(base.length), url.searchParams, apiUrl)
      await passGate(db, config, request)
      const answer = await route({
        db,
        config,
        apiUrl,
        sanitise: sanitiserOf(config('version')),
        request,
        takenLogins,
        nestedInput,
        rewrites: active === 'changesValues',
        unexpected: (why) => unexpected.push(`${what}: ${why}`),
      })
      if (message.method === 'GET') return answer
      if (active === 'answerSpoiled') return SPOILED
      return active === 'answerLost' ? BROKEN : answer
    } catch (error) {
      if (error instanceof Refusal) return error.answer
      const sqlError = answerInstead('sqlError')
      if (isDatabaseIll(error) && sqlError !== undefined) return sqlError
      throw error
    }
  }

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(message.url ?? '/', 'http://host')
    const call = { method: message.method ?? '', path: pathname.replace(base, ''), status: 0 }
    calls.push(call)
    const answer = await answerTo(message)
    if (answer === SPOILED) {
      message.socket.end('Segmentation fault\r\n\r\n')
      return
    }
    if (answer === BROKEN || response.destroyed) {
      message.socket.destroy()
      return
    }
    call.status = answer.status
    response.writeHead(answer.status, answer.headers).end(answer.body)
  }

  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      unexpected.push(`${message.method} ${message.url}: the stand-in failed: ${error}`)
      response.writeHead(500).end()
    })
  })
  const listen = async (at: number) => {
    server.listen(at, '127.0.0.1')
    await once(server, 'listening')
  }
  const close = async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  await listen(port)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('it listens on no port')

  function demandNothingUnexpected(): void {
    if (unexpected.length > 0)
      throw new Error(`the host was asked what it never answered:\n${unexpected.join('\n')}`)
  }

  return {
    /** What `HELPDESK_URL` is to be. */
    url: `http://127.0.0.1:${address.port}${subDirectory}`,
    calls,
    unexpected,
    demandNothingUnexpected,
    /** Logs somebody in as a browser does; answers what its cookie would hold. No password is asked. */
    async logIn(login: string): Promise<string> {
      const user = await db.row('select * from glpi_users where name = ?', [login])
      if (user === undefined) throw new Error(`there is no ${login}`)
      const session = await openSession(db, await readConfigs(db), user, 'web', new Date())
      if (session === undefined) throw new Error(`${login} holds no profile`)
      return sessions.add(session)
    },
    /** Ends a session as idleness does. */
    expire: (token: string): boolean => sessions.end(token),
    impersonate: sessions.impersonate,
    /** Makes the host ill, or well again (null). */
    async fault(next: Fault | null): Promise<void> {
      if (fault === 'down' && next !== 'down') await listen(address.port)
      if (fault !== 'down' && next === 'down') await close()
      fault = next
    },
    /** Ends it, and throws where something was asked that no host is known to answer. */
    async stop(): Promise<void> {
      if (fault !== 'down') await close()
      await db.close()
      demandNothingUnexpected()
    },
  }
}

export type Host = Awaited<ReturnType<typeof startHost>>
