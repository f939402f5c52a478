import { expect, test } from 'vitest'
import { batch } from './coalesce.ts'

/** A batch with Alice that has not ended, and two who wait behind it. */
async function waitingBehindAlice() {
  const runs: string[][] = []
  const first = Promise.withResolvers<void>()
  const add = batch<string>(async (items) => {
    runs.push(items)
    if (items.includes('alice')) await first.promise
  })
  const alice = add('alice')
  await new Promise(setImmediate)
  return { runs, first, add, all: [alice, add('bob'), add('charlie')] }
}

test('who waits behind a batch that fails is told at once, and does not wait as long again', async () => {
  const { runs, first, add, all } = await waitingBehindAlice()
  first.reject(new Error('it did not answer in time'))
  const outcomes = await Promise.allSettled(all)
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  await add('zoe')
  expect(runs).toEqual([['alice'], ['zoe']])
})

test('who waits behind a batch that succeeds goes with the next, together', async () => {
  const { runs, first, all } = await waitingBehindAlice()
  first.resolve()
  await Promise.all(all)
  expect(runs).toEqual([['alice'], ['bob', 'charlie']])
})
