import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, inject, test } from 'vitest'
import { ending, startCommand } from '../support/command.ts'
import { keepOutOfLogs } from '../support/log-check.ts'
import { damage, halfDoneWrites, lostWrites, reading } from './checks.ts'
import { expectIndexInStep } from './index-check.ts'
import { startLoad } from './load.ts'
import { drawn } from './random.ts'
import { errorsIn, newStore, spawnOn } from './servers.ts'
import { type Filling, fillStore, secretsOf } from './store.ts'
import { within } from './within.ts'

const KILLS = 20
const LATEST_MS = { backup: 60, restore: 250 }

const { random, seed } = drawn('BACKUP_SEED')
const running = new Set<ChildProcess>()
afterAll(async () => {
  for (const child of running) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
})

function command(dataDir: string, ...args: string[]) {
  const child = startCommand(args, { DATA_DIR: dataDir })
  running.add(child)
  return { child, ended: ending(child).finally(() => running.delete(child)) }
}

const run = (dataDir: string, ...args: string[]) => within(args.join(' '), command(dataDir, ...args).ended)

const logins = (path: string) =>
  reading(path, (db) =>
    db
      .prepare('select name from glpi_users order by id')
      .all()
      .map(({ name }) => name),
  )
const wholeness = (path: string) =>
  reading(path, (db) => ({ file: damage(db, true), halfDone: halfDoneWrites(db) }))
const WHOLE = { file: [], halfDone: [] }

async function logInAgain(address: string, { writer }: Filling): Promise<string> {
  const answer = await fetch(`${address}/apirest.php/initSession`, {
    headers: { authorization: `user_token ${writer.userToken}` },
  })
  const { session_token: token } = (await answer.json()) as { session_token: string }
  return token
}

test('a server under load goes on while its store is backed up and restored', {
  timeout: 120_000,
}, async () => {
  const { dataDir, path } = newStore('backed-up')
  const filling = await fillStore(path)
  const { token, userToken } = filling.writer

  const server = await spawnOn(dataDir)
  const load = startLoad(await within('starting', server.start()), filling)
  await within('answering each connection once', load.underWay)
  server.write({ round: 1, token, userToken, targets: filling.targets })
  const files = [1, 2, 3].map((number) => join(dataDir, `${number}.db`))
  for (const file of files) {
    while (server.acknowledged.length < 20) await sleep(1)
    const before = [...server.acknowledged]
    expect(await run(dataDir, 'backup', file)).toMatchObject({ code: 0, stderr: '' })
    expect(wholeness(file)).toEqual(WHOLE)
    expect(reading(file, (db) => lostWrites(db, before))).toEqual([])
    expect(readdirSync(dataDir).filter((name) => name.startsWith('1.db'))).toEqual(['1.db'])
  }
  await within('ending', server.end('SIGKILL'))
  await load.stop()
  expect(load.wrong).toEqual([])
  const { acknowledged } = server

  // Without the writers: theirs would be changing what is there no longer.
  const next = await spawnOn(dataDir)
  const address = await within('starting', next.start())
  const beside = startLoad(address, filling)
  await within('answering each connection once', beside.underWay)
  const [file = ''] = files
  const then = logins(file)
  expect(logins(path)).not.toEqual(then)
  const restored = await run(dataDir, 'restore', file)
  expect(restored).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('log in again') })
  await sleep(100)
  await beside.stop()
  // Sessions end with the restore, and answers with them; until then each was right.
  expect(beside.wrong.filter((problem) => !problem.includes(': 401 '))).toEqual([])
  expect(beside.wrong).not.toEqual([])
  expect(logins(path)).toEqual(then)
  const kept = /kept as (\S+)\./.exec(restored.stdout)?.[1] ?? ''
  expect(reading(kept, (db) => lostWrites(db, acknowledged))).toEqual([])

  const writer = { ...filling.writer, token: await within('logging in', logInAgain(address, filling)) }
  await expectIndexInStep(path, address, { ...filling, writer }, 'after the restore')
  expect(wholeness(path)).toEqual(WHOLE)
  expect(errorsIn(next)).toEqual([])
  expect(await within('ending', next.end('SIGTERM'))).toEqual({ code: 0, signal: null })
  keepOutOfLogs(inject('runFolder'), [...secretsOf(filling, acknowledged), writer.token])
})

/** On a quick machine most commands end before they are killed; then there are more rounds, up to a limit. */
const isEnough = (rounds: number, killed: number): boolean =>
  rounds >= KILLS && (killed > KILLS / 4 || rounds >= 10 * KILLS)

/** Kills a command so long after `file` came to be; answers whether it was in time. */
async function killedAfter(
  moment: number,
  file: (pid: number) => string,
  start: () => ReturnType<typeof command>,
) {
  const { child, ended } = start()
  while (child.exitCode === null && !existsSync(file(child.pid ?? 0))) await sleep(1)
  await sleep(moment)
  const inTime = child.kill('SIGKILL')
  await within('ending', ended)
  return inTime
}

test(`a backup that is killed leaves nothing under its name, or all of it (${seed})`, {
  timeout: 120_000,
}, async () => {
  const { dataDir, path } = newStore('backup-killed')
  await fillStore(path)
  const file = join(dataDir, 'backup.db')
  let killed = 0
  for (let round = 0; !isEnough(round, killed); round++) {
    const partial = (pid: number) => `${file}.${pid}.partial`
    if (await killedAfter(random() * LATEST_MS.backup, partial, () => command(dataDir, 'backup', file)))
      killed++
    if (existsSync(file)) expect(wholeness(file)).toEqual(WHOLE)
    rmSync(file, { force: true })
    expect(wholeness(path)).toEqual(WHOLE)
  }
  expect(killed).toBeGreaterThan(KILLS / 4)
  expect(await run(dataDir, 'backup', file)).toMatchObject({ code: 0 })
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test(`a restore that is killed has changed nothing, or all (${seed})`, { timeout: 120_000 }, async () => {
  const { dataDir, path } = newStore('restore-killed')
  await fillStore(path)
  const file = join(dataDir, 'backup.db')
  await run(dataDir, 'backup', file)
  const then = logins(file)
  let killed = 0
  for (let round = 0; !isEnough(round, killed); round++) {
    await run(dataDir, 'user', 'add', `later-${round}`, '--password-file', passwordFile(dataDir))
    const before = logins(path)
    expect(before).not.toEqual(then)
    const staged = () => join(dataDir, 'backups', 'restoring.db')
    if (await killedAfter(random() * LATEST_MS.restore, staged, () => command(dataDir, 'restore', file)))
      killed++
    const after = logins(path)
    expect([before, then]).toContainEqual(after)
    expect(wholeness(path)).toEqual(WHOLE)
  }
  expect(killed).toBeGreaterThan(KILLS / 4)
  expect(await run(dataDir, 'restore', file)).toMatchObject({ code: 0 })
  expect(logins(path)).toEqual(then)
  expect(readdirSync(join(dataDir, 'backups')).filter((name) => name.startsWith('restoring'))).toEqual([])
})

test('a store whose beginning is damaged is moved away, once no server runs on it', {
  timeout: 60_000,
}, async () => {
  const { dataDir, path } = newStore('damaged')
  await fillStore(path)
  const file = join(dataDir, 'backup.db')
  await run(dataDir, 'backup', file)
  const then = logins(file)
  copyFileSync(file, path)
  writeFileSync(path, 'what is this?')
  const restored = await run(dataDir, 'restore', file)
  expect(restored).toMatchObject({ code: 0 })
  expect(logins(path)).toEqual(then)
  expect(existsSync(/kept as (\S+)\./.exec(restored.stdout)?.[1] ?? '')).toBe(true)
})

let passwords: string | undefined
function passwordFile(dataDir: string): string {
  if (passwords === undefined) {
    passwords = join(dataDir, 'password')
    writeFileSync(passwords, 'long enough to be one\n')
  }
  return passwords
}
