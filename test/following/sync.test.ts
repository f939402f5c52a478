import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { bringUpToDate } from '../../server/identifiers/background.ts'
import { EVERYTHING, peopleIn } from '../support/people.ts'
import { attach, processOn } from './attached.ts'
import { hostDate } from './host.ts'
import { type Change, REPORTED } from './sync-report.ts'

/** 50,000 take minutes. */
const PEOPLE = Number(process.env.FOLLOW_SYNCED ?? 2000)
const SYNC = fileURLToPath(new URL('./sync-process.ts', import.meta.url))

interface Answer {
  number: number
  ids: number[]
  asked: bigint
  answered: bigint
}

describe.skipIf(inject('mariadbSocket') === '')('beside a directory sync', () => {
  it(`answers each look-up as of its time while ${PEOPLE} users are changed`, {
    timeout: 1_200_000,
  }, async () => {
    const { url, storage, host } = await attach()
    await host.query(
      `insert into glpi_users (id, name, phone, registration_number, authtype, date_mod)
       select seq, concat('login-', seq), concat('01 ', lpad(seq % ${PEOPLE}, 8, '0')), 1000000 + seq % ${PEOPLE}, 3, ?
       from seq_1_to_${PEOPLE}`,
      [hostDate(-60)],
    )
    const alice = await peopleIn(storage).agent('all', EVERYTHING)
    const helper = processOn(storage)
    let caughtUp = Promise.resolve(false)
    let catchUps = 0
    let catching = false
    const one = processOn(storage, () => {
      if (catching) return
      catching = true
      catchUps++
      caughtUp = bringUpToDate(helper.dependencies).finally(() => {
        catching = false
      })
    })
    await bringUpToDate(one.dependencies)

    const changes: Change[] = []
    const sync = fork(SYNC, [url, String(PEOPLE), '1'], { serialization: 'advanced' })
    onTestFinished(() => {
      sync.kill('SIGKILL')
    })
    sync.on('message', (some: Change[]) => changes.push(...some))
    let running = true
    const ended = once(sync, 'exit').then(([code]) => {
      running = false
      return code
    })

    const answers: Answer[] = []
    async function ask(number: number, kind: 'phone' | 'registration_number'): Promise<void> {
      const typed = kind === 'phone' ? `+331${String(number).padStart(8, '0')}` : String(1_000_000 + number)
      const asked = process.hrtime.bigint()
      const { [kind]: ids = [] } = await one.who(alice, { [kind]: typed })
      answers.push({ number, ids, asked, answered: process.hrtime.bigint() })
    }
    for (let round = 0; running; round++) {
      // Most about those who are being changed right now.
      const now = changes.at(-1)?.id ?? 0
      for (let step = 0; step < 6; step++) {
        const number =
          (step < 4 ? now + Math.floor(Math.random() * 600) : Math.floor(Math.random() * PEOPLE)) % PEOPLE
        await ask(number, step % 2 === 0 ? 'phone' : 'registration_number')
      }
      // Nobody asks for a while, so that more waits than is followed at once.
      if (round % 400 === 10) {
        const known = changes.length
        while (running && changes.length < known + 2 * REPORTED) await sleep(20)
      }
    }
    expect(await ended).toBe(0)
    for (let number = 0; number < PEOPLE; number += Math.ceil(PEOPLE / 50)) await ask(number, 'phone')
    await caughtUp
    expect(changes).toHaveLength(PEOPLE)
    expect(problemsWith(answers, changes)).toEqual([])
    console.log(`${answers.length} look-ups during a sync of ${PEOPLE} users, ${catchUps} times far behind`)
    expect(answers.length).toBeGreaterThan(100)
    expect(catchUps).toBeGreaterThan(0)
  })
})

/** Answers that name somebody who had the number at no moment of the look-up, or lack who had it all the time. */
function problemsWith(answers: readonly Answer[], changes: readonly Change[]): string[] {
  const changeOf = new Map(changes.map((change) => [change.id, change]))
  return answers.flatMap(({ number, ids, asked, answered }) => {
    // Its owner of before the sync, and of after.
    const [before, after] = [number === 0 ? PEOPLE : number, number === 0 ? PEOPLE - 1 : number - 1]
    const gaveUp = changeOf.get(before)
    const got = changeOf.get(after === 0 ? PEOPLE : after)
    if (gaveUp === undefined || got === undefined) throw new Error('the sync has not changed everybody')
    const may = new Set<number>()
    if (asked <= gaveUp.ended) may.add(gaveUp.id)
    if (answered >= got.began) may.add(got.id)
    const must = new Set<number>()
    if (answered < gaveUp.began) must.add(gaveUp.id)
    if (asked > got.ended) must.add(got.id)
    const right = ids.every((id) => may.has(id)) && [...must].every((id) => ids.includes(id))
    return right ? [] : [`number ${number}: ${ids} found, may be ${[...may]}, must be ${[...must]}`]
  })
}
