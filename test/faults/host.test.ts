import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { Fault } from '../host/faults.ts'
import { errorsIn } from '../kill/servers.ts'
import { useAttachedServer } from './attached-server.ts'
import { indexDifferences, lostWrites, miscounted } from './kept.ts'
import { type Load, startLoad } from './load.ts'
import { describeOutcome, type FaultCase, underFault } from './under-fault.ts'

const ILLNESSES: readonly [Fault, seconds: number][] = [
  ['down', 1],
  ['reset', 1],
  ['hang', 3],
  [{ slow: 3000 }, 3],
  ['maintenance', 1],
  ['garbled', 1],
  ['empty', 1],
  ['error500', 1],
  ['redirect', 1],
  ['sqlError', 1],
]

describe.skipIf(inject('mariadbSocket') === '')('beside a host whose REST API is ill, under load', () => {
  const attached = useAttachedServer('host-faults')
  let load: Load

  beforeAll(async () => {
    const { address, agents, people, targets, host, keepRiosIn } = attached()
    await keepRiosIn('registration_number')
    load = startLoad({ address, agents, people, targets, logIn: host.logIn })
    await sleep(2000)
  })
  afterAll(async () => {
    await load.stop()
  })

  async function holds(fault: FaultCase, refusesSome = true): Promise<void> {
    const outcome = await underFault(load, fault)
    console.log(describeOutcome(outcome))
    expect(outcome.violations).toEqual([])
    expect(outcome.refused > 0).toBe(refusesSome)
    expect(await lostWrites(attached(), load)).toEqual({ rios: [], tickets: [] })
  }

  test.each(ILLNESSES)(
    '%j: look-ups go on, writes are refused honestly',
    { timeout: 180_000 },
    async (fault, seconds) => {
      const { host } = attached()
      await holds({
        name: JSON.stringify(fault),
        seconds,
        strike: () => host.fault(fault),
        heal: () => host.fault(null),
        goesOn: ['hit', 'miss'],
      })
    },
  )

  test('an answer that is lost after the work is done refuses nobody', { timeout: 180_000 }, async () => {
    const { host } = attached()
    const name = 'answerLost'
    await holds(
      {
        name,
        seconds: 2,
        strike: () => host.fault(name),
        heal: () => host.fault(null),
        goesOn: ['hit', 'miss', 'rio', 'ticket'],
      },
      false,
    )
  })

  test('a host that restarts and has lost its sessions: everybody logs in again', {
    timeout: 180_000,
  }, async () => {
    const { host, agents } = attached()
    await holds({
      name: 'restart',
      seconds: 1,
      async strike() {
        await host.fault('down')
        for (const { token } of agents) host.expire(token)
      },
      heal: () => host.fault(null),
      endsSessions: true,
    })
  })

  test('and then everything acknowledged is there, once', { timeout: 60_000 }, async () => {
    await load.stop()
    await load.repeatInDoubt()
    expect(await lostWrites(attached(), load)).toEqual({ rios: [], tickets: [] })
    const { missing, surplus, ...index } = await indexDifferences(attached())
    expect(index).toEqual({ status: 200, current: true })
    expect({ missing, surplus }).toEqual({ missing: [], surplus: [] })
    expect(await miscounted(attached())).toEqual([])
    const log = errorsIn(attached().server)
    expect(log.filter((line) => !/"status":50[23]|does not confirm/.test(line))).toEqual([])
  })
})
