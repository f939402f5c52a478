import fc from 'fast-check'
import { describe, inject, it, onTestFinished } from 'vitest'
import { bringUpToDate } from '../../server/identifiers/background.ts'
import { attach, processOn } from './attached.ts'
import { openHost } from './host.ts'
import { type Column, createWorld, type Kind, PEOPLE, type State, type World } from './world.ts'

const RUNS = Number(process.env.FOLLOW_RUNS ?? 150)

const who = fc.nat({ max: PEOPLE - 1 })
const key = fc.nat({ max: 3 })
const when = fc.constantFrom(-3600, -10, 0)
const column = fc.constantFrom<Column[]>('phone', 'phone2', 'mobile', 'registration_number', 'name')
const kind = fc.constantFrom<Kind[]>('custom_table', 'name', 'registration_number', 'phone')
const state = fc.constantFrom<State[]>('bin', 'restore', 'off', 'on')

interface Step {
  play(world: World): Promise<void>
}

/** A step, told by its name and values where a sequence fails. */
function step<Values>(
  name: string,
  values: fc.Arbitrary<Values>,
  play: (world: World, values: Values) => Promise<void>,
): fc.Arbitrary<Step> {
  return values.map((drawn) => ({
    play: (world) => play(world, drawn),
    [fc.toStringMethod]: () => `${name} ${JSON.stringify(drawn)}`,
  }))
}

const change = fc.record({ column, key, when })
const steps = fc.oneof(
  {
    weight: 6,
    arbitrary: step('look', fc.tuple(fc.nat({ max: 1 }), kind, key), (world, [one, of, which]) =>
      world.look(one, of, which),
    ),
  },
  {
    weight: 3,
    arbitrary: step('change', fc.tuple(who, change), (world, [index, to]) => world.change(index, to)),
  },
  {
    weight: 3,
    arbitrary: step('begin', fc.tuple(who, change), (world, [index, to]) => world.begin(index, to)),
  },
  { weight: 2, arbitrary: step('tell', fc.constant(null), (world) => world.tell()) },
  { weight: 1, arbitrary: step('late', change, (world, to) => world.changeLate(to)) },
  { weight: 1, arbitrary: step('commit', fc.constant(null), (world) => world.commit()) },
  { weight: 4, arbitrary: step('rio', fc.tuple(who, key), (world, [index, to]) => world.setRio(index, to)) },
  {
    weight: 1,
    arbitrary: step('state', fc.tuple(who, state, when), (world, [index, to, at]) =>
      world.setState(index, to, at),
    ),
  },
  {
    weight: 1,
    arbitrary: step('purge', fc.tuple(who, when), (world, [index, at]) => world.purge(index, at)),
  },
  {
    weight: 1,
    arbitrary: step('tickets', fc.integer({ min: 1, max: 60 }), (world, times) => world.changeTicket(times)),
  },
)

describe.skipIf(inject('mariadbSocket') === '')('beside any sequence of the host’s statements', () => {
  it(`answers as the living rows say, in ${RUNS} sequences`, { timeout: 60_000 + RUNS * 2000 }, async () => {
    const attached = await attach()
    const late = await openHost(attached.url)
    onTestFinished(late.close)
    const processes = [processOn(attached.storage), processOn(attached.storage)]
    await bringUpToDate(processOn(attached.storage).dependencies)
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 30 }), async (sequence) => {
        const world = await createWorld(attached, late, processes, ++run)
        try {
          for (const { play } of sequence) await play(world)
          await world.end()
        } finally {
          await world.commit()
        }
      }),
      { numRuns: RUNS },
    )
  })
})
