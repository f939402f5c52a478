import { useCallback, useRef, useState } from 'preact/hooks'
import { ApiError, type Failure } from './client.ts'

export interface Action<Input> {
  /** Does nothing while it is being done already: a double click is one click. */
  run: (input: Input) => void
  busy: boolean
  failure: Failure | null
  clear: () => void
}

/** Something that a button does: once at a time, with what went wrong as a value to show. */
export function useAction<Input = void>(act: (input: Input) => Promise<unknown>): Action<Input> {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const running = useRef(false)
  const latest = useRef(act)
  latest.current = act
  const run = useCallback((input: Input) => {
    if (running.current) return
    running.current = true
    setBusy(true)
    setFailure(null)
    latest
      .current(input)
      .catch((error) => {
        if (!(error instanceof ApiError)) throw error
        setFailure(error.failure)
      })
      .finally(() => {
        running.current = false
        setBusy(false)
      })
      .catch(reportError)
  }, [])
  return { run, busy, failure, clear: useCallback(() => setFailure(null), []) }
}
