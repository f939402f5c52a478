const PATIENCE_MS = 60_000

/** Waits for `work` for a minute at most, so that what hangs is told by its name. */
export async function within<Value>(what: string, work: Promise<Value>): Promise<Value> {
  const { promise: tooLong, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`${what} took longer than a minute`)), PATIENCE_MS)
  try {
    return await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
  }
}
