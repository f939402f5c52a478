import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { keepOutOfLogs } from '../support/log-check.ts'
import { damage, journalCounts, reading } from './checks.ts'
import { miscounted, startLoad } from './load.ts'
import { drawn } from './random.ts'
import { errorsIn, newStore, spawnOn } from './servers.ts'
import { fillStore, outdateIndex, secretsOf } from './store.ts'

const ROUNDS = 6
const LATEST_MS = 150
const GRACE_MS = 10_000
const LOGGING_IN = 4

const { random, seed } = drawn('STOP_SEED')

test(`a server that is told to stop under load answers what is under way and exits 0 (${seed})`, {
  timeout: 240_000,
}, async () => {
  const { dataDir, path } = newStore('stop')
  const filling = await fillStore(path)
  for (let round = 0; round < ROUNDS; round++) {
    const name = `round ${round}`
    // Every other one also stops building the index.
    if (round % 2 === 1) outdateIndex(path)
    const server = await spawnOn(dataDir)
    const address = await server.start()
    const before = reading(path, journalCounts)
    const load = startLoad(address, filling)
    const logins = Array.from({ length: LOGGING_IN }, () => logInUntilCut(address, filling.account))
    // Opened ahead, as browsers and proxies do, and never used.
    const unused = connect(Number(new URL(address).port), '127.0.0.1').on('error', () => undefined)
    await load.underWay
    await sleep(random() * LATEST_MS)

    const told = performance.now()
    expect(await server.end('SIGTERM'), `${name}\n${server.output()}`).toEqual({ code: 0, signal: null })
    expect(performance.now() - told, name).toBeLessThan(GRACE_MS)
    await load.stop()
    unused.destroy()
    const answers = [...load.asked.values()].reduce(
      (sum, { answered, turnedAway }) => sum + answered + turnedAway,
      0,
    )
    const loggedIn = (await Promise.all(logins)).reduce((sum, count) => sum + count, 0)
    const { begun, finished } = server.requests ?? { begun: -1, finished: -1 }
    expect({ finished, arrived: answers + loggedIn }, name).toEqual({ finished: begun, arrived: begun })
    const wrong = reading(path, (db) => ({
      file: damage(db, true),
      journal: miscounted(load, before, journalCounts(db)),
      answers: load.wrong,
      log: errorsIn(server),
    }))
    expect(wrong, name).toEqual({ file: [], journal: [], answers: [], log: [] })
  }
  keepOutOfLogs(inject('runFolder'), secretsOf(filling))
})

/** Logs in again and again, which takes a while each time; answers how many answers came before the connection was cut. */
async function logInUntilCut(
  address: string,
  { login, password }: { login: string; password: string },
): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`
  for (let answers = 0; ; answers++) {
    try {
      const answer = await fetch(`${address}/apirest.php/initSession`, { headers: { authorization } })
      await answer.arrayBuffer()
    } catch {
      return answers
    }
  }
}
