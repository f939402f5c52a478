import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { keepOutOfLogs } from '../support/log-check.ts'
import { damage, halfDoneWrites, journalCounts, lostWrites, reading } from './checks.ts'
import { expectIndexInStep, rebuildBegun } from './index-check.ts'
import { type Load, miscounted, startLoad } from './load.ts'
import { drawn } from './random.ts'
import type { Acknowledged } from './reports.ts'
import { errorsIn, newStore, spawnOn } from './servers.ts'
import { fillStore, outdateIndex, secretsOf } from './store.ts'

const { random, seed } = drawn('KILL_SEED')
const ROUNDS = Number(process.env.KILL_ROUNDS ?? 100)

/** What the processes are killed in the middle of, in turn; and at the latest how long after that began. */
const SITUATIONS = [
  'load',
  'load',
  'load',
  'start',
  'load',
  'load',
  'rebuild',
  'load',
  'rebuild',
  'load',
] as const
const LATEST_MS = { load: 150, start: 250, rebuild: 100 }
/** Every so many rounds everything is looked at. */
const THOROUGH = 10
/** Generous: it must only be told from waiting for a lock that was left behind. */
const START_MS = 10_000

test(`${ROUNDS} kills lose nothing (${seed})`, { timeout: ROUNDS * 6000 }, async () => {
  const { dataDir, path } = newStore('rounds')
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
    const moment = random() * LATEST_MS[situation]
    if (situation === 'rebuild') outdateIndex(path)
    const before = reading(path, journalCounts)

    const server = await coming
    const starting = timed(server.start())
    let load: Load | undefined
    if (situation === 'start') starting.catch(() => undefined)
    else {
      const { value: address, ms } = await starting
      slowestStart = Math.max(slowestStart, ms)
      if (thorough) await expectIndexInStep(path, address, filling, name)
      load = startLoad(address, filling, random)
      await load.underWay
      server.write({ round, ...filling.writer, targets: filling.targets })
      if (situation === 'rebuild') await rebuildBegun(path)
    }
    await sleep(moment)
    expect(await server.end('SIGKILL'), `${name}\n${server.output()}`).toEqual({
      code: null,
      signal: 'SIGKILL',
    })
    // The next process loads its modules meanwhile; it touches the store when it is told to start.
    coming = spawnOn(dataDir)
    await load?.stop()

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
  const { value: address } = await timed(last.start())
  await expectIndexInStep(path, address, filling, 'after the last kill')
  expect(await last.end('SIGTERM')).toEqual({ code: 0, signal: null })
  const wrong = reading(path, (db) => ({ file: damage(db, true), lost: lostWrites(db, acknowledged) }))
  expect(wrong).toEqual({ file: [], lost: [] })
  expect(slowestStart).toBeLessThan(START_MS)
  keepOutOfLogs(inject('runFolder'), secretsOf(filling, acknowledged))
  console.log(
    `${ROUNDS} kills in ${Math.round((performance.now() - began) / 1000)} s: ${acknowledged.length} acknowledged writes, ` +
      `${answered} answered look-ups, slowest start ${Math.round(slowestStart)} ms`,
  )
})

async function timed<Value>(work: Promise<Value>): Promise<{ value: Value; ms: number }> {
  const began = performance.now()
  return { value: await work, ms: performance.now() - began }
}
