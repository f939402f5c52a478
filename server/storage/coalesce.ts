/**
 * Calls with one key that are made in the same turn of the event loop share one run, started after all of them: what it
 * reads is at least as fresh as the youngest of its callers, so nobody is answered from before they asked.
 */
export function coalesce<Key, Value>(run: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  let waiting = new Map<Key, PromiseWithResolvers<Value>>()

  function startAll(): void {
    const turn = waiting
    waiting = new Map()
    for (const [key, { resolve, reject }] of turn) run(key).then(resolve, reject)
  }

  return (key) => {
    const joined = waiting.get(key)
    if (joined !== undefined) return joined.promise
    if (waiting.size === 0) setImmediate(startAll)
    const started = Promise.withResolvers<Value>()
    waiting.set(key, started)
    return started.promise
  }
}

/**
 * Counts calls that are made in the same turn of the event loop. Each learns, once the turn is over, how many they were:
 * whether it shares what it is about to do.
 */
export function countTurns(): () => Promise<number> {
  let turn: { calls: number; ended: Promise<void> } | undefined

  return async () => {
    turn ??= {
      calls: 0,
      ended: new Promise((resolve) =>
        setImmediate(() => {
          turn = undefined
          resolve()
        }),
      ),
    }
    const mine = turn
    mine.calls++
    await mine.ended
    return mine.calls
  }
}

/**
 * Items that are handed over in the same turn of the event loop, or while the last batch is on its way, go as one batch.
 * What waits behind a batch that fails, fails with it: a database that hangs would keep it waiting as long again.
 */
export function batch<Item>(run: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let items: Item[] = []
  let next: PromiseWithResolvers<void> | undefined
  let running = false

  async function drain(): Promise<void> {
    running = true
    while (next !== undefined) {
      const [current, taken] = [next, items]
      next = undefined
      items = []
      await run(taken).then(current.resolve, (error: unknown) => {
        current.reject(error)
        failWaiting(error)
      })
    }
    running = false
  }

  function failWaiting(error: unknown): void {
    next?.reject(error)
    next = undefined
    items = []
  }

  return (item) => {
    items.push(item)
    if (next === undefined) {
      next = Promise.withResolvers<void>()
      // Runs once every promise that is settled by now has been followed up, so that they all make it into the batch.
      if (!running) process.nextTick(() => void drain())
    }
    return next.promise
  }
}
