import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { keepOutOfLogs } from '../support/log-check.ts'
import { damage, halfDoneWrites, journalCounts, lostWrites, reading } from './checks.ts'
import { expectIndexInStep, rebuildBegun } from './index-check.ts'
import { type Load, miscounted, startLoad } from './load.ts'
import { drawn } from './random.ts'
import type { Acknowledged } from './reports.ts'
import type { ServerProcess } from './server-process.ts'
import { errorsIn, newStore, spawnOn } from './servers.ts'
import { type Filling, fillStore, outdateIndex, secretsOf } from './store.ts'
import { within } from './within.ts'

const { random, seed } = drawn('KILL_SEED')
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 100)

/** In the middle of what the processes are killed, in turn. */
const SITUATIONS = 'load load load start load load rebuild load rebuild load'.split(' ') as Situation[]
type Situation = keyof typeof LATEST_MS
/** At the latest so long after that began. */
const LATEST_MS = { load: 150, start: 250, rebuild: 100 }
/** Every so many rounds everything is looked at; half of those have no rebuild before them that would hide a slip. */
const THOROUGH = 5
/** Far less than any lock would last that was left behind. */
const SLOWEST_START_MS = 10_000

const { dataDir, path } = newStore('rounds')

test(`${ROUNDS} kills lose nothing (${seed})`, { timeout: ROUNDS * 6000 }, async () => {
  const filling = await fillStore(path)
  const acknowledged: Acknowledged[] = []
  let answered = 0
  let slowestStart = 0
  const began = performance.now()

  let coming = spawnOn(dataDir)
  for (let round = 0; round < ROUNDS; round++) {
    const situation = SITUATIONS[round % SITUATIONS.length] ?? 'load'
    const thorough = round % THOROUGH === 0
    const name = `round ${round}, killed during ${situation}`
    if (situation === 'rebuild') outdateIndex(path)
    const before = reading(path, journalCounts)

    const server = await coming
    const moment = random() * LATEST_MS[situation]
    let load: Load | undefined
    if (situation === 'start') server.start().catch(() => undefined)
    else {
      const starting = performance.now()
      const address = await within('starting', server.start())
      slowestStart = Math.max(slowestStart, performance.now() - starting)
      if (thorough) await expectIndexInStep(path, address, filling, name)
      load = await putUnderLoad(server, address, filling, round)
      if (situation === 'rebuild') await within('beginning a rebuild', rebuildBegun(path))
    }
    await sleep(moment)
    const ending = await within('ending', server.end('SIGKILL'))
    expect(ending, `${name}\n${server.output()}`).toEqual({ code: null, signal: 'SIGKILL' })
    // The next process loads its modules meanwhile; it touches the store when it is told to start.
    coming = spawnOn(dataDir)
    await within('cutting the connections', Promise.resolve(load?.stop()))

    const wrong = reading(path, (db) => ({
      file: damage(db, thorough),
      lost: lostWrites(db, server.acknowledged),
      halfDone: halfDoneWrites(db),
      journal: load === undefined ? [] : miscounted(load, before, journalCounts(db)),
      answers: load?.wrong ?? [],
      log: errorsIn(server),
    }))
    expect(wrong, name).toEqual({ file: [], lost: [], halfDone: [], journal: [], answers: [], log: [] })
    acknowledged.push(...server.acknowledged)
    for (const asked of load?.asked.values() ?? []) answered += asked.answered
  }

  const last = await coming
  const address = await within('starting', last.start())
  await expectIndexInStep(path, address, filling, 'after the last kill')
  expect(await last.end('SIGTERM')).toEqual({ code: 0, signal: null })
  const wrong = reading(path, (db) => ({ file: damage(db, true), lost: lostWrites(db, acknowledged) }))
  expect(wrong).toEqual({ file: [], lost: [] })
  expect(slowestStart).toBeLessThan(SLOWEST_START_MS)
  keepOutOfLogs(inject('runFolder'), secretsOf(filling, acknowledged))
  const seconds = Math.round((performance.now() - began) / 1000)
  console.log(
    `${ROUNDS} kills in ${seconds} s: ${acknowledged.length} acknowledged writes and ${answered} answered look-ups, ` +
      `all there; slowest start ${Math.round(slowestStart)} ms`,
  )
})

/** Look-ups first, so that they are in full swing when the writers join them. */
async function putUnderLoad(
  server: ServerProcess,
  address: string,
  filling: Filling,
  round: number,
): Promise<Load> {
  const load = startLoad(address, filling)
  await within('answering each connection once', load.underWay)
  const { token, userToken } = filling.writer
  server.write({ round, token, userToken, targets: filling.targets })
  return load
}
