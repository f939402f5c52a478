/** How old a remembered reading may be: what an administrator changes is seen by every process within this. */
const MAX_AGE_MS = 1000

export interface Remembered<Value> {
  /** The value, read at most a second ago. */
  (): Promise<Value>
  /** Reads anew next time: for a process that has just changed it. */
  forget(): void
}

/** Keeps what is asked with every look-up and changes rarely. A failed reading is told to those who asked, and not kept. */
export function remember<Value>(read: () => Promise<Value>): Remembered<Value> {
  let known: { at: number; value: Promise<Value> } | undefined
  const current = (): Promise<Value> => {
    const now = performance.now()
    if (known !== undefined && now - known.at < MAX_AGE_MS) return known.value
    const reading = { at: now, value: read() }
    known = reading
    reading.value.catch(() => {
      if (known === reading) known = undefined
    })
    return reading.value
  }
  return Object.assign(current, {
    forget() {
      known = undefined
    },
  })
}
