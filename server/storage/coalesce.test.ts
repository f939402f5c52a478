import { expect, test } from 'vitest'
import { batch } from './coalesce.ts'

test('who waits behind a batch that fails is told at once, and does not wait as long again', async () => {
  const runs: string[][] = []
  const first = Promise.withResolvers<void>()
  const add = batch<string>(async (items) => {
    runs.push(items)
    if (items.includes('alice')) await first.promise
  })
  const alice = add('alice')
  await new Promise(setImmediate)
  const waiting = [add('bob'), add('charlie')]
  first.reject(new Error('it did not answer in time'))
  const outcomes = await Promise.allSettled([alice, ...waiting])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  await add('zoe')
  expect(runs).toEqual([['alice'], ['zoe']])
})

test('who waits behind a batch that succeeds goes with the next, together', async () => {
  const runs: string[][] = []
  const first = Promise.withResolvers<void>()
  const add = batch<string>(async (items) => {
    runs.push(items)
    if (items.includes('alice')) await first.promise
  })
  const alice = add('alice')
  await new Promise(setImmediate)
  const waiting = [add('bob'), add('charlie')]
  first.resolve()
  await Promise.all([alice, ...waiting])
  expect(runs).toEqual([['alice'], ['bob', 'charlie']])
})
