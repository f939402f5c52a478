import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createConnection } from 'mysql2/promise'
import { afterAll, describe, expect, inject, test } from 'vitest'
import { runLog, startApp } from '../test/support/app.ts'
import { EMBEDDED } from '../test/support/embedded.ts'
import { AppError } from './domain/errors.ts'
import { migrate } from './helpdesk/open.ts'
import { createLog, describeError } from './log.ts'
import { openStorage } from './storage/storage.ts'

const SECRET = 'identifier-4711'

/** What a log at this level writes. */
function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  write(createLog('trace', destination))
  return lines.join('')
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

describe('the log', () => {
  const folder = mkdtempSync(join(tmpdir(), 'callmanager-log-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('writes of a SQLite error its code and where it came from, and no value', async () => {
    const storage = await openStorage(`file:${join(folder, 'callmanager.db')}`)
    await migrate(storage, EMBEDDED)
    const insert = () =>
      storage.write('normal', (tx) => tx.insertInto('glpi_users').values({ name: SECRET }).execute())
    await insert()
    const cause = await failure(insert())
    await storage.close()
    const line = logged((log) => log.error({ cause }, 'failed'))
    expect(JSON.parse(line).cause).toMatchObject({ code: 'ERR_SQLITE_ERROR', stack: expect.any(Array) })
    expect(JSON.parse(line).cause.message).toBeUndefined()
    expect(line).not.toContain(SECRET)
  })

  test.skipIf(inject('mariadbSocket') === '')('writes of a MariaDB error no value', async () => {
    const connection = await createConnection({ user: 'root', socketPath: inject('mariadbSocket') })
    const cause = await failure(
      connection.query(`select cast('${SECRET}' as int) from nosuch.${SECRET.replace('-', '_')}`),
    )
    const signalled = await failure(
      connection.query(`signal sqlstate '45000' set message_text = '${SECRET}'`),
    )
    await connection.end()
    expect(signalled).toMatchObject({ message: SECRET })
    const line = logged((log) => log.error({ cause, err: signalled }, 'failed'))
    expect(JSON.parse(line).cause.code).toMatch(/^ER_/)
    expect(line).not.toContain(SECRET)
    expect(line).not.toContain(SECRET.replace('-', '_'))
  })

  test('keeps the cause of a cause, each without its values', () => {
    const driver = Object.assign(new Error(`near "${SECRET}"`), {
      code: 'ERR_SQLITE_ERROR',
      errcode: 1,
      errstr: SECRET,
    })
    const described = describeError(
      new AppError('internal-error', { cause: new Error('outer', { cause: driver }) }),
    )
    expect(described).toMatchObject({
      type: 'AppError',
      message: 'Internal error',
      cause: { message: 'outer', cause: { code: 'ERR_SQLITE_ERROR' } },
    })
    expect(JSON.stringify(described)).not.toContain(SECRET)
  })

  test('writes nothing that a library says of a request', () => {
    const said = { url: SECRET, headers: { a: SECRET }, body: SECRET, params: SECRET, query: SECRET }
    const line = logged((log) => log.info({ ...said, req: said, res: said }, 'request'))
    expect(line).not.toContain(SECRET)
    expect(line).toContain('"msg":"request"')
  })

  test('writes an answer by its route', async () => {
    const it = await startApp()
    const token = await it.logIn('alice')
    await it.askAs(token, '/plugins/callmanager/api.php/users/identifier-for-the-log')
    await it.askAs(token, '/plugins/callmanager/api.php/nosuch/identifier-for-the-log')
    await it.askRaw({
      path: '/broken HTTP/1.1\r\nSession-Token: token-in-broken-http',
      headers: { 'A B': 'c' },
    })
    const log = readFileSync(runLog(), 'utf8')
    expect(log).toContain('"route":"/plugins/callmanager/api.php/users/:rio","status":200')
    // A request that Node cannot parse is told of by its error alone, though the error holds the bytes.
    expect(log).toContain('client error')
    expect(log).not.toContain('identifier-for-the-log')
    expect(log).not.toContain('token-in-broken-http')
  })
})
